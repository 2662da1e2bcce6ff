"""Experiment trackers, selected and imported when a run starts."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from trainer.errors import UnrecoverableError
from trainer.trackers.client import End, Subject
from trainer.trackers.mlflow_client import MLflow
from trainer.trackers.remote_tracker import RemoteTracker
from trainer.trackers.wandb_client import WeightsAndBiases

_PACKAGES = {"mlflow": "mlflow", "tensorboard": "tensorboardX", "wandb": "wandb"}


class Tracker(Protocol):
    """Receives the metrics of a run."""

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        """Metrics after `step` epochs. Never raises."""

    def log_model(self, path: Path) -> None:
        """Keep the trained model. Never raises."""

    def close(self, end: End, seconds: float, /) -> None:
        """Send queued metrics and the final status, within about `seconds`. Never raises."""


def check_trackers(names: tuple[str, ...]) -> None:
    """Raise UnrecoverableError, with a remedy, if a tracker's package is not in the image."""
    for name in names:
        if importlib.util.find_spec(_PACKAGES[name]) is None:
            raise UnrecoverableError(
                f"the tracker {name} is not in this image: build it with --build-arg TRACKERS=all, or drop --tracker {name}"
            )


def open_trackers(names: tuple[str, ...], subject: Subject, tensorboard_dir: Path) -> list[Tracker]:
    """The named trackers of the run.

    Each tracker reads its own environment variables (MLFLOW_TRACKING_URI, WANDB_API_KEY, ...).
    """
    return [_open(name, subject, tensorboard_dir) for name in names]


def _open(name: str, subject: Subject, tensorboard_dir: Path) -> Tracker:
    match name:
        case "mlflow":
            return RemoteTracker(name, lambda: MLflow(subject))
        case "wandb":
            return RemoteTracker(name, lambda: WeightsAndBiases(subject))
        case _:
            from trainer.trackers.event_files import EventFiles

            return EventFiles(tensorboard_dir)
