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
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from development.environments import environment
from development.folders import COMMON, DEV_LOCK, DOCKER, DVC_LOCK, FINE_TUNING, ROOT, TESTS, TRACKERS_LOCK
from development.locks import lock, lock_pixi
from development.processes import run

COMMANDS = (Path(__file__).resolve(), DOCKER / "development")
"""This file and its package."""
ACCEPTANCE = DOCKER / "acceptance"
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
    return [*COMMANDS, *SOURCES, TESTS]


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
        # Together with the commands, mypy would find the packages of docker/common under two names.
        # Both handlers have the same module name.
        [bin_ / "mypy", *(path for path in [*SOURCES, TESTS] if path != WORKER_HANDLER)],
        [bin_ / "mypy", WORKER_HANDLER],
        [bin_ / "mypy", *COMMANDS],
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


if __name__ == "__main__":
    sys.exit(main())
