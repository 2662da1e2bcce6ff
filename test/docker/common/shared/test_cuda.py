"""The check of the machine's driver."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shared import cuda
from support import DOCKER

NVML = """
int nvmlInit_v2(void) { return 0; }
int nvmlShutdown(void) { return 0; }
int nvmlSystemGetDriverVersion(char *text, unsigned size) { __builtin_strcpy(text, "550.90.07"); return 0; }
"""
GPU_STAGES = [
    ("training/Dockerfile", "training"),
    ("training/pixi/Dockerfile", "training"),
    ("inference/Dockerfile", "gpu"),
    ("worker/Dockerfile", "worker"),
]


@pytest.mark.parametrize("version", ["525.60.13", "535.183.01", "550.54.14", "1000.1"])
def test_accepts_a_new_enough_driver(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "driver_version", lambda: version)
    assert cuda.check_driver() == version


@pytest.mark.parametrize("version", ["525.60.11", "470.256.02", "99.99"])
def test_refuses_an_old_driver(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "driver_version", lambda: version)
    with pytest.raises(cuda.DriverError, match=rf"CUDA 12 needs an NVIDIA driver >= 525.60.13, but this machine has {version}"):
        cuda.check_driver()


def test_refuses_a_machine_without_a_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "driver_version", lambda: None)
    with pytest.raises(cuda.DriverError, match="no driver is visible"):
        cuda.check_driver()


@pytest.fixture(scope="module")
def gke_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with a driver where GKE mounts it."""
    root = tmp_path_factory.mktemp("gke")
    libraries = root / "usr/local/nvidia/lib64"
    libraries.mkdir(parents=True)
    for name, source in (("libnvidia-ml.so.1", NVML), ("libcuda.so.1", "int cuInit(unsigned flags) { return 0; }")):
        command = ["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(libraries / name)]
        subprocess.run(command, input=source, text=True, check=True)
    return root


def _check(environment: dict[str, str]) -> str:
    """The output of the driver check in a new process, which reads its environment at the start."""
    code = "import ctypes; from shared import cuda; print(cuda.check_driver()); ctypes.CDLL('libcuda.so.1').cuInit(0)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(DOCKER / "common"), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout or done.stderr


@pytest.mark.parametrize(("dockerfile", "stage"), GPU_STAGES)
def test_finds_the_driver_where_gke_mounts_it(dockerfile: str, stage: str, gke_root: Path) -> None:
    text = (DOCKER / dockerfile).read_text()
    (body,) = re.findall(rf"^FROM \S+ AS {stage}$(.*?)(?=^FROM |\Z)", text, re.MULTILINE | re.DOTALL)
    (path,) = re.findall(r"^ +LD_LIBRARY_PATH=(\S+)", body, re.MULTILINE)
    assert re.findall(r"^ +PATH=(\S+)", body, re.MULTILINE) == ["${PATH}:/usr/local/nvidia/bin"]
    # An empty entry would mean the working directory.
    assert "" not in path.split(":")
    folders = ":".join(f"{gke_root}{folder}" for folder in path.split(":"))
    assert _check({"LD_LIBRARY_PATH": folders}) == "550.90.07\n"
    assert "no driver is visible" in _check({})


def test_reports_a_driver_that_is_not_on_the_library_path(gke_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "GKE_DRIVER", gke_root / "usr/local/nvidia/lib64")
    monkeypatch.setattr(cuda, "driver_version", lambda: None)
    monkeypatch.setitem(os.environ, "LD_LIBRARY_PATH", "/opt/lib")
    with pytest.raises(cuda.DriverError, match=r"cannot be loaded: LD_LIBRARY_PATH=/opt/lib$"):
        cuda.check_driver()
