"""The CUDA version of the image, the oldest driver for it, and the check of the machine's driver."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

CUDA_VERSION = "12.4.1"
MIN_DRIVER = "550.54.15"
"""Oldest driver for CUDA_VERSION on Linux, from the CUDA 12.4 release notes, table 3."""

GKE_DRIVER = Path("/usr/local/nvidia/lib64")
"""Where GKE mounts the driver's libraries. The images name it in LD_LIBRARY_PATH."""


class DriverError(Exception):
    """There is no NVIDIA driver, or one that is too old."""


def check_driver() -> str:
    """Version of the NVIDIA driver.

    Raises DriverError, with one line that says which driver is needed, if it is missing or too old.
    """
    needed = f"CUDA {CUDA_VERSION} needs an NVIDIA driver >= {MIN_DRIVER}"
    version = driver_version()
    if version is None and (GKE_DRIVER / "libnvidia-ml.so.1").exists():
        raise DriverError(f"the NVIDIA driver in {GKE_DRIVER} cannot be loaded: LD_LIBRARY_PATH={os.environ.get('LD_LIBRARY_PATH', '')}")
    if version is None:
        raise DriverError(f"{needed}, and none is visible here: run on a GPU node (docker: --gpus all), or set DEVICE=cpu")
    if _numbers(version) < _numbers(MIN_DRIVER):
        raise DriverError(f"{needed}, and this machine has {version}: upgrade its driver (GKE: gpu-driver-version=latest)")
    return version


def driver_version() -> str | None:
    """The version that the driver's management library reports, or None without a driver."""
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
