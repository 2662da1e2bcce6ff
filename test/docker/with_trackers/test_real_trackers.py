"""Runs with a real MLflow server, and with W&B offline. `python3 docker/dev.py test-trackers` runs these tests."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support import PATIENCE_SECONDS, Start, finish, wait_until

SECONDS = 5 * PATIENCE_SECONDS
"""MLflow takes minutes to start on a busy machine."""

SHORT = ("--epochs", "3", "--copies", "2", "--hidden", "8")
ENDLESS = ("--epochs", "100000", "--copies", "2", "--hidden", "8")


@pytest.fixture
def server(tmp_path: Path, free_port: int) -> Iterator[str]:
    """Address of an MLflow server with an empty database."""
    folder = tmp_path / "server"
    folder.mkdir()
    store = ("--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", str(folder / "artifacts"))
    command = [sys.executable, "-m", "mlflow", "server", *store, "--port", str(free_port), "--workers", "1"]
    # Disable its job queues, which start a dozen processes.
    environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True) as process,
    ):
        address = f"http://127.0.0.1:{free_port}"
        try:
            wait_until(lambda: urllib.request.urlopen(f"{address}/health").status == 200, SECONDS)
            yield address
        finally:
            # Stop its workers too.
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=PATIENCE_SECONDS)


def _runs(address: str) -> list[dict[str, Any]]:
    """All runs of the server, as its API returns them."""
    body = json.dumps({"experiment_ids": ["0"]}).encode()
    request = urllib.request.Request(f"{address}/api/2.0/mlflow/runs/search", body, {"Content-Type": "application/json"})
    runs: list[dict[str, Any]] = json.loads(urllib.request.urlopen(request).read()).get("runs", [])
    return runs


def _stop_when(process: subprocess.Popen[str], condition: Callable[[], bool], number: int = signal.SIGTERM) -> int:
    """Stop a run once a condition is true. Returns its exit status."""
    wait_until(lambda: process.poll() is not None or condition(), SECONDS)
    assert process.poll() is None
    process.send_signal(number)
    return finish(process, seconds=SECONDS)[0]


def _step(address: str) -> int:
    """The last step that the server has recorded."""
    return max((int(metric["step"]) for run in _runs(address) for metric in run["data"].get("metrics", [])), default=0)


def test_all_attempts_are_one_mlflow_run(tmp_path: Path, start: Start, server: str) -> None:
    variables = {
        "CHECKPOINT_DIR": str(tmp_path / "checkpoints"),
        "RUN_ID": "run-1",
        "HEARTBEAT_FILE": str(tmp_path / "alive"),
        "TRACKERS": "mlflow",
        "MLFLOW_TRACKING_URI": server,
    }
    assert _stop_when(start("training", "trainer", *ENDLESS, **variables), lambda: _step(server) > 0) == 143
    (run,) = _runs(server)
    assert (run["info"]["run_name"], run["info"]["status"]) == ("run-1", "KILLED")
    assert {param["key"]: param["value"] for param in run["data"]["params"]}["hidden"] == "8"
    kept = (tmp_path / "checkpoints" / "run-1" / "mlflow-run-id").read_text().strip()
    assert kept == run["info"]["run_id"]

    # As if the kernel killed it when memory ran out. The tracker's process continues.
    before = _step(server)
    assert _stop_when(start("training", "trainer", *ENDLESS, **variables), lambda: _step(server) > before, signal.SIGKILL) == -9
    wait_until(lambda: _runs(server)[0]["info"]["status"] == "FAILED")

    checkpoint = max((tmp_path / "checkpoints" / "run-1").glob("*.ckpt")).name
    epochs = str(int(checkpoint[6:12]) + 2)
    status, _, err = finish(start("training", "trainer", "--epochs", epochs, *ENDLESS[2:], **variables), seconds=SECONDS)
    assert (status, err) == (0, "")
    (run,) = _runs(server)
    assert (run["info"]["run_id"], run["info"]["status"]) == (kept, "FINISHED")
    assert {metric["key"]: metric["step"] for metric in run["data"]["metrics"]} == {"loss": int(epochs), "accuracy": int(epochs)}
    listed = urllib.request.urlopen(f"{server}/api/2.0/mlflow/artifacts/list?run_id={kept}&path=model").read()
    assert [file["path"] for file in json.loads(listed)["files"]] == ["model/model.onnx"]


def test_starts_another_mlflow_run_if_the_first_was_deleted(tmp_path: Path, start: Start, server: str) -> None:
    folder = tmp_path / "checkpoints" / "run-1"
    folder.mkdir(parents=True)
    (folder / "mlflow-run-id").write_text("0123456789abcdef0123456789abcdef\n")
    variables = {"CHECKPOINT_DIR": str(tmp_path / "checkpoints"), "RUN_ID": "run-1", "HEARTBEAT_FILE": str(tmp_path / "alive")}
    tracker = {"TRACKERS": "mlflow", "MLFLOW_TRACKING_URI": server}
    status, out, _ = finish(start("training", "trainer", *SHORT, **variables, **tracker), seconds=SECONDS)
    assert status == 0
    assert "tracker mlflow: the run 0123456789abcdef0123456789abcdef no longer exists; starting another one" in out
    (run,) = _runs(server)
    assert run["info"]["status"] == "FINISHED"
    assert (folder / "mlflow-run-id").read_text().strip() == run["info"]["run_id"]


def test_wandb_offline_keeps_both_attempts_under_one_id(tmp_path: Path, start: Start) -> None:
    variables = {
        "CHECKPOINT_DIR": str(tmp_path / "checkpoints"),
        "RUN_ID": "run-1",
        "HEARTBEAT_FILE": str(tmp_path / "alive"),
        "TRACKERS": "wandb",
        "WANDB_MODE": "offline",
        "HOME": str(tmp_path),
    }
    folder = tmp_path / "checkpoints" / "run-1"
    process = start("training", "trainer", *ENDLESS, **variables)
    assert _stop_when(process, lambda: any(folder.glob("wandb/offline-run-*/*.wandb")) and any(folder.glob("*.ckpt"))) == 143
    checkpoint = max((tmp_path / "checkpoints" / "run-1").glob("*.ckpt")).name
    epochs = str(int(checkpoint[6:12]) + 2)
    assert finish(start("training", "trainer", "--epochs", epochs, *ENDLESS[2:], **variables), seconds=SECONDS)[0] == 0
    attempts = sorted((tmp_path / "checkpoints" / "run-1" / "wandb").glob("offline-run-*-run-1"))
    assert len(attempts) == 2
    assert all(len(list(attempt.glob("run-run-1.wandb"))) == 1 for attempt in attempts)
