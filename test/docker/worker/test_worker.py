"""The worker: its settings, its task, its health, and a queued prediction through a real Redis."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from consumer.app import TASK, create_app
from consumer.health import READY_FILE, alive
from consumer.settings import SettingsError, parse_settings
from shared.image import BadImageError
from shared.model import Model
from support import DOCKER, Start


def test_settings() -> None:
    settings = parse_settings({"BROKER_URL": "redis://:secret@redis:6379/0"})
    assert settings.results == settings.broker == "redis://:secret@redis:6379/0"
    assert (settings.queue, settings.device, settings.threads) == ("predictions", "cpu", 1)
    assert "secret" not in repr(settings)
    assert parse_settings({"BROKER_URL": "redis://redis", "ENABLE_GPU": "true"}).device == "cuda"


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({}, "BROKER_URL must be set"),
        ({"BROKER_URL": "http://secret"}, "BROKER_URL must be set"),
        ({"BROKER_URL": "redis://redis", "DEVICE": "gpu"}, "DEVICE=gpu"),
        ({"BROKER_URL": "redis://redis", "INFERENCE_THREADS": "0"}, "INFERENCE_THREADS=0"),
    ],
)
def test_names_what_is_wrong(environment: dict[str, str], word: str) -> None:
    with pytest.raises(SettingsError, match=word) as caught:
        parse_settings(environment)
    assert "secret" not in str(caught.value)


def test_task(held_out: list[dict[str, Any]]) -> None:
    model = Model(DOCKER / "common" / "model" / "model.onnx", "cpu", 1)
    task = create_app(parse_settings({"BROKER_URL": "redis://redis"}), model).tasks[TASK]
    right = sum(task(digit["image"])["digit"] == digit["digit"] for digit in held_out)
    assert right >= 19
    with pytest.raises(BadImageError, match="3 entries"):
        task([1, 2, 3])


def test_health(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    assert not alive(ready)
    ready.write_text("not a number")
    assert not alive(ready)
    ready.write_text(str(os.getpid()))
    assert not alive(ready)  # a process, but no worker
    process = subprocess.Popen(["sleep", "60", "consumer"], executable=shutil.which("sleep"), stderr=subprocess.DEVNULL)
    process.kill()
    ready.write_text(str(process.pid))
    time.sleep(0.1)
    assert not alive(ready)  # ended, and not waited for
    process.wait()


def test_ends_with_one_clear_line(start: Start) -> None:
    process = start("worker", "consumer")
    _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert err.startswith("error: BROKER_URL must be set")
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
    pending = [client.send_task(TASK, [digit["image"]], queue="predictions") for digit in held_out]
    bad = client.send_task(TASK, [[1, 2, 3]], queue="predictions")
    answers = [result.get(timeout=30) for result in pending]
    assert sum(answer["digit"] == digit["digit"] for answer, digit in zip(answers, held_out, strict=True)) >= 19
    with pytest.raises(Exception, match="3 entries"):
        bad.get(timeout=30)
    assert alive()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert not READY_FILE.exists()
