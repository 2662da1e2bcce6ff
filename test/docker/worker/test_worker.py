"""A worker with a real Redis, started as in its container."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from collector import collector
from consumer.app import TASK
from consumer.health import READY_FILE, alive
from gate import Gate
from support import PATIENCE_SECONDS, Start, finish, wait_until

IMAGE = [[0, 0, 5, 12, 9, 1, 0, 0]] * 8
HANDLERS = str(Path(__file__).parents[1] / "handlers")


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({}, "error: BROKER_URL must be set"),
        ({"BROKER_URL": "redis://redis", "HANDLER": "unheard"}, "error: HANDLER=unheard: there is no Python module of this name"),
        ({"BROKER_URL": "redis://redis", "MODEL_DIR": "/unheard"}, "error: the model"),
    ],
)
def test_a_failed_start_ends_with_one_line(start: Start, variables: dict[str, str], line: str) -> None:
    process = start("worker", "consumer", **variables)
    status, _, err = finish(process)
    assert status == 1
    assert err.startswith(line)
    assert err.count("\n") == 1


@pytest.fixture
def ready_file(temporary: Path) -> Path:
    """The file that exists while a worker is ready."""
    return temporary / READY_FILE.name


def answers(port: int) -> bool:
    """Whether a server listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def redis(tmp_path: Path, free_port: int) -> Iterator[str]:
    """Address of a Redis that the tests start."""
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("redis-server is not installed")
    process = subprocess.Popen(
        [server, "--port", str(free_port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    wait_until(lambda: answers(free_port))
    yield f"redis://127.0.0.1:{free_port}/0"
    process.terminate()
    process.wait()


def test_answers_queued_tasks(redis: str, start: Start, ready_file: Path, held_out: list[dict[str, Any]]) -> None:
    process = start("worker", "consumer", BROKER_URL=redis)
    client = Celery("client", broker=redis, backend=redis)
    pending = [client.send_task(TASK, [{"image": digit["image"]}], queue="predictions") for digit in held_out]
    bad = client.send_task(TASK, [{"image": [1, 2, 3]}], queue="predictions")
    answers = [result.get(timeout=PATIENCE_SECONDS) for result in pending]
    assert sum(answer["digit"] == digit["digit"] for answer, digit in zip(answers, held_out, strict=True)) >= 19
    with pytest.raises(Exception, match="3 entries"):
        bad.get(timeout=PATIENCE_SECONDS)
    assert alive(ready_file)
    process.send_signal(signal.SIGTERM)
    assert finish(process)[0] == 0
    assert not ready_file.exists()


def test_a_task_is_a_span_in_the_trace_of_its_sender(redis: str, start: Start) -> None:
    with collector() as traces:
        # The worker sends spans only at its end.
        variables = {"BROKER_URL": redis, "OTEL_EXPORTER_OTLP_ENDPOINT": traces.url, "OTEL_BSP_SCHEDULE_DELAY": "36000000"}
        process = start("worker", "lingering", "consumer.__main__", PYTHONPATH=HANDLERS, **variables)
        client = Celery("client", broker=redis, backend=redis)
        headers = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
        good = client.send_task(TASK, [{"image": IMAGE}], queue="predictions", headers=headers)
        bad = client.send_task(TASK, [{"image": [1, 2, 3]}], queue="predictions")
        assert set(good.get(timeout=PATIENCE_SECONDS)) == {"digit", "probabilities", "model"}
        with pytest.raises(Exception, match="3 entries"):
            bad.get(timeout=PATIENCE_SECONDS)
        assert traces.spans == []
        process.send_signal(signal.SIGTERM)
        compute, task, failed = traces.wait(3)
    assert (compute.name, compute.parent, task.name) == ("predict", task.id, "process predictions")
    assert (task.trace, task.parent, task.failed) == ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", False)
    assert task.attributes == {
        "messaging.system": "celery",
        "messaging.destination.name": "predictions",
        "messaging.message.id": good.id,
        "messaging.operation.type": "process",
    }
    assert task.resource["service.name"] == "worker"
    assert (failed.parent, failed.failed, failed.attributes["error.type"]) == ("", True, "BadInputError")


def test_finishes_its_task_after_sigterm(redis: str, start: Start, gate: Gate, ready_file: Path) -> None:
    process, result = busy(redis, start, gate, DRAIN_SECONDS="3600")
    process.send_signal(signal.SIGTERM)
    wait_until(lambda: not ready_file.exists())
    gate.open()
    assert result.get(timeout=PATIENCE_SECONDS)["digit"] in range(10)
    assert finish(process)[0] == 0


def test_returns_a_task_that_exceeds_the_drain(redis: str, start: Start, gate: Gate) -> None:
    process, result = busy(redis, start, gate, DRAIN_SECONDS="1")
    process.send_signal(signal.SIGTERM)
    status, _, err = finish(process)
    assert status == 1
    assert "error: the task in progress did not finish within 1 s after SIGTERM, and returns to the queue" in err
    # Another worker takes it immediately, and not after the visibility timeout of an hour.
    start("worker", "consumer", BROKER_URL=redis)
    assert result.get(timeout=PATIENCE_SECONDS)["digit"] in range(10)


def test_returns_a_task_when_the_device_fails(redis: str, start: Start) -> None:
    process = start("worker", "consumer", BROKER_URL=redis, HANDLER="slow", PYTHONPATH=HANDLERS, FAIL="device")
    client = Celery("client", broker=redis, backend=redis)
    result = client.send_task(TASK, [{"image": IMAGE}], queue="predictions")
    assert finish(process)[0] == 1
    start("worker", "consumer", BROKER_URL=redis)
    assert result.get(timeout=PATIENCE_SECONDS)["digit"] in range(10)


def busy(redis: str, start: Start, gate: Gate, **variables: str) -> tuple[subprocess.Popen[str], Any]:
    """A worker during a task, and the task's result."""
    process = start("worker", "consumer", BROKER_URL=redis, HANDLER="slow", PYTHONPATH=HANDLERS, GATE=gate.path, **variables)
    client = Celery("client", broker=redis, backend=redis)
    result = client.send_task(TASK, [{"image": IMAGE}], queue="predictions")
    gate.wait()
    return process, result
