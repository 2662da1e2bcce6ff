"""A model or GPU that fails makes the service unhealthy."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable

import pytest

from gate import Gate
from service_client import BAD_IMAGE, at_once, call, metric, predict
from serving.model.failures import Failures, is_device_failure
from serving.observe.request_id import RequestId
from shared.errors import DeviceError
from support import PATIENCE_SECONDS, wait_until

Slow = Callable[..., subprocess.Popen[str]]

REQUEST = RequestId("r", None)


def test_a_device_failure_is_permanent() -> None:
    failures = Failures(5, 10)
    failures.failed(DeviceError("CUDA failure 700"), "", [REQUEST])
    failures.succeeded()
    assert failures.reason() == "the device failed: CUDA failure 700"


def test_is_unhealthy_after_several_failures_in_a_row() -> None:
    failures = Failures(3, 10)
    for _ in range(2):
        failures.failed(ValueError("no"), "", [REQUEST])
    assert failures.reason() is None
    failures.succeeded()
    for _ in range(3):
        assert failures.reason() is None
        failures.failed(ValueError("no"), "", [REQUEST])
    assert failures.reason() == "3 predictions in a row failed"
    failures.succeeded()
    assert failures.reason() is None


def test_is_unhealthy_while_a_prediction_hangs() -> None:
    patient, impatient = Failures(3, 3600), Failures(3, 0.05)
    for failures in (patient, impatient):
        failures.started()
    time.sleep(0.1)
    assert patient.reason() is None
    assert impatient.reason() == "a prediction has been running for more than 0.05 s"
    impatient.ended()
    assert impatient.reason() is None


@pytest.mark.parametrize(
    ("message", "lost"),
    [
        ("CUDA failure 700: an illegal memory access was encountered ; GPU=0", True),
        ("CUBLAS failure 14: CUBLAS_STATUS_INTERNAL_ERROR", True),
        ("CUDNN_FE failure 11: CUDNN_BACKEND_API_FAILED", True),
        ("CUDA error: device-side assert triggered", True),
        ("Failed to allocate memory for requested buffer of size 4096", False),
        ("CUDA out of memory. Tried to allocate 20.00 MiB", False),
        ("CUDA error: out of memory", False),
        ("CUDA failure 2: out of memory ; GPU=0", False),
    ],
)
def test_distinguishes_device_failures_from_exhausted_memory(message: str, lost: bool) -> None:
    assert is_device_failure(RuntimeError(message)) is lost


@pytest.mark.parametrize(("kind", "text"), [("device", "CUDA failure 700"), ("torch", "CUDA error: device-side assert")])
def test_a_device_failure_fails_health_and_readiness(slow: Slow, free_port: int, kind: str, text: str) -> None:
    process = slow(FAIL=kind, FAIL_FROM="1")
    assert predict(free_port).status == 200
    assert call(free_port, "GET", "/health").status == 200
    assert predict(free_port).status == 500
    for path in ("/health", "/ready"):
        answer = call(free_port, "GET", path)
        assert (answer.status, answer.body["status"]) == (503, "failing")
        assert text in answer.body["error"]
    assert metric(free_port, 'inference_requests_total{status="500"}') == 1
    assert metric(free_port, "inference_ready") == 0
    process.terminate()
    _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert re.fullmatch(rf"error: a prediction failed: \w+: {text}.* \(slow\.py:\d+\) \[request [0-9a-f]{{32}}\]\n", err)
    assert process.returncode == 0


@pytest.mark.parametrize(("most", "variables"), [(5, {}), (2, {"MAX_FAILURES": "2"})])
def test_failed_predictions_in_a_row_fail_the_health_check(slow: Slow, free_port: int, most: int, variables: dict[str, str]) -> None:
    slow(FAIL="model", **variables)
    for _ in range(most):
        assert call(free_port, "GET", "/health").status == 200
        assert predict(free_port).status == 500
    assert call(free_port, "GET", "/health").body == {"status": "failing", "error": f"{most} predictions in a row failed"}
    assert metric(free_port, 'inference_requests_total{status="500"}') == most


def test_stays_healthy_if_predictions_succeed_in_between(slow: Slow, free_port: int) -> None:
    slow(MAX_FAILURES="2")
    for _ in range(4):
        assert predict(free_port, BAD_IMAGE).status == 500
        assert predict(free_port).status == 200
    assert call(free_port, "GET", "/health").status == 200


def test_a_hanging_prediction_fails_the_health_check(slow: Slow, free_port: int, gate: Gate) -> None:
    slow(GATE=gate.path, REQUEST_SECONDS="1")
    (answer,) = at_once(1, lambda: predict(free_port))
    assert answer.result().status == 503
    wait_until(lambda: call(free_port, "GET", "/health").status == 503)
    assert "running for more than 1 s" in call(free_port, "GET", "/health").body["error"]


@pytest.mark.parametrize("kind", ["iterator", "exit", "short", "format", "nan"])
def test_any_misbehavior_of_a_handler_is_a_failed_prediction(slow: Slow, free_port: int, kind: str) -> None:
    process = slow(FAIL=kind, MAX_FAILURES="2")
    for _ in range(2):
        assert call(free_port, "GET", "/health").status == 200
        assert predict(free_port).status == 500
    assert call(free_port, "GET", "/health").status == 503
    process.terminate()
    _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert len(err.splitlines()) == 2
    assert all(line.startswith("error: a prediction failed: ") for line in err.splitlines())
    assert process.returncode == 0


def test_a_refused_input_is_not_a_failure(slow: Slow, free_port: int) -> None:
    slow(MAX_FAILURES="1")
    answer = predict(free_port, json.dumps({"image": [14] * 64}).encode())
    assert (answer.status, answer.body) == (422, {"error": "the model knows no 14"})
    assert call(free_port, "GET", "/health").status == 200


def test_converts_arrays_and_numbers_of_numpy(slow: Slow, free_port: int) -> None:
    slow(FAIL="numpy")
    answer = predict(free_port)
    assert answer.status == 200
    assert isinstance(answer.body["digit"], int)
    assert len(answer.body["probabilities"]) == 10
