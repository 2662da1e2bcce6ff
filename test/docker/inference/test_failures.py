"""A model or a GPU that fails turns the service unhealthy."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

import pytest

from service.failures import Failures
from service_client import BAD_IMAGE, at_once, call, metric, predict
from shared.model import DeviceError

Slow = Callable[..., subprocess.Popen[str]]


def test_an_error_of_the_device_is_final() -> None:
    failures = Failures(5, 10)
    failures.failed(DeviceError("CUDA failure 700"))
    failures.succeeded()
    assert failures.reason() == "the device failed: CUDA failure 700"


def test_so_many_failures_in_a_row() -> None:
    failures = Failures(3, 10)
    for _ in range(2):
        failures.failed(ValueError("no"))
    assert failures.reason() is None
    failures.succeeded()
    for _ in range(3):
        assert failures.reason() is None
        failures.failed(ValueError("no"))
    assert failures.reason() == "3 predictions in a row failed"
    failures.succeeded()
    assert failures.reason() is None


def test_a_prediction_that_never_ends() -> None:
    failures = Failures(3, 0.05)
    failures.started()
    assert failures.reason() is None
    time.sleep(0.1)
    assert failures.reason() == "a prediction has been running for more than 0.05 s"
    failures.succeeded()
    assert failures.reason() is None


def test_a_dead_gpu_leaves_the_rotation(slow: Slow, free_port: int) -> None:
    process = slow(FAIL="device", FAIL_FROM="1")
    assert predict(free_port).status == 200
    assert call(free_port, "GET", "/health").status == 200
    assert predict(free_port).status == 500
    for path in ("/health", "/ready"):
        answer = call(free_port, "GET", path)
        assert (answer.status, answer.body["status"]) == (503, "failing")
        assert "CUDA failure 700" in answer.body["error"]
    assert metric(free_port, 'inference_requests_total{status="500"}') == 1
    assert metric(free_port, "inference_ready") == 0
    process.terminate()
    _, err = process.communicate(timeout=10)
    assert err == "error: a prediction failed: CUDA failure 700: an illegal memory access was encountered\n"
    assert process.returncode == 0


@pytest.mark.parametrize(("most", "variables"), [(5, {}), (2, {"MAX_FAILURES": "2"})])
def test_a_broken_model_fails_the_health_check(slow: Slow, free_port: int, most: int, variables: dict[str, str]) -> None:
    slow(FAIL="model", **variables)
    for _ in range(most):
        assert call(free_port, "GET", "/health").status == 200
        assert predict(free_port).status == 500
    assert call(free_port, "GET", "/health").body == {"status": "failing", "error": f"{most} predictions in a row failed"}
    assert metric(free_port, 'inference_requests_total{status="500"}') == most


def test_a_good_prediction_between_bad_ones_keeps_it_healthy(slow: Slow, free_port: int) -> None:
    slow(MAX_FAILURES="2")
    for _ in range(4):
        assert predict(free_port, BAD_IMAGE).status == 500
        assert predict(free_port).status == 200
    assert call(free_port, "GET", "/health").status == 200


def test_a_gpu_that_hangs_fails_the_health_check(slow: Slow, free_port: int) -> None:
    slow(SECONDS="600", REQUEST_SECONDS="1")
    (answer,) = at_once(1, lambda: predict(free_port))
    assert answer.result().status == 503
    time.sleep(0.2)
    assert "running for more than 1 s" in call(free_port, "GET", "/health").body["error"]
