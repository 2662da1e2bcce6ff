"""The checks of the trainer, with Gloo on the CPU, and the failures that each must detect."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

import pytest

from accept.checks import memory, resume, training
from accept.machine import CheckError, Line, Machine
from workload import trap

Break = Callable[[str], None]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """The CPU of this machine, which takes seconds for an epoch."""
    monkeypatch.setattr(resume, "EPOCHS", 4)
    return Machine("cpu", (), Path(sys.executable), Path(sys.executable), tmp_path)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Replaces the loops with versions that fail."""

    def choose(failure: str) -> None:
        monkeypatch.setenv("FAILURE", failure)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), str(Path(training.__file__).parents[2])]))
        monkeypatch.setattr(training, "DIGITS", "broken_loop:train")
        monkeypatch.setattr(resume, "DIGITS", "broken_loop:train")
        monkeypatch.setattr(training, "LARGE", "broken_loop:train_large")
        monkeypatch.setattr(memory, "LARGE", "broken_loop:train_large")

    return choose


def _fails(lines: Iterable[Line], problem: str) -> None:
    with pytest.raises(CheckError, match=problem):
        list(lines)


def test_two_processes_reach_the_loss_of_one(machine: Machine) -> None:
    lines = {line.what: line.value for line in training.check(machine)}
    assert list(lines) == [
        "digits on 1 CPU process",
        "digits on 2 CPU processes",
        *(f"{precision} on {count}" for count in ("1 CPU process", "2 CPU processes") for precision in ("fp32", "bf16")),
    ]
    assert "loss within" in lines["fp32 on 2 CPU processes"]


def test_a_different_loss_on_two_processes_fails(machine: Machine, broken: Break) -> None:
    broken("loss")
    _fails(training._large(machine), r"^the losses \[.*\] differ from those of one, \[.*\], by 0\.01; allowed: 0\.001$")


def test_a_loss_that_does_not_fall_fails(machine: Machine, broken: Break) -> None:
    broken("learns-nothing")
    _fails(training._large(machine), "the loss in fp32 on 1 CPU process did not fall: ")


def test_training_on_another_device_fails(machine: Machine, broken: Break) -> None:
    broken("device")
    _fails(training._digits(machine), "the run had 1 processes on NVIDIA L4, not 1 on cpu")


def test_nan_losses_fail() -> None:
    with pytest.raises(CheckError, match="differ from those of one"):
        training.within([float("nan")], [1.0], 0.1, "one")
    with pytest.raises(CheckError, match="the run has 1 losses, not 2"):
        training.within([1.0], [1.0, 0.5], 0.1, "one")


def test_a_stopped_and_a_killed_run_resume(machine: Machine) -> None:
    lines = {line.what: line.value for line in resume.check(machine)}
    assert lines["SIGTERM on 2 CPU processes"].startswith("status 143, resumed from epoch ")
    assert lines["SIGKILL of rank 1"].startswith("status 137, resumed from epoch ")
    assert all(value.endswith("same model byte for byte") for value in lines.values())


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        ("status", r"the trainer \(broken_loop:train, 2 CPU processes\) ended with status 1, not 143"),
        ("hangs", r"the trainer \(broken_loop:train, 2 CPU processes\) did not end within 20 s; its last line: "),
        ("forgets", "the run did not resume: it resumed from epoch None"),
        ("model", r"a weight differs by 0\.1 from the uninterrupted run; allowed: 0\.001"),
    ],
)
def test_a_run_that_does_not_stop_or_resume_as_documented_fails(
    failure: str, problem: str, machine: Machine, broken: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(failure)
    monkeypatch.setattr(resume, "STOP_SECONDS", 20 if failure == "hangs" else resume.STOP_SECONDS)
    _fails(resume.check(machine), problem)


def test_a_run_that_exceeds_the_memory_ends_with_a_message(machine: Machine) -> None:
    assert memory._training(machine) == "status 1 and PyTorch's message; the next run trained"


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        ("swallows-memory", "ended with status 0, not 1"),
        ("no-message", "does not report that the memory is exhausted"),
    ],
)
def test_fails_if_exhausted_memory_ends_the_run_differently(failure: str, problem: str, machine: Machine, broken: Break) -> None:
    broken(failure)
    with pytest.raises(CheckError, match=problem):
        memory._training(machine)


@pytest.mark.parametrize("architecture", ["sm_75", "sm_80", "sm_90"])
def test_the_kernel_that_traps_compiles(architecture: str, tmp_path: Path) -> None:
    # The compiler of the driver, in the package triton.
    found = find_spec("triton")
    assert found is not None
    assert found.origin is not None
    compiler = Path(found.origin).parent / "backends" / "nvidia" / "bin" / "ptxas"
    source = tmp_path / "kernel.ptx"
    source.write_bytes(trap.KERNEL.rstrip(b"\0"))
    subprocess.run([compiler, f"-arch={architecture}", source, "-o", tmp_path / "kernel.cubin"], check=True)
