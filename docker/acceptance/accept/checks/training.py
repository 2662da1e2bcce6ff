"""Training on one, two and all GPUs: equal losses, the throughput, and bf16 compared with fp32."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accept.machine import CheckError, Line, Machine
from accept.trainer import counted, losses_of, report_of, run_to_end

DIGITS = "digits_training.loop:train"
"""The image's own loop."""

LARGE = "workload.loop:train"
"""A loop with matrices that are large enough to occupy a GPU."""

SIZE = {
    "cpu": ("--width", "256", "--layers", "3", "--batch-size", "512"),
    "cuda": ("--width", "4096", "--layers", "8", "--batch-size", "8192"),
}
"""Arguments of LARGE: about 4 GiB of GPU memory, and 6.6 TFLOP a step."""

DIGITS_TOLERANCE = 0.01
"""Greatest difference between the digits' loss of several processes and of one. On GPUs, the loop uses bf16, with 8 significant bits."""

FP32_TOLERANCE = 0.001
"""Greatest difference between the fp32 loss of several processes and of one: only the order of additions differs."""

BF16_TOLERANCE = 0.05
"""Greatest difference between the loss in bf16 and in fp32."""

_AMPERE = 8

_DIGITS_ARGUMENTS = ("--backend", "torch", "--epochs", "3", "--copies", "16", "--batch-size", "240")


def check(machine: Machine) -> Iterator[Line]:
    """Train with each number of GPUs, and compare with one GPU. Raises CheckError."""
    yield from _digits(machine)
    yield from _large(machine)


def counts(machine: Machine) -> list[int]:
    """Numbers of processes: one, two and all."""
    return sorted({count for count in (1, 2, machine.processes) if count <= machine.processes})


def _digits(machine: Machine) -> Iterator[Line]:
    alone: list[float] = []
    for count in counts(machine):
        run = run_to_end(machine, DIGITS, count, machine.folder / f"digits-{count}", *_DIGITS_ARGUMENTS)
        report, losses = report_of(run), losses_of(run)
        must_use(machine, report, count)
        alone = alone or losses
        text = f"loss {losses[-1]:.4f}, accuracy {report['accuracy']:.4f}"
        yield Line(f"digits on {counted(machine, count)}", f"{text}{within(losses, alone, DIGITS_TOLERANCE, 'one') if count > 1 else ''}")
    if machine.processes < 2:
        yield Line("several GPUs with NCCL", "this machine has one GPU", skipped=True)


def _large(machine: Machine) -> Iterator[Line]:
    reference: dict[str, list[float]] = {}
    for count in counts(machine):
        for precision in precisions(machine):
            folder = machine.folder / f"large-{count}-{precision}"
            report = report_of(run_to_end(machine, LARGE, count, folder, *SIZE[machine.device], "--precision", precision))
            must_use(machine, report, count)
            losses = report["losses"]
            if losses[-1] >= losses[0]:
                raise CheckError(f"the loss in {precision} on {counted(machine, count)} did not fall: {losses[0]} to {losses[-1]}")
            first = reference.setdefault(precision, losses)
            if precision == "fp32":
                compared = within(losses, first, FP32_TOLERANCE, "one") if count > 1 else ""
            else:
                compared = within(losses, reference["fp32"], BF16_TOLERANCE, "fp32")
            speed = f"{report['samples_a_second']:,.0f} samples/s, {report['teraflops']:.3g} TFLOP/s"
            memory = f", {report['memory_gib']:.1f} GiB a GPU" if machine.device == "cuda" else ""
            yield Line(f"{precision} on {counted(machine, count)}", f"{speed}{memory}{compared}")
    if "bf16" not in precisions(machine):
        yield Line("bf16", "GPUs before Ampere (compute capability 8.0) emulate it", skipped=True)


def precisions(machine: Machine) -> tuple[str, ...]:
    """Precisions that the devices support."""
    native = all(int(gpu.capability.partition(".")[0]) >= _AMPERE for gpu in machine.gpus)
    return ("fp32", "bf16") if native else ("fp32",)


def must_use(machine: Machine, report: dict[str, Any], processes: int) -> None:
    """Raise CheckError if a run used another number of processes or another device."""
    on_cpu = report["device"] == "cpu"
    if report["processes"] != processes or on_cpu != (machine.device == "cpu"):
        raise CheckError(f"the run had {report['processes']} processes on {report['device']}, not {processes} on {machine.device}")


def within(losses: list[float], expected: list[float], tolerance: float, other: str) -> str:
    """The greatest difference of the losses, for a row. Raises CheckError if it exceeds the tolerance."""
    if len(losses) != len(expected):
        raise CheckError(f"the run has {len(losses)} losses, not {len(expected)}")
    greatest = max(abs(one - two) for one, two in zip(losses, expected, strict=True))
    # NaN compares as false.
    if not greatest <= tolerance:
        raise CheckError(f"the losses {losses} differ from those of {other}, {expected}, by {greatest:.2g}; allowed: {tolerance:g}")
    return f", loss within {greatest:.1g} of {other} (allowed: {tolerance:g})"
