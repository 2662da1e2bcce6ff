"""The machine's GPUs, from NVML, the driver's management library.

https://docs.nvidia.com/deploy/nvml-api/
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass

from shared.cuda import DriverError


@dataclass(frozen=True)
class Gpu:
    """One GPU."""

    name: str
    memory_mib: int
    capability: str
    """CUDA compute capability, such as `9.0`."""


class _Memory(ctypes.Structure):
    _fields_ = [(name, ctypes.c_ulonglong) for name in ("total", "free", "used")]


def gpus(environment: Mapping[str, str]) -> tuple[Gpu, ...]:
    """The GPUs that CUDA_VISIBLE_DEVICES selects. Without it, all GPUs. Raises DriverError if NVML fails."""
    library = _opened()
    try:
        count = ctypes.c_uint()
        _must(library.nvmlDeviceGetCount_v2(ctypes.byref(count)), "nvmlDeviceGetCount_v2")
        found = tuple(_gpu(library, index) for index in range(count.value))
    finally:
        library.nvmlShutdown()
    selected = environment.get("CUDA_VISIBLE_DEVICES")
    if selected is None:
        return found
    # CUDA ignores the entries from the first invalid one on. Entries may be UUIDs, so only their number is known here.
    return found[: len([entry for entry in selected.split(",") if entry.strip() not in ("", "-1")])]


def cuda_of_driver() -> str:
    """The newest CUDA version that the driver supports, such as `12.4`. Raises DriverError if NVML fails."""
    library = _opened()
    try:
        version = ctypes.c_int()
        _must(library.nvmlSystemGetCudaDriverVersion_v2(ctypes.byref(version)), "nvmlSystemGetCudaDriverVersion_v2")
    finally:
        library.nvmlShutdown()
    return f"{version.value // 1000}.{version.value % 1000 // 10}"


def _opened() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL("libnvidia-ml.so.1")
    except OSError as problem:
        raise DriverError(f"NVML cannot be loaded: {problem}") from None
    _must(library.nvmlInit_v2(), "nvmlInit_v2")
    return library


def _gpu(library: ctypes.CDLL, index: int) -> Gpu:
    handle, name, memory = ctypes.c_void_p(), ctypes.create_string_buffer(96), _Memory()
    major, minor = ctypes.c_int(), ctypes.c_int()
    _must(library.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(handle)), "nvmlDeviceGetHandleByIndex_v2")
    _must(library.nvmlDeviceGetName(handle, name, ctypes.c_uint(len(name))), "nvmlDeviceGetName")
    _must(library.nvmlDeviceGetMemoryInfo(handle, ctypes.byref(memory)), "nvmlDeviceGetMemoryInfo")
    status = library.nvmlDeviceGetCudaComputeCapability(handle, ctypes.byref(major), ctypes.byref(minor))
    _must(status, "nvmlDeviceGetCudaComputeCapability")
    return Gpu(name.value.decode(), memory.total >> 20, f"{major.value}.{minor.value}")


def _must(status: int, function: str) -> None:
    if status != 0:
        raise DriverError(f"{function} of the NVIDIA driver failed with status {status}: run nvidia-smi, and check that the driver runs")
