"""The CUDA version of the image, the oldest supported driver, and the check of the machine's driver."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

CUDA_VERSION = "12.8.1"
"""CUDA version of the training images. Inference and worker have a later minor version."""

MIN_DRIVER = "525.60.13"
"""Oldest driver for CUDA 12 on Linux.

Every CUDA 12 image runs on it through minor version compatibility. Only code that the driver compiles (PTX) needs a newer driver.
https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html, table 1. CUDA 13 needs 580.
"""

GKE_DRIVER = Path("/usr/local/nvidia/lib64")
"""Where GKE mounts the driver's libraries. The images add it to LD_LIBRARY_PATH."""


class DriverError(Exception):
    """The NVIDIA driver is missing or too old."""


def check_driver() -> str:
    """Version of the NVIDIA driver.

    Raises DriverError, which names the required version in one line, if the driver is missing or too old.
    """
    needed = f"CUDA {CUDA_VERSION.partition('.')[0]} needs an NVIDIA driver >= {MIN_DRIVER}"
    version = driver_version()
    if version is None and (GKE_DRIVER / "libnvidia-ml.so.1").exists():
        raise DriverError(f"the NVIDIA driver in {GKE_DRIVER} cannot be loaded: LD_LIBRARY_PATH={os.environ.get('LD_LIBRARY_PATH', '')}")
    if version is None:
        raise DriverError(f"{needed}, but no driver is visible: run on a GPU node (docker: --gpus all), or set DEVICE=cpu")
    if _numbers(version) < _numbers(MIN_DRIVER):
        raise DriverError(f"{needed}, but this machine has {version}: upgrade its driver (GKE: gpu-driver-version=latest)")
    return version


def driver_version() -> str | None:
    """The version that NVML, the driver's management library, reports. None without a driver."""
    try:
        library = ctypes.CDLL("libnvidia-ml.so.1")
    except OSError:
        return None
    if library.nvmlInit_v2() != 0:
        return None
    text = ctypes.create_string_buffer(80)
    status = library.nvmlSystemGetDriverVersion(text, ctypes.c_uint(len(text)))
    library.nvmlShutdown()
    return text.value.decode() if status == 0 else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
