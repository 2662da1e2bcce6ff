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
