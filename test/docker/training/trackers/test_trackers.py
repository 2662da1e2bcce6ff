"""Slow, unavailable or full trackers never stop a run, and are reported once."""

from __future__ import annotations

import socket
import textwrap
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tensorboardX.proto import event_pb2
from tensorboardX.record_writer import RecordWriter

from support import PATIENCE_SECONDS, Start, finish, wait_until
from trainer.trackers import event_files, remote_tracker
from trainer.trackers.client import End
from trainer.trackers.event_files import EventFiles
from trainer.trackers.remote_tracker import RemoteTracker

SHORT = ("--epochs", "3", "--copies", "2")

MLFLOW = textwrap.dedent(
    """
    # Stands in for MLflow: the same calls, each one a request with the time-out of the environment.
    import json, os, types, urllib.request
    _run = None
    class MlflowException(Exception):
        error_code = "INTERNAL_ERROR"
    exceptions = types.SimpleNamespace(MlflowException=MlflowException)
    def _send(path, body):
        address = os.environ["MLFLOW_TRACKING_URI"]
        request = urllib.request.Request(address.replace("user:hunter2@", "") + path, json.dumps(body).encode())
        try:
            urllib.request.urlopen(request, timeout=float(os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"])).read()
        except OSError as problem:
            raise MlflowException(f"request to {address}: {problem}")
    def active_run():
        return _run
    def start_run(run_name=None, run_id=None):
        global _run
        _send("/start", run_id or run_name)
        _run = types.SimpleNamespace(info=types.SimpleNamespace(run_id=f"id-of-{run_name}"))
        return _run
    def log_params(params):
        _send("/params", params)
    def log_metrics(metrics, step):
        _send("/metrics", [step, sorted(metrics)])
    def log_artifact(path, folder):
        _send("/artifact", [os.path.basename(path), folder])
    def end_run(status):
        _send("/end", status)
    """
)


