"""Helpers of all tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

DOCKER = Path(__file__).resolve().parents[2] / "docker"

PATIENCE_SECONDS = 120
"""Time limit for events that take less than a second on an idle machine. Only a failing test waits this long."""

Start = Callable[..., subprocess.Popen[str]]


def start_module(image: str, module: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start `python -m <module>` of an image as its container does, with the shared code and only the given variables."""
    return start_python(image, "-m", module, *arguments, **variables)


def start_python(image: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start Python in the folder of an image, with the shared code and only the given variables."""
    path = os.pathsep.join([str(DOCKER / "common"), *filter(None, [variables.pop("PYTHONPATH", None)])])
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=DOCKER / image,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": path,
            "MODEL_DIR": str(DOCKER / "common" / "model"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "OPENBLAS_NUM_THREADS": "1",
            **variables,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], seconds: float = PATIENCE_SECONDS) -> tuple[int, str, str]:
    """Wait until a process ends. Returns its status and output."""
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out, err


def read_until(process: subprocess.Popen[str], beginning: str) -> None:
    """Read the output of a process until a line with this beginning."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(beginning):
            return
    raise AssertionError(f"the process ended before it said {beginning!r}: {process.communicate()[1]}")


def wait_until(what: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until a condition is true. A refused connection counts as false."""
    deadline = time.monotonic() + seconds
    while not _holds(what):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)


def _holds(what: Callable[[], bool]) -> bool:
    try:
        return what()
    except OSError:
        return False


def result_of(output: str) -> dict[str, Any]:
    """The JSON in the last line of a process's output."""
    result: dict[str, Any] = json.loads(output.splitlines()[-1])
    return result
