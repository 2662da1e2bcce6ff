"""What the tests share."""

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

Start = Callable[..., subprocess.Popen[str]]


def start_module(image: str, module: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start `python -m <module>` of an image as its container does, with what the images share and only the given variables."""
    return start_python(image, "-m", module, *arguments, **variables)


def start_python(image: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start Python in the folder of an image, with what the images share and only the given variables."""
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


def finish(process: subprocess.Popen[str], seconds: float = 60) -> tuple[int, str, str]:
    """Wait until a process ends; returns its status and what it printed."""
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out, err


def read_until(process: subprocess.Popen[str], beginning: str) -> None:
    """Read what a process prints up to the line that begins with this."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(beginning):
            return
    raise AssertionError(f"the process ended before it said {beginning!r}: {process.communicate()[1]}")


def wait_until(what: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def result_of(output: str) -> dict[str, Any]:
    """The JSON of the last line that a process printed."""
    result: dict[str, Any] = json.loads(output.splitlines()[-1])
    return result