@contextmanager
def _silent() -> Iterator[int]:
    """A server that accepts every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def _refusing() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


@contextmanager
def _answering(status: Callable[[], int], seen: list[str]) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            code = status()
            if code == 200:
                seen.append(f"{self.path} {body}")
            self.send_response(code)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def _variables(folder: Path, port: int) -> dict[str, str]:
    (folder / "mlflow.py").write_text(MLFLOW)
    return {
        "CHECKPOINT_DIR": str(folder),
        "RUN_ID": "run-1",
        "HEARTBEAT_FILE": str(folder / "alive"),
        "TRACKERS": "mlflow",
        "MLFLOW_TRACKING_URI": f"http://user:hunter2@127.0.0.1:{port}",
        "MLFLOW_HTTP_REQUEST_TIMEOUT": "1",
        "PYTHONPATH": str(folder),
    }


@pytest.mark.parametrize("server", [_silent, _refusing, lambda: _answering(lambda: 500, [])], ids=["silent", "refusing", "500"])
def test_warns_once_about_an_unavailable_tracker(server: Callable[[], AbstractContextManager[int]], tmp_path: Path, start: Start) -> None:
    with server() as port:
        process = start("training", "trainer", *SHORT, **_variables(tmp_path, port))
        status, out, err = finish(process)
    assert status == 0
    assert "epoch 3/3" in out
    assert len([line for line in err.splitlines() if line.startswith("warning: tracker mlflow: ")]) == 1
    assert "training continues" in err
    assert "hunter2" not in err


def test_sends_everything_in_order(tmp_path: Path, start: Start) -> None:
    seen: list[str] = []
    with _answering(lambda: 200, seen) as port:
        process = start("training", "trainer", *SHORT, **_variables(tmp_path, port))
        status, _, err = finish(process)
    assert (status, err) == (0, "")
    assert [entry.split()[0] for entry in seen] == ["/start", "/params", *["/metrics"] * 3, "/artifact", "/end"]
    assert seen[0] == '/start "run-1"'
    assert seen[-2:] == ['/artifact ["model.onnx", "model"]', '/end "FINISHED"']
    assert (tmp_path / "run-1" / "mlflow-run-id").read_text() == "id-of-run-1\n"
    assert [entry for entry in seen if entry.startswith("/metrics")] == [f'/metrics [{epoch}, ["accuracy", "loss"]]' for epoch in (1, 2, 3)]


def test_sends_queued_metrics_after_an_outage(capfd: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []
    statuses: list[int] = []

    def status() -> int:
        statuses.append(503 if len(statuses) < 2 else 200)
        return statuses[-1]

    def asked(times: int) -> None:
        wait_until(lambda: len(statuses) >= times)

    with _answering(status, seen) as port:

        class Late:
            def open(self) -> None:
                self._post("start")

            def record(self, step: int, metrics: Mapping[str, float]) -> None:
                self._post(f"{step} {metrics['loss']}")

            def log_model(self, path: Path) -> None:
                self._post(path.name)

            def close(self, end: End) -> None:
                self._post(end.value)

            def _post(self, body: str) -> None:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", body.encode()).read()

        tracker = RemoteTracker("late", Late)
        for step in (1, 2, 3):
            # Each of the first two attempts is refused.
            asked(min(step, 2))
            tracker.record(step, {"loss": 0.5})
        tracker.log_model(Path("/somewhere/model.onnx"))
        tracker.close(End.KILLED, PATIENCE_SECONDS)
    assert seen == ["/ start", "/ 1 0.5", "/ 2 0.5", "/ 3 0.5", "/ model.onnx", "/ killed"]
    out, err = capfd.readouterr()
    assert err.count("\n") == 1
    assert err.startswith("warning: tracker late: HTTP Error 503")
    assert out == "tracker late answers again\n"


def test_a_run_that_dies_without_a_last_message_has_failed(tmp_path: Path) -> None:
    class Notes:
        def open(self) -> None:
            """Nothing to announce."""

        def record(self, step: int, metrics: Mapping[str, float]) -> None:
            """Nothing to send."""

        def log_model(self, path: Path) -> None:
            """Nothing to send."""

        def close(self, end: End) -> None:
            (tmp_path / "end").write_text(end.value)

    tracker = RemoteTracker("notes", Notes)
    # As if the kernel killed the run when memory ran out.
    tracker._connection.close()
    tracker._process.join(timeout=PATIENCE_SECONDS)
    assert (tmp_path / "end").read_text() == "failed"


def test_sends_the_status_of_the_run_even_if_metrics_remain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Slow:
        def open(self) -> None:
            """Nothing to announce."""

        def record(self, step: int, metrics: Mapping[str, float]) -> None:  # noqa: ARG002 -- what a client takes
            time.sleep(1)

        def log_model(self, path: Path) -> None:
            """Nothing to send."""

        def close(self, end: End) -> None:
            (tmp_path / "end").write_text(end.value)

    # One second for the metrics, which is enough to send one. The rest is for the end.
    monkeypatch.setattr(remote_tracker, "_LEAST_CLOSING_SECONDS", PATIENCE_SECONDS)
    tracker = RemoteTracker("slow", Slow)
    for step in range(1000):
        tracker.record(step, {"loss": 1.0})
    tracker.close(End.KILLED, PATIENCE_SECONDS + 1)
    assert (tmp_path / "end").read_text() == "killed"
    assert " metrics were not sent in time" in capfd.readouterr().err


def test_the_run_never_waits_for_a_tracker(capfd: pytest.CaptureFixture[str]) -> None:
    class Hangs:
        def open(self) -> None:
            time.sleep(3600)

        def record(self, step: int, metrics: Mapping[str, float]) -> None:
            """Never reached."""

        def log_model(self, path: Path) -> None:
            """Never reached."""

        def close(self, end: End) -> None:
            """Never reached."""

    begun = time.monotonic()
    tracker = RemoteTracker("slow", Hangs)
    # More than the buffer of a pipe.
    for step in range(20_000):
        tracker.record(step, {"loss": 1.0, "accuracy": 0.5})
    tracker.close(End.FINISHED, 1)
    assert time.monotonic() - begun < PATIENCE_SECONDS
    assert "warning: tracker slow: not everything was sent within 1 s" in capfd.readouterr().err


def _steps(path: Path) -> list[int]:
    """Steps in the current content of an event file."""
    content, steps = path.read_bytes(), []
    while content:
        size = int.from_bytes(content[:8], "little")
        steps.append(event_pb2.Event.FromString(content[12 : 12 + size]).step)
        content = content[16 + size :]
    return sorted(set(steps) - {0})


def test_publishes_complete_event_files_during_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_files, "_PUBLISH_SECONDS", 0.0)
    opened: list[str] = []
    monkeypatch.setattr(RecordWriter, "__init__", _noting(opened, RecordWriter.__init__))
    events = EventFiles(tmp_path / "run" / "tensorboard")
    seen = []
    for step in (1, 2, 3):
        events.record(step, {"loss": 1.0 / step})
        (path,) = (tmp_path / "run" / "tensorboard").iterdir()
        seen.append(_steps(path))
    assert seen == [[1], [1, 2], [1, 2, 3]]
    assert not any(name.startswith(str(tmp_path)) for name in opened)
    events.close(End.FINISHED, 1)
    assert [entry.name for entry in (tmp_path / "run" / "tensorboard").iterdir()] == [path.name]


def _noting(opened: list[str], original: Callable[..., None]) -> Callable[..., None]:
    def noting(self: object, path: str) -> None:
        opened.append(path)
        original(self, path)

    return noting


def test_limits_how_often_event_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_files, "_PUBLISH_SECONDS", 3600)
    events = EventFiles(tmp_path)
    for step in (1, 2, 3):
        events.record(step, {"loss": 1.0})
    (path,) = tmp_path.iterdir()
    assert _steps(path) == [1]
    events.close(End.FINISHED, 1)
    assert _steps(path) == [1, 2, 3]


def test_warns_once_about_a_folder_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(event_files, "_PUBLISH_SECONDS", 0.0)
    (tmp_path / "file").write_text("")
    events = EventFiles(tmp_path / "file" / "tensorboard")
    for step in (1, 2, 3):
        events.record(step, {"loss": 1.0})
    events.close(End.FINISHED, 1)
    assert capsys.readouterr().err.count("warning: tracker tensorboard: ") == 1
