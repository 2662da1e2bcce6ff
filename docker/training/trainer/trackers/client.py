"""The interface to the library of a network tracker."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

_BOUNDS = {
    # The libraries' defaults (MLflow: 120 s, seven retries) would delay the end of a run by minutes.
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "WANDB_HTTP_TIMEOUT": "10",
    "WANDB_INIT_TIMEOUT": "30",
}


class End(Enum):
    """How a process of a run ends."""

    FINISHED = "finished"
    FAILED = "failed"
    KILLED = "killed"
    """The process was asked to stop, lost a peer, or reached its deadline. A later process may resume the run."""


@dataclass(frozen=True)
class Subject:
    """The run that a tracker records."""

    run_id: str
    options: Mapping[str, Any]
    """The settings that the weights depend on."""
    directory: Path
    """The run's folder, shared by all attempts."""


class Client(Protocol):
    """The library of one tracker. Every call may raise the library's exceptions."""

    def open(self) -> None:
        """Create the run or resume it. Called again after a failure."""

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        """Send metrics."""

    def log_model(self, path: Path) -> None:
        """Send the trained model."""

    def close(self, end: End) -> None:
        """Send queued metrics and end the run."""


def load_library(name: str) -> Any:
    """The library of a tracker, with default timeouts for those that the environment does not set."""
    for variable, value in _BOUNDS.items():
        os.environ.setdefault(variable, value)
    return importlib.import_module(name)
