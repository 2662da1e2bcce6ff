"""Virtual environments, in a cache outside the clone: one for each set of lock files."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from development.folders import ROOT, UV_LOCK
from development.processes import must


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Lock a folder of the cache, so that only one process creates it at a time. The kernel releases the lock when the process ends."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@alone("environment")
def environment(*locks: Path) -> Path:
    """The Python of a virtual environment with the packages of the locks. Creates it if it is missing."""
    folder = cache() / f"env-{digest([UV_LOCK, *locks])}"
    python = folder / "bin" / "python"
    if (folder / "complete").exists():
        return python
    uv = tool()
    print(f"installing the Python packages of {', '.join(str(lock.relative_to(ROOT)) for lock in locks)}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    must([uv, "venv", "--quiet", "--python", sys.executable, folder])
    must(
        [
            uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            "--require-hashes",
            "--only-binary",
            ":all:",
            # The lock files are complete.
            "--no-deps",
            "--compile-bytecode",
            *(word for lock in locks for word in ("-r", lock)),
        ]
    )
    (folder / "complete").touch()
    return python


@alone("uv")
def tool() -> Path:
    """The program uv, in the version of its lock file."""
    folder = cache() / f"uv-{digest([UV_LOCK])}"
    uv = folder / "bin" / "uv"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        must([sys.executable, "-m", "venv", folder], "on Debian: apt-get install python3-venv")
        must([folder / "bin" / "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", UV_LOCK])
        (folder / "complete").touch()
    return uv


def cache() -> Path:
    """Cache folder outside the clone."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "ml-platform" / "python"


def digest(files: Iterable[Path]) -> str:
    """Short hash of the content of files and of the Python version."""
    return hashlib.sha256(json.dumps([sys.version, *(file.read_text() for file in files)]).encode()).hexdigest()[:12]
