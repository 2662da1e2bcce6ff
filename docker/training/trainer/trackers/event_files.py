"""TensorBoard event files that are readable during the run, on a disk and in a bucket."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tensorboardX.event_file_writer import EventsWriter
from tensorboardX.proto.event_pb2 import Event
from tensorboardX.summary import scalar

from trainer.files import write_atomically
from trainer.trackers.client import End

_PUBLISH_SECONDS = 10.0
"""Minimum interval of copies: Cloud Storage accepts one write per second to an object, and each copy contains the whole file."""


class EventFiles:
    """Writes event files to a temporary folder, and publishes complete copies of them.

    Cloud Storage FUSE shows a file to other clients only after it is closed, and flushing an open file no longer changes that
    (https://github.com/GoogleCloudPlatform/gcs-fuse-csi-driver/issues/876). So TensorBoard reads closed copies.
    """

    def __init__(self, directory: Path) -> None:
        """Write to the directory, which is created with the first metrics."""
        self._directory = directory
        self._aside = Path(tempfile.mkdtemp(prefix="tensorboard-"))
        # Not SummaryWriter: its flush does not wait for queued events.
        self._writer = EventsWriter(str(self._aside / "events"))
        self._next = 0.0
        self._failing = False

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        """Metrics after `step` epochs."""
        for name, value in metrics.items():
            self._writer.write_event(Event(step=step, wall_time=time.time(), summary=scalar(name, value)))
        self._writer.flush()
        if time.monotonic() >= self._next:
            self._publish()

    def log_model(self, path: Path) -> None:
        """Do nothing: TensorBoard keeps no models."""

    def close(self, _end: End, _seconds: float) -> None:
        """Publish the last metrics."""
        self._writer.close()
        self._publish()
        shutil.rmtree(self._aside, ignore_errors=True)

    def _publish(self) -> None:
        self._next = time.monotonic() + _PUBLISH_SECONDS
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            for path in self._aside.iterdir():
                write_atomically(self._directory / path.name, path.read_bytes())
        except OSError as problem:
            if not self._failing:
                print(
                    f"warning: tracker tensorboard: {self._directory}: {problem.strerror}; training continues",
                    file=sys.stderr,
                    flush=True,
                )
            self._failing = True
        else:
            self._failing = False
