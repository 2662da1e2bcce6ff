"""The running service, started as in its container."""

from __future__ import annotations

import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from serving.health import check, healthy
from serving.http.server import listen
from support import PATIENCE_SECONDS, Start, finish, start_module, wait_until

Answer = tuple[int, Any]


def call(port: int, method: str, path: str, body: bytes | None = None) -> Answer:
    """Send one request on a new connection. A JSON body of the answer is parsed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
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


@pytest.fixture(scope="module")
def service(free_ports: Iterator[int]) -> Iterator[int]:
    """Port of a running service."""
    port = next(free_ports)
    process = start_module("inference", "serving", PORT=str(port))
    wait_until(lambda: process.poll() is not None or call(port, "GET", "/ready")[0] == 200)
    yield port
    process.terminate()
    status, _, err = finish(process)
    assert (status, err) == (0, "")


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
def test_invalid_input_gets_a_reason_and_the_next_request_succeeds(
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


def test_keeps_idle_connections_open_longer_than_uvicorns_default(service: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service, timeout=PATIENCE_SECONDS)
    connection.connect()
    opened = connection.sock
    for wait in (0, 6):  # uvicorn's default limit is 5 s.
        time.sleep(wait)
        connection.request("GET", "/health")
        connection.getresponse().read()
    assert connection.sock is opened
    connection.close()


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"MODEL_DIR": "/nonexistent"}, "/nonexistent cannot be read"),
        ({"DEVICE": "cuda"}, "CUDA 12 needs an NVIDIA driver >= 525.60.13"),
        ({"PORT": "none"}, "PORT=none"),
    ],
)
def test_a_failed_start_ends_with_one_line(start: Start, free_port: int, variables: dict[str, str], reason: str) -> None:
    process = start("inference", "serving", **{"PORT": str(free_port), **variables})
    status, _, err = finish(process)
    assert status == 1
    assert err.startswith("error: ")
    assert reason in err
    assert err.count("\n") == 1


def test_refuses_a_file_that_is_not_a_model(start: Start, free_port: int, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    process = start("inference", "serving", PORT=str(free_port), MODEL_DIR=str(tmp_path))
    status, _, err = finish(process)
    assert status == 1
    assert "is not a model that ONNX Runtime can load" in err


def test_sends_responses_without_waiting_for_acknowledgements(free_port: int) -> None:
    with listen(free_port) as listener, socket.create_connection(("127.0.0.1", free_port)):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_health_check(service: int, free_port: int) -> None:
    assert healthy(service, PATIENCE_SECONDS)
    assert not healthy(free_port, PATIENCE_SECONDS)
    begun = time.monotonic()
    assert not check(free_port, timeout=1, start_period=2, age=1)  # Still starting: retries for the remaining second.
    assert time.monotonic() - begun >= 1
    begun = time.monotonic()
    assert not check(free_port, timeout=1, start_period=3600, age=7200)  # The start period is over: does not retry for an hour.
    assert time.monotonic() - begun < PATIENCE_SECONDS


def test_health_check_fails_for_a_hanging_service() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        assert not healthy(silent.getsockname()[1], 0.3)
        assert time.monotonic() - begun >= 0.3
