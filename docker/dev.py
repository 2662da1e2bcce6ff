#!/usr/bin/env python3
"""Develop the code in the images. Requires only Python 3.11 or newer with its venv module.

    python3 docker/dev.py test [pytest arguments]   check lint, formatting and types, and run the tests
    python3 docker/dev.py test-torch [arguments]    run the tests that need torch and the packages of examples/fine-tuning (8 GB)
    python3 docker/dev.py test-trackers [arguments] run the tests that need an MLflow server and W&B (1 GB)
    python3 docker/dev.py test-dvc [arguments]      run the tests that need DVC (150 MB)
    python3 docker/dev.py accept-gpu [arguments]    test inference and training on this machine's GPUs (8 GB); docs/operations/acceptance.md
    python3 docker/dev.py bench-checkpoint [MB]     measure how long training pauses for a large checkpoint
    python3 docker/dev.py lock [--upgrade]          update the lock files after a change of a pyproject.toml
    python3 docker/dev.py lock-pixi [--check]       update docker/training/pixi.lock after a change of pixi.toml, or check it
    python3 docker/dev.py model                     train the reference model, and print its accuracy on held-out digits
    python3 docker/dev.py format                    format the code, and fix lint errors

Packages are installed from the lock files into ~/.cache/ml-platform/python (or below XDG_CACHE_HOME), in one folder
for each set of lock files.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import re
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
ACCEPTANCE = DOCKER / "acceptance"
FINE_TUNING = ROOT / "examples" / "fine-tuning"
WORKER_HANDLER = DOCKER / "worker" / "handler.py"
SOURCES = (
    ACCEPTANCE / "accept",
    ACCEPTANCE / "workload",
    COMMON / "consumer",
    COMMON / "digits",
    COMMON / "serving",
    COMMON / "shared",
    DOCKER / "training" / "digits_training",
    DOCKER / "training" / "trainer",
    DOCKER / "inference" / "handler.py",
    WORKER_HANDLER,
    FINE_TUNING,
)
TEMPLATES = ROOT / "scripts" / "new" / "templates"
"""Templates of `npm run new`. Their folders contain modules with equal names, so mypy cannot check them together."""
DOCKERFILES = [*sorted(DOCKER.glob("**/Dockerfile")), FINE_TUNING / "Dockerfile"]
NEW_IMAGES = ("service", "training", "worker")
"""Templates with the second part of a Dockerfile; `image/Dockerfile` is the first part."""

UV_LOCK = COMMON / "locks" / "uv.txt"
DEV_LOCK = TESTS / "locks" / "dev.txt"
DVC_LOCK = DOCKER / "training" / "locks" / "dvc.txt"
TRACKERS_LOCK = TESTS / "locks" / "trackers.txt"

EXTRAS = {
    "test-torch": ((DOCKER / "training" / "locks" / "gpu.txt", FINE_TUNING / "requirements.txt"), TESTS / "with_torch"),
    "test-trackers": ((TRACKERS_LOCK,), TESTS / "with_trackers"),
    "test-dvc": ((DVC_LOCK,), TESTS / "with_dvc"),
}
"""Commands for tests that need large packages: the additional lock files, and the folder of the tests."""


def main() -> int:
    """Run the command of the command line; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("test", *EXTRAS, "accept-gpu", "bench-checkpoint", "lock", "lock-pixi", "model", "format"))
    parsed, rest = parser.parse_args(sys.argv[1:2]), sys.argv[2:]
    if sys.version_info < (3, 11):  # noqa: UP036 -- the user may have an older one
        print(f"error: Python 3.11 or newer is needed; this is {sys.version.split()[0]}", file=sys.stderr)
        return 1
    if parsed.command == "lock":
        return lock(rest)
    if parsed.command == "lock-pixi":
        return lock_pixi(rest)
    if parsed.command in EXTRAS:
        more, folder = EXTRAS[parsed.command]
        return run([environment(DEV_LOCK, *more), "-m", "pytest", *rest, folder])
    if parsed.command == "accept-gpu":
        return accept_gpu(rest)
    python = environment(DEV_LOCK)
    match parsed.command:
        case "test":
            return test(python, rest)
        case "bench-checkpoint":
            sources = f"{DOCKER / 'training'}{os.pathsep}{COMMON}"
            return run([python, TESTS / "bench_checkpoint.py", *rest], TESTS, {"PYTHONPATH": sources, "OPENBLAS_NUM_THREADS": "1"})
        case "model":
            return model(python)
        case _:
            places = [*paths(), TEMPLATES]
            return run([python.parent / "ruff", "format", *places]) or run([python.parent / "ruff", "check", "--fix", *places])


def paths() -> list[Path]:
    """Everything that is linted and formatted."""
    return [Path(__file__), *SOURCES, TESTS]


def test(python: Path, arguments: list[str]) -> int:
    """Run all checks of the Python code and the Dockerfiles, even if one fails."""
    with tempfile.TemporaryDirectory() as folder:
        return checks(python, arguments, new_dockerfiles(Path(folder)))


