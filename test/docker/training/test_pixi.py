"""The pixi variant says the same as the other one."""

from __future__ import annotations

import re
import tomllib

from shared import cuda
from support import DOCKER

TRAINING = DOCKER / "training"
DOCKERFILE = (TRAINING / "pixi" / "Dockerfile").read_text()
PIXI = tomllib.loads((TRAINING / "pixi" / "pixi.toml").read_text())
CUDA = cuda.CUDA_VERSION.rpartition(".")[0]


def test_has_every_dependency_of_the_trainer() -> None:
    project = tomllib.loads((TRAINING / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[<>=~!\[ ]", dependency)[0].lower() for dependency in project["dependencies"]}
    assert len(names) == 4
    assert names <= set(PIXI["dependencies"])


def test_uses_the_same_cuda() -> None:
    assert f"nvidia/cuda:{cuda.CUDA_VERSION}-base-" in DOCKERFILE
    assert f"CONDA_OVERRIDE_CUDA={CUDA} " in DOCKERFILE
    assert PIXI["feature"]["prod"]["system-requirements"] == {"cuda": CUDA}
    assert PIXI["feature"]["prod"]["dependencies"]["cuda-version"] == f"{CUDA}.*"


def test_installs_only_the_production_environment() -> None:
    assert re.findall(r"--environment (\S+)", DOCKERFILE) == ["prod"]
    assert PIXI["environments"]["prod"] == ["prod"]
    assert {"train", "build", "build-local"} <= set(PIXI["tasks"])
