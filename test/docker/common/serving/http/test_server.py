"""SIGTERM: one deadline for all requests."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable

import pytest

from gate import Gate
from service_client import IMAGE, at_once, call, metric, predict
from support import PATIENCE_SECONDS, wait_until

Slow = Callable[..., subprocess.Popen[str]]

LONG = "3600"
"""A drain period, in seconds, that is longer than any test."""


def connect(port: int) -> http.client.HTTPConnection:
    """A kept-alive connection that is not reopened after the service closes it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.connect()
    connection.auto_open = 0
    return connection


def refuses(port: int) -> bool:
    """Whether the service has stopped listening."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_answers_accepted_requests_before_the_deadline(slow: Slow, free_port: int, gate: Gate) -> None:
    process = slow(GATE=gate.path, BATCH_SIZE="1", DRAIN_SECONDS=LONG)
    answers = at_once(3, lambda: predict(free_port))
    wait_until(lambda: metric(free_port, "inference_requests_in_flight") == 3)
    process.send_signal(signal.SIGTERM)
    wait_until(lambda: refuses(free_port))
    gate.open()
    assert [answer.result().status for answer in answers] == [200, 200, 200]
    assert process.wait(PATIENCE_SECONDS) == 0


def test_cuts_off_requests_at_the_deadline_and_logs_their_number(slow: Slow, free_port: int, gate: Gate) -> None:
    process = slow(GATE=gate.path, DRAIN_SECONDS="3", QUEUE_SIZE="100")
    answers = at_once(100, lambda: predict(free_port))
    wait_until(lambda: metric(free_port, "inference_requests_in_flight") == 100)
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    got = [answer.result() for answer in answers]
    assert time.monotonic() - begun >= 3
    assert {(answer.status, answer.headers["retry-after"]) for answer in got} == {(503, "1")}
    _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, err) == (1, "error: 100 requests were cut off 3 s after SIGTERM\n")


def test_cuts_off_an_incomplete_body_at_the_deadline(slow: Slow, free_port: int) -> None:
    process = slow(DRAIN_SECONDS="1")
    connection = connect(free_port)
    connection.putrequest("POST", "/predict")
    connection.putheader("Content-Length", "1000")
    connection.endheaders(b"{")
    wait_until(lambda: metric(free_port, "inference_requests_in_flight") == 1)
    process.send_signal(signal.SIGTERM)
    assert connection.getresponse().status == 503
    assert process.wait(PATIENCE_SECONDS) == 1
    connection.close()


def test_answers_all_requests_on_kept_alive_connections(slow: Slow, free_port: int, gate: Gate) -> None:
    """The service's part of a shutdown on Kubernetes: after `preStop`, clients open no connections and keep using open ones."""
    process = slow(GATE=gate.path, DRAIN_SECONDS=LONG)
    connections = [connect(free_port) for _ in range(8)]
    for connection in connections:
        connection.request("GET", "/health")
        assert connection.getresponse().read()
    for connection in connections:
        connection.request("POST", "/predict", IMAGE)
    wait_until(lambda: metric(free_port, "inference_requests_in_flight") == 8)
    process.send_signal(signal.SIGTERM)
    wait_until(lambda: refuses(free_port))
    gate.open()
    for connection in connections:
        response = connection.getresponse()
        assert (response.status, response.getheader("Connection")) == (200, "close")
        assert json.loads(response.read())["digit"] in range(10)
    assert process.wait(PATIENCE_SECONDS) == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "key"), [("GET", "/ready", None, 503, "status"), ("POST", "/predict", IMAGE, 200, "digit")]
)
def test_answers_a_request_that_arrives_with_sigterm(
    slow: Slow, free_port: int, method: str, path: str, body: bytes | None, status: int, key: str
) -> None:
    process = slow()
    connection = connect(free_port)
    connection.request("GET", "/ready")
    assert connection.getresponse().read()
    # While the process is stopped, signal and request both wait, however slow the client is.
    process.send_signal(signal.SIGSTOP)
    process.send_signal(signal.SIGTERM)
    connection.request(method, path, body)
    process.send_signal(signal.SIGCONT)
    response = connection.getresponse()
    answer = json.loads(response.read())
    assert response.status == status
    assert answer[key] == "draining" if status == 503 else answer[key] in range(10)
    assert process.wait(PATIENCE_SECONDS) == 0
    connection.close()


def test_idle_connections_delay_the_shutdown_by_a_second(slow: Slow, free_port: int) -> None:
    process = slow(DRAIN_SECONDS=LONG)
    connection = connect(free_port)
    connection.request("GET", "/ready")
    assert connection.getresponse().read()
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_SECONDS) == 0
    assert time.monotonic() - begun >= 1
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        call(free_port, "GET", "/ready")


@pytest.mark.parametrize("seconds", [0, 2])
def test_exits_at_the_deadline_while_a_prediction_hangs(slow: Slow, free_port: int, gate: Gate, seconds: int) -> None:
    process = slow(GATE=gate.path, DRAIN_SECONDS=str(seconds))
    (answer,) = at_once(1, lambda: predict(free_port))
    gate.wait()
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert answer.result().status == 503
    assert process.wait(PATIENCE_SECONDS) == 1
    assert time.monotonic() - begun >= seconds
