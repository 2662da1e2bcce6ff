"""The checks of the service, on the real service, and the failures that each must detect."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from accept import service
from accept.checks import device_failure, inference, memory
from accept.machine import CheckError, Machine


def test_inference_measures_every_batch_size(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "BATCH_SIZES", (1, 4))
    monkeypatch.setattr(inference, "_LOAD_SECONDS", 0.5)
    lines = {line.what: line.value for line in inference.check(machine)}
    assert lines["execution provider"].endswith("nodes on CPUExecutionProvider")
    assert lines["held-out digits"].startswith("355 of 360 right (0.9861), ")
    assert [what for what in lines if "clients" in what] == ["batches of up to 1, 2 clients", "batches of up to 4, 8 clients"]
    assert [what for what in lines if "alone" in what] == [f"model alone, batches of {size}" for size in (1, 16, 256, 4096)]


def _other_weights(folder: Path) -> Path:
    model = onnx.load(inference.MODEL / "model.onnx")
    for tensor in model.graph.initializer:
        if tensor.name == "w2":
            tensor.CopyFrom(numpy_helper.from_array(np.roll(numpy_helper.to_array(tensor), 1, axis=1), "w2"))
    onnx.save(model, folder / "model.onnx")
    return folder


def test_a_wrong_answer_fails(machine: Machine) -> None:
    digits = inference.held_out(machine)[:40]
    labels = [digit["digit"] for digit in digits]
    with service.Service(machine, "cpu", inference.MODEL) as right:
        expected = inference.answers(right, digits)
    with service.Service(machine, "cpu", _other_weights(machine.folder)) as wrong:
        found = inference.answers(wrong, digits)
    assert inference.compare(expected, expected, labels).startswith("39 of 40 right")
    with pytest.raises(CheckError, match=r"^\d+ digits differ from those of the CPU"):
        inference.compare(expected, found, labels)
    # The same wrong digits on both devices.
    with pytest.raises(CheckError, match="the model is not the trained one"):
        inference.compare(found, found, labels)


def test_model_nodes_on_another_device_fail(machine: Machine) -> None:
    nodes = {"CUDAExecutionProvider": 3, "CPUExecutionProvider": 1}
    with pytest.raises(CheckError, match="every node of the model must run on CPUExecutionProvider: 1 nodes on CPUExecutionProvider, 3 "):
        inference.ran_on(machine, nodes)


def test_a_failed_request_under_load_fails(machine: Machine) -> None:
    with (
        service.Service(machine, "cpu", inference.MODEL) as running,
        pytest.raises(CheckError, match=r'a request under load got 422: \{"error"'),
    ):
        inference.throughput(running, [{"image": [17] * 64}], 2)


def test_a_service_that_cannot_start_fails(machine: Machine) -> None:
    with pytest.raises(
        CheckError, match=r"the service \(DEVICE=cpu, handler\) ended with status 1; its last line: .* contains no model file"
    ):
        service.Service(machine, "cpu", machine.folder)


def test_the_service_survives_requests_that_exceed_the_memory(machine: Machine) -> None:
    assert memory._service(machine).startswith("500, then 200")


def test_detects_a_failed_device(machine: Machine) -> None:
    (line,) = device_failure.check(machine)
    assert line.value.startswith("/health 503 (the device failed: ")


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        ("answers", "a request that does not fit got 200, not 500"),
        ("hangs", r"the service \(DEVICE=cpu, broken_handler\) did not answer POST /predict within 20 s"),
        ("stays-broken", "a small request after one that does not fit got 500, not 200"),
    ],
)
def test_fails_if_the_service_handles_exhausted_memory_differently(
    failure: str, problem: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break(monkeypatch, failure)
    monkeypatch.setattr(service, "ANSWER_SECONDS", 20)
    with pytest.raises(CheckError, match=problem):
        memory._service(machine)


def test_fails_if_health_does_not_report_a_failed_device(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch, "unnoticed")
    with pytest.raises(CheckError, match="/health after the device failed got 200, not 503"):
        list(device_failure.check(machine))


def _break(monkeypatch: pytest.MonkeyPatch, failure: str) -> None:
    monkeypatch.setenv("FAILURE", failure)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setattr(memory, "HANDLER", "broken_handler")
    monkeypatch.setattr(device_failure, "HANDLER", "broken_handler")
