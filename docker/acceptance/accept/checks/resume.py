"""A run that is stopped or killed ends as documented. It resumes, and produces the same model as an uninterrupted run."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from accept.machine import DOCKER, CheckError, Line, Machine
from accept.processes import Started, output
from accept.trainer import RUN_ID, RUN_SECONDS, counted, python_path, report_of, run_to_end, start_run

DIGITS = "digits_training.loop:train"

TOLERANCE = 0.001
"""Greatest difference of a weight. cuBLAS gives the same bits on the same GPU; NCCL may add in another order."""

STOP_SECONDS = 240.0
"""Longest time from a signal to the end of the run. NCCL gives up on a lost process after two minutes, and the trainer a minute later."""

EPOCHS = 12
"""Epochs of a run. A signal comes after the second, and must arrive before the last ends."""

_ARGUMENTS = ("--backend", "torch", "--copies", "40", "--batch-size", "240", "--epochs")
_SECONDS = 60.0


def check(machine: Machine) -> Iterator[Line]:
    """Compare a run that is stopped and a run that loses a process with an uninterrupted run. Raises CheckError."""
    whole = machine.folder / "whole"
    run_to_end(machine, DIGITS, machine.processes, whole, *_ARGUMENTS, str(EPOCHS))

    stopped = machine.folder / "stopped"
    with _until_second_epoch(machine, stopped) as run:
        run.send(signal.SIGTERM)
        run.must_finish(143, STOP_SECONDS)
        if not any("; wrote " in line for line in run.lines):
            raise CheckError(f"{run.name} wrote no checkpoint after SIGTERM; {run.last}")
    yield Line(f"SIGTERM on {counted(machine, machine.processes)}", f"status 143, {_resumed(machine, stopped, whole)}")

    killed = machine.folder / "killed"
    with _until_second_epoch(machine, killed) as run:
        victim = process_of_rank(run.pid, machine.processes - 1) if machine.processes > 1 else run.pid
        os.kill(victim, signal.SIGKILL)
        run.must_finish(128 + signal.SIGKILL, STOP_SECONDS)
    yield Line(f"SIGKILL of rank {machine.processes - 1}", f"status 137, {_resumed(machine, killed, whole)}")


def _until_second_epoch(machine: Machine, folder: Path) -> Started:
    run = start_run(machine, DIGITS, machine.processes, folder, *_ARGUMENTS, str(EPOCHS))
    try:
        run.wait_for("epoch 2/", RUN_SECONDS)
    except BaseException:
        run.__exit__(None, None, None)
        raise
    return run


def _resumed(machine: Machine, folder: Path, whole: Path) -> str:
    if (folder / RUN_ID / "model.onnx").exists():
        raise CheckError(f"the run ended before the signal: there is a model in {folder}")
    report = report_of(run_to_end(machine, DIGITS, machine.processes, folder, *_ARGUMENTS, str(EPOCHS)))
    if report["epochs"] != EPOCHS or not report["resumed_from_epoch"]:
        raise CheckError(f"the run did not resume: it resumed from epoch {report['resumed_from_epoch']} and has {report['epochs']} epochs")
    return f"resumed from epoch {report['resumed_from_epoch']}, {same_model(machine, folder, whole)}"


def same_model(machine: Machine, folder: Path, whole: Path) -> str:
    """The difference of two models. Raises CheckError if a weight differs by more than TOLERANCE."""
    one, other = (path / RUN_ID / "model.onnx" for path in (folder, whole))
    if one.read_bytes() == other.read_bytes():
        return "same model byte for byte"
    command: list[str | Path] = [machine.training_python, "-m", "workload.difference", one, other]
    variables = {"PYTHONPATH": python_path(DOCKER / "acceptance")}
    greatest = float(json.loads(output("the comparison of models", command, DOCKER / "acceptance", variables, _SECONDS)))
    if not greatest <= TOLERANCE:
        raise CheckError(f"a weight differs by {greatest:.2g} from the uninterrupted run; allowed: {TOLERANCE:g}")
    return f"weights within {greatest:.1g} (allowed: {TOLERANCE:g})"


def process_of_rank(parent: int, rank: int) -> int:
    """ID of the training process that `parent` started with this local rank. Raises CheckError."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_child = int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == parent
            if is_child and f"LOCAL_RANK={rank}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                return int(folder.name)
    raise CheckError(f"process {parent} has no training process with the local rank {rank}")
