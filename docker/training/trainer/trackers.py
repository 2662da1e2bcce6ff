"""Experiment trackers, selected and imported when a run starts."""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from trainer.errors import UnrecoverableError
from trainer.remote_tracker import RemoteTracker

_PACKAGES = {"mlflow": "mlflow", "tensorboard": "tensorboardX", "wandb": "wandb"}

_BOUNDS = {
    # The libraries' defaults wait for minutes (MLflow: 120 s, seven retries), and so would the end of a run.
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "WANDB_HTTP_TIMEOUT": "10",
    "WANDB_INIT_TIMEOUT": "30",
}


class Tracker(Protocol):
    """Receives the metrics of a run."""

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        """Metrics after `step` epochs. Never raises."""

    def close(self, seconds: float, /) -> None:
        """Send queued metrics, within about that time. Never raises."""


def open_trackers(
    names: tuple[str, ...],
    run_id: str,
    options: Mapping[str, float],
    tensorboard_dir: Path,
) -> list[Tracker]:
    """The trackers of those names, for the run of that id.

    Each is configured by its own environment (MLFLOW_TRACKING_URI, WANDB_API_KEY, ...). Raises UnrecoverableError,
    saying how to get it, for one whose package is not in the image.
    """
    for name in names:
        if importlib.util.find_spec(_PACKAGES[name]) is None:
            raise UnrecoverableError(
                f"the tracker {name} is not in this image: build it with --build-arg TRACKERS=all, or drop --tracker {name}"
            )
    return [_open(name, run_id, options, tensorboard_dir) for name in names]


def _open(name: str, run_id: str, options: Mapping[str, float], tensorboard_dir: Path) -> Tracker:
    match name:
        case "mlflow":
            return RemoteTracker(name, lambda: _MLflow(run_id, options))
        case "wandb":
            return RemoteTracker(name, lambda: _WeightsAndBiases(run_id, options))
        case _:
            from trainer.event_files import EventFiles

            return EventFiles(tensorboard_dir)


def _bounded(name: str) -> Any:
    """The library of a tracker, with time-outs that the environment does not set."""
    for variable, value in _BOUNDS.items():
        os.environ.setdefault(variable, value)
    return importlib.import_module(_PACKAGES[name])


class _MLflow:
    def __init__(self, run_id: str, options: Mapping[str, float]) -> None:
        self._mlflow = _bounded("mlflow")
        self._run_id = run_id
        self._options = options

    def open(self) -> None:
        if self._mlflow.active_run() is None:
            self._mlflow.start_run(run_name=self._run_id)
        self._mlflow.log_params(dict(self._options))

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        self._mlflow.log_metrics(dict(metrics), step=step)

    def close(self) -> None:
        self._mlflow.end_run()


class _WeightsAndBiases:
    def __init__(self, run_id: str, options: Mapping[str, float]) -> None:
        self._wandb = _bounded("wandb")
        self._run_id = run_id
        self._options = options

    def open(self) -> None:
        self._run = self._wandb.init(
            id=self._run_id,
            name=self._run_id,
            resume="allow",
            config=dict(self._options),
        )

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        self._run.log(dict(metrics), step=step)

    def close(self) -> None:
        self._run.finish()
