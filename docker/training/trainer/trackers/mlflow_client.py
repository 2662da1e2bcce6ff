"""MLflow: one MLflow run for all attempts of a run."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from trainer.files import write_atomically
from trainer.trackers.client import End, Subject, load_library

_STATUS = {End.FINISHED: "FINISHED", End.FAILED: "FAILED", End.KILLED: "KILLED"}
"""https://mlflow.org/docs/latest/api_reference/rest-api.html#mlflowrunstatus"""


class MLflow:
    """Stores the ID of its MLflow run next to the checkpoints, so that the next attempt continues the same MLflow run."""

    def __init__(self, subject: Subject) -> None:
        self._mlflow = load_library("mlflow")
        self._subject = subject
        self._kept = subject.directory / "mlflow-run-id"

    def open(self) -> None:
        """See Client."""
        # If an earlier call failed halfway, the run exists but its parameters are missing.
        if self._mlflow.active_run() is None:
            self._start()
        self._mlflow.log_params(dict(self._subject.options))

    def _start(self) -> None:
        with suppress(FileNotFoundError):
            kept = self._kept.read_text().strip()
            try:
                self._mlflow.start_run(run_id=kept)
            except self._mlflow.exceptions.MlflowException as problem:
                # The run was deleted, or the server lost it. Any other error is retried.
                if problem.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                    raise
                print(f"tracker mlflow: the run {kept} no longer exists; starting another one", flush=True)
            else:
                return
        # If MLFLOW_RUN_ID is set, MLflow continues that run.
        started = self._mlflow.start_run(run_name=self._subject.run_id)
        write_atomically(self._kept, f"{started.info.run_id}\n".encode())

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        """See Client."""
        self._mlflow.log_metrics(dict(metrics), step=step)

    def log_model(self, path: Path) -> None:
        """See Client."""
        self._mlflow.log_artifact(str(path), "model")

    def close(self, end: End) -> None:
        """See Client."""
        self._mlflow.end_run(_STATUS[end])
