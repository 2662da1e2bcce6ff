"""Experiment trackers, chosen when a run starts and imported only then."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Protocol

from trainer.errors import UnrecoverableError

_PACKAGES = {"mlflow": "mlflow", "tensorboard": "tensorboardX", "wandb": "wandb"}


class Tracker(Protocol):
    """Takes the figures of a run."""

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        """Metrics after `step` epochs."""

    def close(self) -> None:
        """Send what is still held back."""


def open_trackers(names: tuple[str, ...], run_id: str, options: Mapping[str, float], tensorboard_dir: Path) -> list[Tracker]:
    """The trackers of those names, for the run of that id.

    Each is configured by its own environment (MLFLOW_TRACKING_URI, WANDB_API_KEY, ...). Raises UnrecoverableError,
    saying how to get it, for one whose package is not in the image.
    """
    return [_open(name, _import(name), run_id, options, tensorboard_dir) for name in names]


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(_PACKAGES[name])
    except ModuleNotFoundError:
        raise UnrecoverableError(
            f"the tracker {name} is not in this image: build it with --build-arg TRACKERS=all, or drop --tracker {name}"
        ) from None


def _open(name: str, module: ModuleType, run_id: str, options: Mapping[str, float], tensorboard_dir: Path) -> Tracker:
    match name:
        case "mlflow":
            return _MLflow(module, run_id, options)
        case "wandb":
            return _WeightsAndBiases(module, run_id, options)
        case _:
            return _TensorBoard(module, tensorboard_dir)


class _TensorBoard:
    def __init__(self, module: ModuleType, directory: Path) -> None:
        self._writer = module.SummaryWriter(logdir=str(directory))

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        for name, value in metrics.items():
            self._writer.add_scalar(name, value, step)
        self._writer.flush()

    def close(self) -> None:
        self._writer.close()


class _MLflow:
    def __init__(self, module: ModuleType, run_id: str, options: Mapping[str, float]) -> None:
        self._module = module
        module.start_run(run_name=run_id)
        module.log_params(dict(options))

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        self._module.log_metrics(dict(metrics), step=step)

    def close(self) -> None:
        self._module.end_run()


class _WeightsAndBiases:
    def __init__(self, module: ModuleType, run_id: str, options: Mapping[str, float]) -> None:
        self._run = module.init(id=run_id, name=run_id, resume="allow", config=dict(options))

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        self._run.log(dict(metrics), step=step)

    def close(self) -> None:
        self._run.finish()
