#!/usr/bin/env python3
"""Development of the code in the images, with nothing but Python 3.11 or newer (and its venv module) installed.

    python3 docker/dev.py test [pytest arguments]   lint, formatting, types and tests
    python3 docker/dev.py lock [--upgrade]          lock files again, after a change of a pyproject.toml
    python3 docker/dev.py model                     the reference model again, and its held-out digits; prints its accuracy
    python3 docker/dev.py format                    put the code in its format

Packages are installed from the lock files into ~/.cache/ml-platform/python (XDG_CACHE_HOME is respected), in a folder
named after what is in them.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

DOCKER = Path(__file__).resolve().parent
ROOT = DOCKER.parent
TESTS = ROOT / "test" / "docker"
CONTEXTS = ("training", "inference", "worker")
COMMON = DOCKER / "common"
SOURCES = (COMMON / "shared", DOCKER / "training" / "trainer", DOCKER / "inference" / "service", DOCKER / "worker" / "consumer")
DOCKERFILES = [*sorted(DOCKER.glob("*/Dockerfile")), DOCKER / "training" / "pixi" / "Dockerfile"]

UV_LOCK = COMMON / "locks" / "uv.txt"
DEV_LOCK = TESTS / "locks" / "dev.txt"


def main() -> int:
    """Do what the command line says; returns the exit status of the first step that fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("test", "lock", "model", "format"))
    parsed, rest = parser.parse_known_args()
    if sys.version_info < (3, 11):  # noqa: UP036 -- whoever starts it may have an older one
        print(f"error: Python 3.11 or newer is needed; this is {sys.version.split()[0]}", file=sys.stderr)
        return 1
    if parsed.command == "lock":
        return lock(rest)
    python = environment()
    match parsed.command:
        case "test":
            return test(python, rest)
        case "model":
            return model(python)
        case _:
            return run([python.parent / "ruff", "format", *paths()]) or run([python.parent / "ruff", "check", "--fix", *paths()])


def paths() -> list[Path]:
    """Everything that is linted and formatted."""
    return [Path(__file__), *SOURCES, TESTS]


def test(python: Path, arguments: list[str]) -> int:
    """All checks of the Python code and the Dockerfiles; every one runs, also when one before it fails."""
    bin_ = python.parent
    steps: list[list[str | Path]] = [
        [bin_ / "ruff", "check", *paths()],
        [bin_ / "ruff", "format", "--check", *paths()],
        [bin_ / "mypy", *paths()],
        [bin_ / "hadolint", *DOCKERFILES],
        [bin_ / "check-jsonschema", "--quiet", "--builtin-schema", "vendor.compose-spec", DOCKER / "compose.yaml"],
        [python, "-m", "pytest", *arguments, TESTS],
    ]
    return max(run(step) for step in steps)


def model(python: Path) -> int:
    """Train the reference model that the service and the worker answer with."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {"CHECKPOINT_DIR": folder, "RUN_ID": "reference", "HEARTBEAT_FILE": f"{folder}/alive", "DEVICE": "cpu"}
        variables["PYTHONPATH"] = str(COMMON)
        status = run([python, "-m", "trainer", "--epochs", "20"], DOCKER / "training", variables)
        if status != 0:
            return status
        target = COMMON / "model" / "model.onnx"
        shutil.copyfile(f"{folder}/reference/model.onnx", target)
    return run([python, TESTS / "held_out.py", target, TESTS / "held-out-digits.json"], TESTS, {"PYTHONPATH": str(DOCKER / "training")})


def lock(arguments: list[str]) -> int:
    """Lock files with hashes. All images and the tests are resolved together first, so that they use the same versions."""
    uv = tool()
    projects = [DOCKER / name / "pyproject.toml" for name in CONTEXTS]

    def compile_(target: Path, *inputs: str | Path) -> int:
        target.parent.mkdir(exist_ok=True)
        # Run in the target's folder, so that the comments in the file name no folder of this machine.
        names = [os.path.relpath(item, target.parent) if isinstance(item, Path) else item for item in inputs]
        options = ["--universal", "--generate-hashes", "--no-header", "--quiet", "--python-version", "3.11", *arguments]
        return run([uv, "pip", "compile", *options, "-o", target.name, *names], target.parent)

    training, inference, worker = projects
    constraint = ("-c", DEV_LOCK)
    return (
        compile_(UV_LOCK, UV_LOCK.with_suffix(".in"))
        or compile_(DEV_LOCK, *projects, DEV_LOCK.with_suffix(".in"), "--extra", "cpu")
        or compile_(DOCKER / "training" / "locks" / "cpu.txt", training, *constraint)
        or compile_(DOCKER / "training" / "locks" / "gpu.txt", training, "--extra", "gpu", *constraint)
        or compile_(DOCKER / "training" / "locks" / "trackers.txt", training, "--extra", "trackers", *constraint)
        or compile_(DOCKER / "inference" / "locks" / "cpu.txt", inference, "--extra", "cpu", *constraint)
        or compile_(DOCKER / "inference" / "locks" / "gpu.txt", inference, "--extra", "gpu", *constraint)
        or compile_(DOCKER / "worker" / "locks" / "cpu.txt", worker, "--extra", "cpu", *constraint)
        or compile_(DOCKER / "worker" / "locks" / "gpu.txt", worker, "--extra", "gpu", *constraint)
    )


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Let no other process of this machine make the same part of the cache; the kernel gives a lock back when its holder ends."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@alone("environment")
def environment() -> Path:
    """The Python of a virtual environment with everything in the development lock, made when it is not there yet."""
    folder = cache() / f"env-{digest([UV_LOCK, DEV_LOCK])}"
    python = folder / "bin" / "python"
    if (folder / "complete").exists():
        return python
    uv = tool()
    print("installing the Python packages of the tests", flush=True)
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
            "--compile-bytecode",
            "-r",
            DEV_LOCK,
        ]
    )
    (folder / "complete").touch()
    return python


@alone("uv")
def tool() -> Path:
    """uv, of the version in its lock file."""
    folder = cache() / f"uv-{digest([UV_LOCK])}"
    uv = folder / "bin" / "uv"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        must([sys.executable, "-m", "venv", folder], "on Debian: apt-get install python3-venv")
        must([folder / "bin" / "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", UV_LOCK])
        (folder / "complete").touch()
    return uv


def cache() -> Path:
    """Folder outside the clone for what can be made again."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "ml-platform" / "python"


def digest(files: Iterable[Path]) -> str:
    """Short name for the content of files, and for the Python in use."""
    return hashlib.sha256(json.dumps([sys.version, *(file.read_text() for file in files)]).encode()).hexdigest()[:12]


def run(command: list[str | Path], folder: Path = ROOT, variables: dict[str, str] | None = None) -> int:
    """Run a command; returns its exit status."""
    settings = {"PYTHONDONTWRITEBYTECODE": "1", "UV_SYSTEM_CERTS": "true", **(variables or {})}
    arguments = [str(word) for word in command]
    if Path(arguments[0]).name in ("ruff", "mypy") or "pytest" in arguments:
        folder = TESTS
    return subprocess.run(arguments, cwd=folder, env={**os.environ, **settings}, check=False).returncode


def must(command: list[str | Path], remedy: str = "the lines above say why") -> None:
    """Run a command that the rest depends on."""
    if run(command) != 0:
        sys.exit(f"error: {' '.join(str(word) for word in command[:4])} ... failed: {remedy}")


if __name__ == "__main__":
    sys.exit(main())
