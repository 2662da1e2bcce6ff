"""The driver check, and the one CUDA version that every file names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service import cuda as service_cuda
from trainer import cuda
from trainer.errors import UnrecoverableError

DOCKER = Path(__file__).resolve().parents[3] / "docker"


@pytest.mark.parametrize("version", ["550.54.15", "550.90.07", "560.28", "1000.1"])
def test_accepts_a_new_enough_driver(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "driver_version", lambda: version)
    assert cuda.check_driver() == version


@pytest.mark.parametrize("version", ["550.54.14", "535.183.01", "99.99"])
def test_refuses_an_old_one(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "driver_version", lambda: version)
    with pytest.raises(UnrecoverableError, match=f">= 550.54.15, and this machine has {version}"):
        cuda.check_driver()


def test_refuses_a_machine_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "driver_version", lambda: None)
    with pytest.raises(UnrecoverableError, match="none is visible here"):
        cuda.check_driver()


def test_both_images_ask_for_the_same_driver() -> None:
    assert (service_cuda.CUDA_VERSION, service_cuda.MIN_DRIVER) == (cuda.CUDA_VERSION, cuda.MIN_DRIVER)


@pytest.mark.parametrize("image", ["training", "inference"])
def test_the_libraries_are_those_of_the_cuda_version(image: str) -> None:
    lock = (DOCKER / image / "locks" / "gpu.txt").read_text()
    major_minor = cuda.CUDA_VERSION.rpartition(".")[0]
    assert re.findall(r"nvidia-cuda-runtime-cu12==(\d+\.\d+)", lock) == [major_minor]


@pytest.mark.parametrize("image", ["training", "inference"])
def test_a_cpu_image_holds_nothing_for_gpus(image: str) -> None:
    names = set(re.findall(r"^([a-z0-9-]+)==", (DOCKER / image / "locks" / "cpu.txt").read_text(), re.MULTILINE))
    assert names
    assert not {name for name in names if name.startswith(("nvidia-", "torch", "triton", "onnxruntime-gpu"))}
