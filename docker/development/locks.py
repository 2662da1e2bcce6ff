"""The lock files of the images, the tests and the fine-tuning example."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from development.environments import tool
from development.folders import DEV_LOCK, DOCKER, DVC_LOCK, FINE_TUNING, TRACKERS_LOCK, UV_LOCK
from development.processes import run

IMAGES = ("training", "inference", "worker")


def lock(arguments: list[str]) -> int:
    """Write lock files with hashes. All images and the tests are resolved together first, so that they use the same versions."""
    uv = tool()
    projects = [DOCKER / name / "pyproject.toml" for name in IMAGES]

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
