"""Work that exceeds the device's memory fails as documented. Nothing hangs, and the device stays usable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from accept.checks.inference import MODEL
from accept.checks.training import LARGE, SIZE
from accept.machine import DOCKER, CheckError, Line, Machine
from accept.processes import output
from accept.service import Answer, Service
from accept.trainer import RUN_SECONDS, counted, python_path, run_to_end, start_run

HANDLER = "workload.handler"

MAX_FAILURES = 3

_MESSAGES = ("CUDA out of memory", "can't allocate memory")
"""PyTorch's messages on a GPU and on the CPU."""

_WIDTH = 256
_BYTES_OF_FLOAT = 4
_SECONDS = 120.0


def check(machine: Machine) -> Iterator[Line]:
    """Exceed the memory in training, then in the service. Raises CheckError."""
    yield Line(f"training on {counted(machine, machine.processes)}", _training(machine))
    yield Line("service", _service(machine))


def _training(machine: Machine) -> str:
    batch = machine.too_much_memory // (_WIDTH * _BYTES_OF_FLOAT)
    arguments = ("--width", str(_WIDTH), "--batch-size", str(batch), "--precision", "fp32")
    with start_run(machine, LARGE, machine.processes, machine.folder / "too-large", *arguments) as run:
        run.must_finish(1, RUN_SECONDS)
        if not any(message in line for line in run.lines for message in _MESSAGES):
            raise CheckError(f"{run.name} does not report that the memory is exhausted; {run.last}")
    run_to_end(machine, LARGE, machine.processes, machine.folder / "after", *SIZE[machine.device], "--precision", "fp32")
    return "status 1 and PyTorch's message; the next run trained"


def _service(machine: Machine) -> str:
    with Service(machine, machine.device, fill_model(machine), HANDLER, MAX_FAILURES=str(MAX_FAILURES)) as service:
        expect(service.predict({"bytes": 4096}), 200, "a small request")
        expect(service.predict({"bytes": machine.too_much_memory}), 500, "a request that does not fit")
        expect(service.predict({"bytes": 4096}), 200, "a small request after one that does not fit")
        expect(service.get("/health"), 200, "/health after one failure")
        for _ in range(MAX_FAILURES):
            expect(service.predict({"bytes": machine.too_much_memory}), 500, "a request that does not fit")
        expect(service.get("/health"), 503, f"/health after {MAX_FAILURES} failures in a row")
        status = service.stop()
        if status != 0:
            raise CheckError(f"the service ended with status {status} after SIGTERM, not 0")
    with Service(machine, machine.device, MODEL) as service:
        expect(service.predict({"image": [0] * 64}), 200, "a request to the next service")
    return f"500, then 200 for a small request; /health 503 after {MAX_FAILURES} in a row; the next service answered"


def fill_model(machine: Machine) -> Path:
    """Folder with the model of HANDLER. Raises CheckError."""
    folder = machine.folder / "fill"
    folder.mkdir(exist_ok=True)
    variables = {"PYTHONPATH": python_path(DOCKER / "acceptance")}
    output("the model", [machine.training_python, "-m", "workload.fill", folder], DOCKER / "acceptance", variables, _SECONDS)
    return folder


def expect(answer: Answer, status: int, what: str) -> None:
    """Raise CheckError if the answer has another status."""
    if answer.status != status:
        raise CheckError(f"{what} got {answer.status}, not {status}: {answer.body}")
