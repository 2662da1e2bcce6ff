"""Runs of the trainer, started as in the image."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from accept.machine import DOCKER, CheckError, Machine
from accept.processes import Started, free_port

RUN_ID = "accept"
"""One id for all runs, because the exported model contains it, and models are compared byte for byte. Each run has a separate folder."""

RUN_SECONDS = 600.0
"""Longest time of a run. It takes seconds on a GPU, and up to minutes on a busy CPU."""


def start_run(machine: Machine, loop: str, processes: int, folder: Path, *arguments: str) -> Started:
    """Start `python -m trainer` with this number of processes, and checkpoints in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    variables = {
        "CHECKPOINT_DIR": str(folder),
        "DEVICE": machine.device,
        "HEARTBEAT_FILE": str(folder / "alive"),
        # The trainer sets this for several processes. Set it for one too, so that the throughput is comparable.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PET_MASTER_PORT": str(free_port()),
        "PET_NPROC_PER_NODE": str(processes),
        "PYTHONPATH": python_path(DOCKER / "common", DOCKER / "acceptance"),
        "RUN_ID": RUN_ID,
        "TRAINING_LOOP": loop,
    }
    command: list[str | Path] = [machine.training_python, "-m", "trainer", *arguments]
    return Started(f"the trainer ({loop}, {counted(machine, processes)})", command, DOCKER / "training", variables)


def run_to_end(machine: Machine, loop: str, processes: int, folder: Path, *arguments: str) -> Started:
    """Run the trainer, and wait until it exits with 0. Raises CheckError."""
    with start_run(machine, loop, processes, folder, *arguments) as run:
        run.must_finish(0, RUN_SECONDS)
        return run


def report_of(run: Started) -> dict[str, Any]:
    """The JSON report of a run. Raises CheckError if the run printed none."""
    for line in run.lines:
        if line.startswith("{"):
            report: dict[str, Any] = json.loads(line)
            return report
    raise CheckError(f"{run.name} printed no report; {run.last}")


def losses_of(run: Started) -> list[float]:
    """The loss of each epoch of the digits loop."""
    return [float(match[1]) for line in run.lines if (match := re.match(r"epoch \d+/\d+  loss (\S+)", line))]


def counted(machine: Machine, processes: int) -> str:
    """A description of the devices of a run, such as `2 GPUs`."""
    unit = "GPU" if machine.device == "cuda" else "CPU process"
    return f"{processes} {unit}" if processes == 1 else f"{processes} {unit}{'s' if unit == 'GPU' else 'es'}"


def python_path(*folders: Path) -> str:
    """PYTHONPATH with these folders, followed by the user's own."""
    return os.pathsep.join([*map(str, folders), *filter(None, [os.environ.get("PYTHONPATH")])])
