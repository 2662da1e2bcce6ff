"""Pulls data that DVC tracks before a run starts. Needs no Git, because the image contains the DVC files without the history."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from trainer.errors import RetryableError, StoppedError, UnrecoverableError

_POLL_SECONDS = 0.5
_PROGRESS_SECONDS = 10.0
_END_SECONDS = 5.0

_CONFIG = """\
[core]
    analytics = false
    check_update = false
    no_scm = true
[cache]
    type = reflink,hardlink,copy
"""
"""Global settings; the repository's override them. Links avoid a second copy of the data on disk.
https://dvc.org/doc/user-guide/project-structure/configuration"""


def pull_data(tracked: Path, work: Path, heartbeat: Path, stopped: Callable[[], bool]) -> Path:
    """Pull `tracked`, a path in a DVC repository, into a copy of the repository in `work`; returns the path in the copy.

    The repository itself may be read-only, as in an image. The heartbeat continues while data arrives. Raises UnrecoverableError without
    DVC or a repository, RetryableError if the pull fails, and StoppedError if the process must stop.
    """
    if importlib.util.find_spec("dvc") is None:
        raise UnrecoverableError("DVC_DATA is set, but the image has no DVC: build it with --build-arg DVC=true")
    repository = next((folder for folder in tracked.parents if (folder / ".dvc" / "config").is_file()), None)
    if repository is None:
        raise UnrecoverableError(f"DVC_DATA={tracked} is not in a DVC repository: no parent folder has .dvc/config")
    target = tracked.relative_to(repository)
    _copy(repository, work)
    settings = work / ".dvc" / "of-the-image"
    settings.mkdir(exist_ok=True)
    (settings / "config").write_text(_CONFIG)
    print(f"pulling {target} with DVC", flush=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "dvc", "pull", "--quiet", str(target)],
        cwd=work,
        env={**os.environ, "DVC_GLOBAL_CONFIG_DIR": str(settings), "DVC_SITE_CACHE_DIR": str(settings / "site")},
        stderr=subprocess.PIPE,
        text=True,
    )
    errors = _wait(process, work, heartbeat, stopped)
    if process.returncode != 0:
        raise RetryableError(f"dvc pull {target} failed: {_reason(errors)}")
    return work / target


def _copy(repository: Path, work: Path) -> None:
    """Copy the settings and the files that describe the data: *.dvc, dvc.yaml and dvc.lock."""
    for folder, folders, files in os.walk(repository):
        place = Path(folder).relative_to(repository)
        folders[:] = [name for name in folders if name != ".git" and not (place.name == ".dvc" and name in ("cache", "tmp"))]
        for name in files:
            if place.name == ".dvc" or name.endswith(".dvc") or name in (".dvcignore", "dvc.yaml", "dvc.lock"):
                (work / place).mkdir(parents=True, exist_ok=True)
                shutil.copyfile(Path(folder) / name, work / place / name)


def _wait(process: subprocess.Popen[str], work: Path, heartbeat: Path, stopped: Callable[[], bool]) -> str:
    size, look = -1, 0.0
    while True:
        try:
            return process.communicate(timeout=_POLL_SECONDS)[1]
        except subprocess.TimeoutExpired:
            pass
        if stopped():
            process.terminate()
            try:
                process.communicate(timeout=_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
            raise StoppedError
        if time.monotonic() >= look:
            before, size, look = size, _size(work), time.monotonic() + _PROGRESS_SECONDS
            if size != before:
                heartbeat.touch()


def _size(folder: Path) -> int:
    total = 0
    for place, _, files in os.walk(folder):
        for name in files:
            try:
                total += (Path(place) / name).lstat().st_size
            except FileNotFoundError:
                continue
    return total


def _reason(errors: str) -> str:
    """DVC's last error, without the documentation link after it."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    found = [number for number, line in enumerate(lines) if line.startswith("ERROR: ")]
    if not found:
        return lines[-1] if lines else "it gave no reason"
    return " ".join(line for line in lines[found[-1] :] if not line.startswith("<")).removeprefix("ERROR: ")
