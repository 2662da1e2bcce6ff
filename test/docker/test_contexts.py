"""The build contexts of the images, and the context that they share."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import DOCKER
from test_dockerfiles import DOCKERFILES, ROOT

IMAGES = ("training", "inference", "worker")


def test_no_file_is_in_two_contexts() -> None:
    paths: dict[bytes, list[str]] = {}
    for path in DOCKER.glob("*/**/*"):
        # The .dockerignore of each context lists the excluded files.
        if path.is_file() and path.stat().st_size > 0 and "__pycache__" not in path.parts and path.name != ".dockerignore":
            paths.setdefault(path.read_bytes(), []).append(str(path.relative_to(DOCKER)))
    assert len(paths) > 50
    assert [same for same in paths.values() if len(same) > 1] == []


# The Dockerfile that copies an image uses no files of its context.
FROM_SOURCE = [dockerfile for dockerfile in DOCKERFILES if dockerfile.parent.name != "mirror"]


@pytest.mark.parametrize("dockerfile", FROM_SOURCE, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_the_common_context_contains_what_images_copy_from_it(dockerfile: Path) -> None:
    text = dockerfile.read_text()
    taken = re.findall(r"from=common,source=([^,]+),", text)
    assert len(taken) > 1
    # The stage exists and is empty without --build-context, so that BuildKit does not pull an image named `common` from Docker
    # Hub.
    assert "\nFROM scratch AS common\n" in text
    allowed = [line[1:] for line in (DOCKER / "common" / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for path in taken:
        assert (DOCKER / "common" / path).exists()
        assert path.split("/")[0] in allowed


def test_images_agree_on_versions() -> None:
    versions: dict[str, set[str]] = {}
    for image in IMAGES:
        for name, version in re.findall(r"^([a-z0-9-]+)==(\S+ (?:; [^\\]+)?)", (DOCKER / image / "locks" / "cpu.txt").read_text(), re.M):
            versions.setdefault(name, set()).add(version.strip())
    assert "numpy" in versions
    # A package may have one version for each Python version, the same in every image.
    assert {name: found for name, found in versions.items() if len({v.partition(";")[2] for v in found}) != len(found)} == {}


@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.parametrize("lock", ["cpu", "gpu"])
def test_every_locked_package_has_hashes(image: str, lock: str) -> None:
    entries = re.split(r"^(?=[a-z0-9])", (DOCKER / image / "locks" / f"{lock}.txt").read_text(), flags=re.MULTILINE)
    packages = [entry for entry in entries if "==" in entry]
    assert len(packages) > 5
    assert all("--hash=sha256:" in entry for entry in packages)


@pytest.mark.parametrize("image", IMAGES)
def test_cpu_images_contain_no_gpu_packages(image: str) -> None:
    names = set(re.findall(r"^([a-z0-9-]+)==", (DOCKER / image / "locks" / "cpu.txt").read_text(), re.MULTILINE))
    assert "numpy" in names
    assert not {name for name in names if name.startswith(("nvidia-", "torch", "triton", "onnxruntime-gpu"))}


def locked(image: str, lock: str, package: str) -> str:
    """The version of a package in a lock file."""
    (version,) = re.findall(rf"^{package}==(\S+)", (DOCKER / image / "locks" / f"{lock}.txt").read_text(), re.MULTILINE)
    return str(version)


def test_the_driver_check_matches_the_cuda_version_of_the_libraries() -> None:
    source = (DOCKER / "common" / "shared" / "cuda.py").read_text()
    (major, minor) = re.findall(r'^CUDA_VERSION = "(\d+)\.(\d+)\.\d+"$', source, re.MULTILINE)[0]
    versions = {image: locked(image, "gpu", "nvidia-cuda-runtime-cu12") for image in IMAGES}
    assert versions["training"].startswith(f"{major}.{minor}.")
    assert {version.partition(".")[0] for version in versions.values()} == {major}


@pytest.mark.parametrize("image", ["inference", "worker"])
def test_cpu_and_gpu_images_have_the_same_onnxruntime_version(image: str) -> None:
    assert locked(image, "cpu", "onnxruntime") == locked(image, "gpu", "onnxruntime-gpu")


@pytest.mark.parametrize("image", IMAGES)
def test_the_cuda_libraries_have_code_for_blackwell(image: str) -> None:
    # https://docs.nvidia.com/cuda/archive/12.8.0/cuda-toolkit-release-notes
    assert int(locked(image, "gpu", "nvidia-cuda-runtime-cu12").split(".")[1]) >= 8


@pytest.mark.parametrize("image", ["common", "mirror", *IMAGES])
def test_contexts_exclude_everything_by_default(image: str) -> None:
    lines = (DOCKER / image / ".dockerignore").read_text().splitlines()
    assert lines[0] == "*"
    assert all((DOCKER / image / line[1:]).exists() for line in lines if line.startswith("!"))
