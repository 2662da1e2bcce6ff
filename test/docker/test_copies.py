"""Files that stand in several build contexts, because a context holds all that its image needs."""

from __future__ import annotations

import re

import pytest

from support import DOCKER

IMAGES = ("training", "inference", "worker")


@pytest.mark.parametrize(
    "paths",
    [
        ("training/trainer/cuda.py", "inference/service/cuda.py", "worker/consumer/cuda.py"),
        ("inference/service/model.py", "worker/consumer/model.py"),
        ("inference/service/image.py", "worker/consumer/image.py"),
        ("inference/model/model.onnx", "worker/model/model.onnx"),
        ("inference/prune.sh", "worker/prune.sh"),
        ("training/finish.sh", "inference/finish.sh", "worker/finish.sh"),
        ("training/locks/uv.txt", "inference/locks/uv.txt", "worker/locks/uv.txt"),
    ],
)
def test_copies_are_the_same(paths: tuple[str, ...]) -> None:
    assert len({(DOCKER / path).read_bytes() for path in paths}) == 1


def test_images_agree_on_versions() -> None:
    versions: dict[str, set[str]] = {}
    for image in IMAGES:
        for name, version in re.findall(r"^([a-z0-9-]+)==(\S+ (?:; [^\\]+)?)", (DOCKER / image / "locks" / "cpu.txt").read_text(), re.M):
            versions.setdefault(name, set()).add(version.strip())
    assert "numpy" in versions
    # A package may have one version for each Python, the same in every image.
    assert {name: found for name, found in versions.items() if len({v.partition(";")[2] for v in found}) != len(found)} == {}


@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.parametrize("lock", ["cpu", "gpu"])
def test_every_locked_package_has_hashes(image: str, lock: str) -> None:
    entries = re.split(r"^(?=[a-z0-9])", (DOCKER / image / "locks" / f"{lock}.txt").read_text(), flags=re.MULTILINE)
    packages = [entry for entry in entries if "==" in entry]
    assert len(packages) > 5
    assert all("--hash=sha256:" in entry for entry in packages)


@pytest.mark.parametrize("image", IMAGES)
def test_a_cpu_image_holds_nothing_for_gpus(image: str) -> None:
    names = set(re.findall(r"^([a-z0-9-]+)==", (DOCKER / image / "locks" / "cpu.txt").read_text(), re.MULTILINE))
    assert "numpy" in names
    assert not {name for name in names if name.startswith(("nvidia-", "torch", "triton", "onnxruntime-gpu"))}


@pytest.mark.parametrize("image", IMAGES)
def test_the_cuda_libraries_are_those_of_the_cuda_version(image: str) -> None:
    source = (DOCKER / "training" / "trainer" / "cuda.py").read_text()
    (version,) = re.findall(r'^CUDA_VERSION = "(\d+\.\d+)\.\d+"$', source, re.MULTILINE)
    lock = (DOCKER / image / "locks" / "gpu.txt").read_text()
    assert re.findall(r"^nvidia-cuda-runtime-cu12==(\d+\.\d+)", lock, re.MULTILINE) == [version]


@pytest.mark.parametrize("image", IMAGES)
def test_a_context_takes_nothing_by_default(image: str) -> None:
    lines = (DOCKER / image / ".dockerignore").read_text().splitlines()
    assert lines[0] == "*"
    assert all((DOCKER / image / line[1:]).exists() for line in lines if line.startswith("!"))
