"""Runs the checks, prints each measurement immediately, and writes the table."""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from accept.machine import DOCKER, Check, CheckError, Machine
from accept.nvml import cuda_of_driver
from accept.processes import output
from accept.trainer import python_path
from shared.cuda import check_driver


@dataclass(frozen=True)
class Row:
    """A row of the table."""

    check: str
    what: str
    result: str
    """`passed`, `skipped` or `failed`."""
    value: str
    seconds: float

    @property
    def failed(self) -> bool:
        """Whether the check failed."""
        return self.result == "failed"


def rows(name: str, check: Check, machine: Machine) -> Iterator[Row]:
    """The measurements of a check as rows, each as soon as it is available. If the check raises, the last row has the reason."""
    begun = time.monotonic()
    try:
        for line in check(machine):
            now = time.monotonic()
            yield Row(name, line.what, "skipped" if line.skipped else "passed", line.value, now - begun)
            begun = now
    except CheckError as problem:
        yield Row(name, "", "failed", str(problem), time.monotonic() - begun)
    # An error in a check must not hide the results of the others.
    except Exception as problem:
        yield Row(name, "", "failed", f"{type(problem).__name__}: {problem}", time.monotonic() - begun)


def run_checks(checks: Mapping[str, Check], machine: Machine) -> list[Row]:
    """Run every check, even after a failed one, and print each row."""
    found = []
    for name, check in checks.items():
        print(f"== {name}", flush=True)
        for row in rows(name, check, machine):
            stream = sys.stderr if row.failed else sys.stdout
            print(f"{row.result:7}  {row.what + ': ' if row.what else ''}{row.value}  [{row.seconds:.1f} s]", file=stream, flush=True)
            found.append(row)
    return found


def table(found: list[Row], machine: Machine) -> str:
    """The results as Markdown: the machine and its versions, then a row for each measurement."""
    facts = [["date", datetime.now(UTC).date().isoformat()], *_devices(machine), *_versions(machine)]
    results = [[row.check, row.what, row.result, row.value, f"{row.seconds:.1f} s"] for row in found]
    return f"{_markdown(['machine', ''], facts)}\n{_markdown(['check', 'measured', 'result', 'value', 'took'], results)}"


def _devices(machine: Machine) -> list[list[str]]:
    if machine.device == "cpu":
        return [["device", f"CPU ({platform.machine()})"]]
    names = [gpu.name for gpu in machine.gpus]
    counted = ", ".join(f"{names.count(name)} x {name}" for name in dict.fromkeys(names))
    return [["device", counted], ["driver", f"{check_driver()}, up to CUDA {cuda_of_driver()}"]]


def _versions(machine: Machine) -> list[list[str]]:
    found = []
    for image, python in (("inference", machine.inference_python), ("training", machine.training_python)):
        variables = {"PYTHONPATH": python_path(DOCKER / "acceptance")}
        try:
            line = output(f"the versions of {image}", [python, "-m", "workload.versions"], DOCKER / "acceptance", variables, 120)
            text = ", ".join(f"{name} {version}" for name, version in json.loads(line).items())
        except CheckError as problem:
            text = str(problem)
        found.append([f"packages of {image}", text])
    return found


def _markdown(header: list[str], content: list[list[str]]) -> str:
    """A table with aligned columns, as Prettier formats it."""
    lines = [header, *([" ".join(cell.replace("|", "\\|").split()) for cell in line] for line in content)]
    widths = [max(3, *(len(line[column]) for line in lines)) for column in range(len(header))]
    text = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    text.insert(1, ["-" * width for width in widths])
    return "".join(f"| {' | '.join(line)} |\n" for line in text)


def write(text: str, file: Path) -> None:
    """Write the table to a page."""
    file.write_text(f"# GPU acceptance\n\nThe result of `npm run accept:gpu`. [What it checks](acceptance.md).\n\n{text}")
