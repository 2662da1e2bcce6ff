"""What the tests share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

DOCKER = Path(__file__).resolve().parents[2] / "docker"

Start = Callable[..., subprocess.Popen[str]]


def start_module(image: str, module: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start `python -m <module>` of an image as its container does, with what the images share and only the given variables."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=DOCKER / image,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(DOCKER / "common"),
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
