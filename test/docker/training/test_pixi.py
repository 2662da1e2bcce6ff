"""The pixi variant has the same settings as the other one, and the command that makes its lock file works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from shared import cuda
from support import DOCKER

TRAINING = DOCKER / "training"
DOCKERFILE = (TRAINING / "pixi" / "Dockerfile").read_text()
PIXI = tomllib.loads((TRAINING / "pixi.toml").read_text())
FINAL = DOCKERFILE.rpartition("\nFROM ")[2]


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def test_contains_every_dependency_of_the_trainer() -> None:
    project = tomllib.loads((TRAINING / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[<>=~!\[ ]", dependency)[0].lower() for dependency in project["dependencies"]}
    assert len(names) == 4
    assert names <= set(PIXI["dependencies"])


def test_the_cuda_version_matches_the_driver_check_and_supports_blackwell() -> None:
    major = version(cuda.CUDA_VERSION)[0]
    (low, high) = re.fullmatch(r">=([\d.]+),<(\d+)", PIXI["feature"]["prod"]["dependencies"]["cuda-version"]).groups()  # type: ignore[union-attr]
    assert (version(low), version(high)) == ((major, 8), (major + 1,))
    (assumed,) = re.findall(r"CONDA_OVERRIDE_CUDA=([\d.]+) ", DOCKERFILE)
    assert assumed == low
    # Any driver of the major version works.
    assert PIXI["feature"]["prod"]["system-requirements"] == {"cuda": f"{major}.0"}


def test_has_the_minor_version_of_torch_of_the_other_image() -> None:
    lock = (TRAINING / "locks" / "gpu.txt").read_text()
    (locked,) = re.findall(r"^torch==(\d+\.\d+)\.", lock, re.MULTILINE)
    major, minor = version(locked)
    assert PIXI["feature"]["prod"]["dependencies"]["pytorch-gpu"] == f">={locked},<{major}.{minor + 1}"


def test_builds_with_a_pinned_pixi_that_the_manifest_allows() -> None:
    found = re.findall(r"^ARG PIXI_IMAGE=ghcr\.io/prefix-dev/pixi:([\d.]+)-noble@sha256:[0-9a-f]{64}$", DOCKERFILE, re.MULTILINE)
    assert PIXI["workspace"]["requires-pixi"] == f">={found[0]}"
    # `requires-pixi` exists since 0.44, and `pixi lock --check` too.
    assert version(found[0]) >= (0, 44)


def test_the_image_contains_the_production_environment_without_pixi() -> None:
    assert set(re.findall(r"--environment (\S+)", DOCKERFILE)) == {"prod"}
    assert PIXI["environments"]["prod"] == ["prod"]
    assert re.findall(r"--from=(\S+)", FINAL) == ["system", "system", "environment", "source"]
    assert 'ENTRYPOINT ["/app/activate", "python", "-m", "trainer"]' in FINAL
    assert "pixi run" not in DOCKERFILE


def test_the_activation_script_replaces_itself_with_the_command() -> None:
    """A shell that stays process 1 does not forward SIGTERM."""
    (script,) = re.findall(r"\{ (echo '#!/bin/bash' && pixi shell-hook [^{}]*); \} >/app/activate", DOCKERFILE)
    assert script.endswith("""&& echo 'exec "$@"'""")
    activate = "export ACTIVATED=yes\n" + script.rpartition("echo ")[2].strip("'")
    code = "import os; print(os.getpid(), os.environ['ACTIVATED'])"
    with subprocess.Popen(["bash", "-c", activate, "activate", sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.communicate()[0] == f"{process.pid} yes\n"


def test_tasks_run_in_the_folder_of_the_trainer() -> None:
    assert {"train", "build", "build-local"} <= set(PIXI["tasks"])
    assert (TRAINING / "trainer" / "__main__.py").exists()
    environment = {**os.environ, **PIXI["tasks"]["train"]["env"]}
    command = PIXI["tasks"]["train"]["cmd"].replace("python", sys.executable, 1)
    ended = subprocess.run([*command.split(), "--help"], cwd=TRAINING, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def program(folder: Path, name: str) -> None:
    """A program that prints its folder and its arguments, and exits with 3."""
    file = folder / name
    file.write_text(f'#!/bin/sh\necho {name} "$PWD" "$@"\nexit 3\n')
    file.chmod(0o755)


@pytest.mark.parametrize("given", [[], ["--check"]])
def test_locks_with_pixi_or_with_its_image(tmp_path: Path, given: list[str]) -> None:
    def lock() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(DOCKER / "dev.py"), "lock-pixi", *given]
        return subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)

    (tmp_path / "sh").symlink_to("/bin/sh")
    missing = lock()
    assert missing.returncode == 1
    assert missing.stderr.startswith("error: neither pixi nor docker is on PATH: install pixi (https://")
    program(tmp_path, "docker")
    with_docker = lock()
    assert with_docker.returncode == 3
    (image,) = re.findall(r"^ARG PIXI_IMAGE=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert f"--volume {TRAINING}:/work --workdir /work {image} {' '.join(['pixi', 'lock', *given])}\n" in with_docker.stdout
    program(tmp_path, "pixi")
    assert lock().stdout == f"{' '.join(['pixi', str(TRAINING), 'lock', *given])}\n"
