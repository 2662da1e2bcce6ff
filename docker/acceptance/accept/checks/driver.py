"""The NVIDIA driver and the GPUs."""

from __future__ import annotations

import os
from collections.abc import Iterator

from accept.machine import CheckError, Line, Machine
from accept.nvml import cuda_of_driver, gpus
from shared.cuda import MIN_DRIVER, DriverError, check_driver


def check(machine: Machine) -> Iterator[Line]:
    """Check that the driver is at least MIN_DRIVER and shows a GPU. Raises CheckError."""
    if machine.device == "cpu":
        yield Line("NVIDIA driver", "not needed with --device cpu", skipped=True)
        return
    try:
        version = check_driver()
        found = gpus(os.environ)
        newest = cuda_of_driver()
    except DriverError as problem:
        raise CheckError(str(problem)) from None
    yield Line("NVIDIA driver", f"{version} (needed: {MIN_DRIVER}), up to CUDA {newest}")
    if not found:
        raise CheckError(no_gpu())
    for index, gpu in enumerate(found):
        yield Line(f"GPU {index}", f"{gpu.name}, {gpu.memory_mib / 1024:.1f} GiB, compute capability {gpu.capability}")


def no_gpu() -> str:
    """The message for a driver that shows no GPU."""
    selected = os.environ.get("CUDA_VISIBLE_DEVICES")
    seen = "" if selected is None else f" with CUDA_VISIBLE_DEVICES={selected}"
    return f"the NVIDIA driver shows no GPU{seen}: run nvidia-smi, and check CUDA_VISIBLE_DEVICES (docker: --gpus all)"
