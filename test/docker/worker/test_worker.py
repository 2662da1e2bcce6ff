"""A worker as its container runs it, with a real Redis."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from collector import collector
from consumer.app import TASK
from consumer.health import READY_FILE, alive
from support import Start, wait_until

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
def test_ends_with_one_clear_line(start: Start, variables: dict[str, str], line: str) -> None:
    process = start("worker", "consumer", **variables)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert err.startswith(line)
    assert err.count("\n") == 1


@pytest.fixture
def redis(tmp_path: Path, free_port: int) -> Iterator[str]:
    """Address of a Redis of our own."""
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("redis-server is not installed")
    process = subprocess.Popen(
        [server, "--port", str(free_port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    yield f"redis://127.0.0.1:{free_port}/0"
    process.terminate()
    process.wait()


def test_answers_queued_tasks(redis: str, start: Start, held_out: list[dict[str, Any]]) -> None:
    process = start("worker", "consumer", BROKER_URL=redis)
    client = Celery("client", broker=redis, backend=redis)
    pending = [client.send_task(TASK, [{"image": digit["image"]}], queue="predictions") for digit in held_out]
    bad = client.send_task(TASK, [{"image": [1, 2, 3]}], queue="predictions")
    answers = [result.get(timeout=30) for result in pending]
    assert sum(answer["digit"] == digit["digit"] for answer, digit in zip(answers, held_out, strict=True)) >= 19
    with pytest.raises(Exception, match="3 entries"):
        bad.get(timeout=30)
    assert alive()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert not READY_FILE.exists()


def test_a_task_is_a_span_in_the_trace_of_its_sender(redis: str, start: Start) -> None:
    with collector() as traces:
        process = start("worker", "consumer", BROKER_URL=redis, OTEL_EXPORTER_OTLP_ENDPOINT=traces.url)
        client = Celery("client", broker=redis, backend=redis)
        headers = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
        good = client.send_task(TASK, [{"image": IMAGE}], queue="predictions", headers=headers)
        bad = client.send_task(TASK, [{"image": [1, 2, 3]}], queue="predictions")
        assert set(good.get(timeout=30)) == {"digit", "probabilities", "model"}
        with pytest.raises(Exception, match="3 entries"):
            bad.get(timeout=30)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        assert process.returncode == 0
    compute, task, failed = traces.spans
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


def queued(redis: str, start: Start, **variables: str) -> tuple[subprocess.Popen[str], Any]:
    """A worker in the middle of a task, and the task's result."""
    process = start("worker", "consumer", BROKER_URL=redis, HANDLER="slow", PYTHONPATH=HANDLERS, **variables)
    wait_until(READY_FILE.exists)
    client = Celery("client", broker=redis, backend=redis)
    result = client.send_task(TASK, [{"image": IMAGE}], queue="predictions")
    broker = client.connection_for_read().channel().client
    wait_until(lambda: bool(broker.hlen("unacked") == 1))
    return process, result


def test_finishes_its_task_after_sigterm(redis: str, start: Start) -> None:
    process, result = queued(redis, start, SECONDS="3", DRAIN_SECONDS="20")
    process.send_signal(signal.SIGTERM)
    assert result.get(timeout=20)["digit"] in range(10)
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_gives_back_a_task_that_outlives_the_drain(redis: str, start: Start) -> None:
    process, result = queued(redis, start, SECONDS="60", DRAIN_SECONDS="1")
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "error: the task in progress took longer than 1 s after SIGTERM, and goes back to the queue" in err
    # Another worker takes it at once, and not after the visibility timeout.
    start("worker", "consumer", BROKER_URL=redis)
    assert result.get(timeout=20)["digit"] in range(10)


def test_gives_back_a_task_when_the_device_fails(redis: str, start: Start) -> None:
    process = start("worker", "consumer", BROKER_URL=redis, HANDLER="slow", PYTHONPATH=HANDLERS, FAIL="device")
    client = Celery("client", broker=redis, backend=redis)
    result = client.send_task(TASK, [{"image": IMAGE}], queue="predictions")
    process.communicate(timeout=30)
    assert process.returncode == 1
    start("worker", "consumer", BROKER_URL=redis)
    assert result.get(timeout=20)["digit"] in range(10)
