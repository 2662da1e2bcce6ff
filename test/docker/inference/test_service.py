"""The running service, as the container starts it."""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from serving.health import check, healthy
from support import Start, start_module

Answer = tuple[int, Any]


def call(port: int, method: str, path: str, body: bytes | None = None) -> Answer:
    """One request on a connection of its own; the body of the answer is JSON where it can be."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body)
        response = connection.getresponse()
        content = response.read()
        try:
            return response.status, json.loads(content)
        except ValueError:
            return response.status, content.decode()
    finally:
        connection.close()


def wait_until_ready(process: subprocess.Popen[str], port: int) -> float:
    """Seconds until /ready answers 200."""
    begun = time.monotonic()
    while time.monotonic() - begun < 20:
        assert process.poll() is None, process.communicate()
        try:
            if call(port, "GET", "/ready")[0] == 200:
                return time.monotonic() - begun
        except OSError:
            pass
        time.sleep(0.02)
    raise TimeoutError("the service did not become ready")


@pytest.fixture(scope="module")
def service() -> Iterator[int]:
    """Port of a running service."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = start_module("inference", "serving", PORT=str(port))
    wait_until_ready(process, port)
    yield port
    process.terminate()
    _, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (0, "")


def test_health_and_ready(service: int) -> None:
    assert call(service, "GET", "/health") == (200, {"status": "ok"})
    status, ready = call(service, "GET", "/ready")
    assert (status, ready["status"]) == (200, "ready")


def test_predicts_held_out_digits(service: int, held_out: list[dict[str, Any]]) -> None:
    assert len(held_out) == 20
    right = 0
    for digit in held_out:
        for image in (digit["image"], [pixel for row in digit["image"] for pixel in row]):
            status, answer = call(service, "POST", "/predict", json.dumps({"image": image}).encode())
            assert status == 200
            assert len(answer["probabilities"]) == 10
            assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)
            assert answer["digit"] == answer["probabilities"].index(max(answer["probabilities"]))
            right += answer["digit"] == digit["digit"]
    assert right >= 38


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not JSON", 400),
        (b'{"image": [NaN]}', 400),
        (b'{"image": [[1, 2], [3]]}', 422),
        (b'{"image": {"a": 1}}', 422),
        (b"0" * 10_000_000, 413),
    ],
)
def test_malformed_input_gets_a_reason_and_the_next_request_works(
    service: int, held_out: list[dict[str, Any]], body: bytes, status: int
) -> None:
    got, answer = call(service, "POST", "/predict", body)
    assert got == status
    assert answer["error"]
    good = json.dumps({"image": held_out[0]["image"]}).encode()
    assert call(service, "POST", "/predict", good)[0] == 200


def test_unknown_paths_and_methods(service: int) -> None:
    assert call(service, "GET", "/nothing")[0] == 404
    assert call(service, "GET", "/predict")[0] == 405


def test_metrics(service: int, held_out: list[dict[str, Any]]) -> None:
    def count() -> float:
        match = re.search(r'^inference_requests_total\{status="200"\} (\S+)$', call(service, "GET", "/metrics")[1], re.MULTILINE)
        return float(match[1]) if match else 0

    before = count()
    call(service, "POST", "/predict", json.dumps({"image": held_out[0]["image"]}).encode())
    assert count() == before + 1
    text = call(service, "GET", "/metrics")[1]
    assert "\ninference_requests_in_flight 0.0\n" in text
    assert "\ninference_ready 1.0\n" in text
    assert "_created" not in text


def test_answers_without_waiting_for_acknowledgements(service: int, held_out: list[dict[str, Any]]) -> None:
    body = json.dumps({"image": held_out[0]["image"]}).encode()
    connection = http.client.HTTPConnection("127.0.0.1", service, timeout=10)
    seconds = []
    for _ in range(25):
        begun = time.monotonic()
        connection.request("POST", "/predict", body)
        assert connection.getresponse().read()
        seconds.append(time.monotonic() - begun)
    connection.close()
    assert sorted(seconds)[12] < 0.03  # 0.04 s is how long a client puts off its acknowledgement


def test_keeps_idle_connections_open_as_long_as_a_load_balancer_does(service: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service, timeout=10)
    connection.connect()
    opened = connection.sock
    for wait in (0, 6):  # uvicorn's own limit is 5 s
        time.sleep(wait)
        connection.request("GET", "/health")
        connection.getresponse().read()
    assert connection.sock is opened
    connection.close()


def test_starts_quickly(start: Start, free_port: int) -> None:
    process = start("inference", "serving", PORT=str(free_port))
    assert wait_until_ready(process, free_port) < 5  # 1.5 s is the aim on an idle core; see docs/docker.md


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"MODEL_DIR": "/nonexistent"}, "/nonexistent cannot be read"),
        ({"DEVICE": "cuda"}, "CUDA 12 needs an NVIDIA driver >= 525.60.13"),
        ({"PORT": "none"}, "PORT=none"),
    ],
)
def test_ends_with_one_clear_line(start: Start, free_port: int, variables: dict[str, str], reason: str) -> None:
    process = start("inference", "serving", **{"PORT": str(free_port), **variables})
    _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert err.startswith("error: ")
    assert reason in err
    assert err.count("\n") == 1


def test_refuses_a_model_that_is_none(start: Start, free_port: int, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    process = start("inference", "serving", PORT=str(free_port), MODEL_DIR=str(tmp_path))
    _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "is not a model that ONNX Runtime can load" in err


def test_health_check(service: int, free_port: int) -> None:
    assert healthy(service, 3)
    assert not healthy(free_port, 3)
    begun = time.monotonic()
    assert not check(free_port, timeout=1, start_period=2, age=1)  # still starting: waits for the second that is left
    assert 1 <= time.monotonic() - begun < 2.5
    begun = time.monotonic()
    assert not check(free_port, timeout=1, start_period=40, age=100)
    assert time.monotonic() - begun < 1


def test_health_check_gives_up_on_a_service_that_hangs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        assert not healthy(silent.getsockname()[1], 0.3)
        assert 0.3 <= time.monotonic() - begun < 2