def new_dockerfiles(folder: Path) -> list[Path]:
    """Dockerfiles that `npm run new` writes, with the names of the placeholders as values."""
    files = [folder / f"{kind}.Dockerfile" for kind in NEW_IMAGES]
    for kind, file in zip(NEW_IMAGES, files, strict=True):
        text = "".join((TEMPLATES / part / "Dockerfile").read_text() for part in ("image", kind))
        file.write_text(re.sub(r"\{\{(\w+)\}\}", r"\1", text))
    return files


def checks(python: Path, arguments: list[str], written: list[Path]) -> int:
    """Run every check; returns the highest exit status."""
    bin_ = python.parent
    steps: list[list[str | Path]] = [
        [bin_ / "ruff", "check", *paths(), TEMPLATES],
        [bin_ / "ruff", "format", "--check", *paths(), TEMPLATES],
        # Together with this file, mypy would find the packages of docker/common under two names. Both handlers have the same module name.
        [bin_ / "mypy", *(path for path in paths()[1:] if path != WORKER_HANDLER)],
        [bin_ / "mypy", WORKER_HANDLER],
        [bin_ / "mypy", paths()[0]],
        [bin_ / "hadolint", *DOCKERFILES, *written],
        [bin_ / "check-jsonschema", "--quiet", "--builtin-schema", "vendor.compose-spec", DOCKER / "compose.yaml"],
        [python, "-m", "pytest", *(f"--ignore={folder}" for _, folder in EXTRAS.values()), *arguments, TESTS],
    ]
    return max(run(step) for step in steps)


def accept_gpu(arguments: list[str]) -> int:
    """Check inference and training on this machine's GPUs, each with the packages of its image."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--python")
    parser.add_argument("--prepare", action="store_true")
    chosen, _ = parser.parse_known_args(arguments)
    variables = {"PYTHONPATH": os.pathsep.join([str(ACCEPTANCE), str(COMMON), *filter(None, [os.environ.get("PYTHONPATH")])])}
    command: list[str | Path] = [sys.executable, "-m", "accept", *arguments]
    # Report invalid arguments and a missing GPU before anything is installed.
    status = run([*command, "--probe"], Path.cwd(), variables)
    if status != 0 or {"-h", "--help"} & {*arguments}:
        return status
    if chosen.python is None:
        lock_ = "gpu.txt" if chosen.device == "cuda" else "cpu.txt"
        command += ["--inference-python", environment(DOCKER / "inference" / "locks" / lock_)]
        command += ["--training-python", environment(DOCKER / "training" / "locks" / "gpu.txt")]
    return 0 if chosen.prepare else run(command, Path.cwd(), variables)


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
    """Write lock files with hashes. All images and the tests are resolved together first, so that they use the same versions."""
    uv = tool()
    projects = [DOCKER / name / "pyproject.toml" for name in CONTEXTS]

    def compile_(target: Path, *inputs: str | Path) -> int:
        target.parent.mkdir(exist_ok=True)
        # Run in the target's folder, so that the comments in the file contain relative paths.
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
        or compile_(DVC_LOCK, training, "--extra", "dvc", *constraint, "-c", DOCKER / "training" / "locks" / "trackers.txt")
        or compile_(TRACKERS_LOCK, TRACKERS_LOCK.with_suffix(".in"), *constraint, "-c", DOCKER / "training" / "locks" / "trackers.txt")
        or compile_(DOCKER / "inference" / "locks" / "cpu.txt", inference, "--extra", "cpu", *constraint)
        or compile_(DOCKER / "inference" / "locks" / "gpu.txt", inference, "--extra", "gpu", *constraint)
        or compile_(DOCKER / "worker" / "locks" / "cpu.txt", worker, "--extra", "cpu", *constraint)
        or compile_(DOCKER / "worker" / "locks" / "gpu.txt", worker, "--extra", "gpu", *constraint)
        or compile_(
            FINE_TUNING / "requirements.txt",
            FINE_TUNING / "requirements.in",
            *constraint,
            "-c",
            DOCKER / "training" / "locks" / "gpu.txt",
        )
    )


def lock_pixi(arguments: list[str]) -> int:
    """Run `pixi lock` for the trainer, in the image of the Dockerfile if pixi is not installed; returns its exit status."""
    folder = DOCKER / "training"
    if shutil.which("pixi"):
        return run(["pixi", "lock", *arguments], folder)
    if not shutil.which("docker"):
        print("error: neither pixi nor docker is on PATH: install pixi (https://pixi.prefix.dev/latest/installation/)", file=sys.stderr)
        return 1
    (image,) = re.findall(r"^ARG PIXI_IMAGE=(\S+)$", (folder / "pixi" / "Dockerfile").read_text(), re.MULTILINE)
    # Run as this user, who then owns the lock file. pixi needs a home folder for its cache.
    user = ["--user", f"{os.getuid()}:{os.getgid()}", "--env", "HOME=/tmp"]
    return run(["docker", "run", "--rm", *user, "--volume", f"{folder}:/work", "--workdir", "/work", image, "pixi", "lock", *arguments])


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
    """The folder with uv, in the version of its lock file."""
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


if __name__ == "__main__":
    sys.exit(main())
