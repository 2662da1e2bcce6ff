"""SIGTERM: one deadline for everything."""

from __future__ import annotations

import concurrent.futures
import http.client
import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable

import pytest

from service_client import IMAGE, at_once, call, predict

Slow = Callable[..., subprocess.Popen[str]]


def test_answers_what_it_has_accepted_within_the_deadline(slow: Slow, free_port: int) -> None:
    process = slow(SECONDS="4", DRAIN_SECONDS="5")
    (answer,) = at_once(1, lambda: predict(free_port))
    time.sleep(0.3)
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert answer.result().status == 200
    assert process.wait(timeout=10) == 0
    assert time.monotonic() - begun < 5 + 0.5


def test_cuts_off_at_the_deadline_and_says_so(slow: Slow, free_port: int) -> None:
    process = slow(SECONDS="0.25", BATCH_SIZE="1", DRAIN_SECONDS="3", QUEUE_SIZE="100")
    answers = at_once(100, lambda: predict(free_port))
    time.sleep(1.5)
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    got = [answer.result() for answer in answers]
    _, err = process.communicate(timeout=10)
    took = time.monotonic() - begun
    statuses = [answer.status for answer in got]
    assert set(statuses) == {200, 503}
    assert 12 <= statuses.count(200) <= 20
    assert all(answer.headers["retry-after"] == "1" for answer in got if answer.status == 503)
    assert process.returncode == 1
    assert err == f"error: {statuses.count(503)} requests were cut off 3 s after SIGTERM\n"
    assert 3 <= took < 3 + 2


def test_ends_at_the_deadline_with_a_prediction_that_never_does(slow: Slow, free_port: int) -> None:
    process = slow(SECONDS="600", DRAIN_SECONDS="2")
    (answer,) = at_once(1, lambda: predict(free_port))
    time.sleep(0.3)
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert answer.result().status == 503
    assert process.wait(timeout=10) == 1
    assert 2 <= time.monotonic() - begun < 2 + 2


def test_a_body_that_does_not_end_is_cut_off_too(slow: Slow, free_port: int) -> None:
    process = slow(DRAIN_SECONDS="1")
    connection = http.client.HTTPConnection("127.0.0.1", free_port, timeout=10)
    connection.putrequest("POST", "/predict")
    connection.putheader("Content-Length", "1000")
    connection.endheaders(b"{")
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    assert connection.getresponse().status == 503
    assert process.wait(timeout=10) == 1
    connection.close()


def test_loses_no_request_on_connections_that_clients_keep(slow: Slow, free_port: int) -> None:
    """What Kubernetes leaves to the service: after `preStop` no new connections come, and clients go on using theirs."""
    process = slow(SECONDS="0.005")
    problems: list[Exception] = []
    answered: list[bool] = []
    ready = threading.Barrier(9)

    def keep_asking() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", free_port, timeout=10)
        connection.connect()
        connection.auto_open = 0
        ready.wait()
        try:
            closing = False
            while not closing:
                connection.request("POST", "/predict", IMAGE)
                response = connection.getresponse()
                assert response.status == 200
                assert json.loads(response.read())["digit"] in range(10)
                closing = response.will_close
                answered.append(closing)
                time.sleep(0.02)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(keep_asking)
        ready.wait()
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
    assert problems == []
    assert answered.count(True) == 8
    assert answered.count(False) > 8
    assert process.wait(timeout=5) == 0


def test_is_not_ready_while_it_drains(slow: Slow, free_port: int) -> None:
    process = slow()
    connection = http.client.HTTPConnection("127.0.0.1", free_port, timeout=5)
    connection.request("GET", "/ready")
    assert connection.getresponse().read()
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    connection.request("GET", "/ready")
    response = connection.getresponse()
    assert (response.status, json.loads(response.read())) == (503, {"status": "draining"})
    assert response.getheader("Connection") == "close"
    assert process.wait(timeout=5) == 0


def test_idle_connections_hold_it_up_for_a_second(slow: Slow, free_port: int) -> None:
    process = slow()
    connection = http.client.HTTPConnection("127.0.0.1", free_port)
    connection.request("GET", "/ready")
    assert connection.getresponse().read()
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    assert 1 <= time.monotonic() - begun < 3
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        call(free_port, "GET", "/ready")


def test_ends_at_once_without_connections_or_time(slow: Slow, free_port: int) -> None:
    process = slow(DRAIN_SECONDS="0", SECONDS="5")
    (answer,) = at_once(1, lambda: predict(free_port))
    time.sleep(0.3)
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert answer.result().status == 503
    assert process.wait(timeout=10) == 1
    assert time.monotonic() - begun < 2
