"""`python -m accept`: exits 0 if all checks passed, 1 if one failed or the machine has no GPU.

With `--probe`, it only looks for a driver and a GPU, so that a machine without them fails before anything is installed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from accept.checks import CHECKS
from accept.checks.driver import no_gpu
from accept.machine import Machine
from accept.nvml import Gpu, gpus
from accept.report import run_checks, table, write
from shared.cuda import DriverError, check_driver


def main(arguments: list[str]) -> int:
    """Run the checks of the command line; returns the exit status."""
    parsed = _parser().parse_args(arguments)
    try:
        found = _gpus() if parsed.device == "cuda" and not parsed.prepare else ()
    except DriverError as problem:
        print(f"error: {problem}, here the option --device cpu", file=sys.stderr)
        return 1
    if parsed.probe:
        return 0
    # Each check starts its processes in new sessions, so they end only with the `with` blocks of this process.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    inference, training = (parsed.python or chosen or Path(sys.executable) for chosen in (parsed.inference_python, parsed.training_python))
    with tempfile.TemporaryDirectory(prefix="acceptance-") as folder:
        machine = Machine(parsed.device, found, inference, training, Path(folder))
        results = run_checks({name: check for name, check in CHECKS.items() if not parsed.only or name in parsed.only}, machine)
        text = table(results, machine)
    print(f"\n{text}", flush=True)
    if parsed.report is not None:
        write(text, parsed.report)
    failed = [row for row in results if row.failed]
    for row in failed:
        print(f"error: {row.check} failed: {row.value}", file=sys.stderr)
    return 1 if failed else 0


def _gpus() -> tuple[Gpu, ...]:
    check_driver()
    found = gpus(os.environ)
    if not found:
        raise DriverError(no_gpu())
    return found


def _executable(text: str) -> Path:
    found = shutil.which(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text} is not an executable file")
    # Not resolved: Python uses the packages of a virtual environment only if it is started through its link.
    return Path(found).absolute()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="npm run accept:gpu --", allow_abbrev=False, description="Check inference and training on this machine's GPUs."
    )
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda", help="cpu tries the checks without a GPU (default cuda)")
    parser.add_argument("--only", choices=tuple(CHECKS), action="append", help="run this check only; may be repeated")
    parser.add_argument("--report", type=Path, help="write the table to this Markdown file, too")
    parser.add_argument("--python", type=_executable, help="use the packages of this Python, and install nothing")
    parser.add_argument("--prepare", action="store_true", help="install the packages only; needs no GPU")
    # docker/dev.py passes these.
    parser.add_argument("--inference-python", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--training-python", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--probe", action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
