"""Weights & Biases: one W&B run for all attempts of a run, with the same ID."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from trainer.errors import EXIT_RETRYABLE, EXIT_STOPPED
from trainer.trackers.client import End, Subject, load_library

_EXIT_CODE = {End.FINISHED: 0, End.FAILED: EXIT_RETRYABLE, End.KILLED: EXIT_STOPPED}


class WeightsAndBiases:
    """A W&B run with the run's ID. In offline mode, each attempt writes a folder next to the checkpoints, for `wandb sync --append`."""

    def __init__(self, subject: Subject) -> None:
        if os.environ.get("WANDB_MODE") == "offline":
            os.environ.setdefault("WANDB_DIR", str(subject.directory))
        self._wandb = load_library("wandb")
        self._subject = subject

    def open(self) -> None:
        """See Client."""
        name = self._subject.run_id
        self._run = self._wandb.init(id=name, name=name, resume="allow", config=dict(self._subject.options))

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        """See Client."""
        self._run.log(dict(metrics), step=step)

    def log_model(self, path: Path) -> None:
        """See Client."""
        artifact = self._wandb.Artifact(f"{self._subject.run_id}-model", type="model")
        artifact.add_file(str(path))
        self._run.log_artifact(artifact)

    def close(self, end: End) -> None:
        """See Client."""
        if end is End.KILLED:
            # W&B then shows the run as preempted instead of crashed.
            self._run.mark_preempting()
        self._run.finish(exit_code=_EXIT_CODE[end])
