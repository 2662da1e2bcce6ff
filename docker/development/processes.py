"""Programs that the commands run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from development.folders import ROOT, TESTS


def run(command: list[str | Path], folder: Path = ROOT, variables: dict[str, str] | None = None) -> int:
    """Run a command; returns its exit status."""
    settings = {"PYTHONDONTWRITEBYTECODE": "1", "UV_SYSTEM_CERTS": "true", **(variables or {})}
    arguments = [str(word) for word in command]
    if Path(arguments[0]).name in ("ruff", "mypy") or "pytest" in arguments:
        folder = TESTS
    return subprocess.run(arguments, cwd=folder, env={**os.environ, **settings}, check=False).returncode


def must(command: list[str | Path], remedy: str = "see the lines above") -> None:
    """Run a command; exit if it fails."""
    if run(command) != 0:
        sys.exit(f"error: {' '.join(str(word) for word in command[:4])} ... failed: {remedy}")
