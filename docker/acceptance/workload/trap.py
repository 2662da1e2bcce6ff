"""Fails the GPU like an error in a kernel: this process cannot use the GPU afterwards."""

from __future__ import annotations

import ctypes

KERNEL = b""".version 6.0
.target sm_50
.address_size 64
.visible .entry fail() { trap; }
\0"""
"""In PTX, which the driver compiles for the GPU. https://docs.nvidia.com/cuda/parallel-thread-execution/"""


def trap() -> None:
    """Run a kernel that traps, in the context of ONNX Runtime. Raises RuntimeError if the GPU still works afterwards."""
    driver = ctypes.CDLL("libcuda.so.1")
    device, context, module, function = ctypes.c_int(), ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
    _must(driver.cuInit(0), "cuInit")
    _must(driver.cuDeviceGet(ctypes.byref(device), 0), "cuDeviceGet")
    # The CUDA runtime of ONNX Runtime uses the primary context of the device.
    _must(driver.cuDevicePrimaryCtxRetain(ctypes.byref(context), device), "cuDevicePrimaryCtxRetain")
    _must(driver.cuCtxSetCurrent(context), "cuCtxSetCurrent")
    _must(driver.cuModuleLoadData(ctypes.byref(module), KERNEL), "cuModuleLoadData")
    _must(driver.cuModuleGetFunction(ctypes.byref(function), module, b"fail"), "cuModuleGetFunction")
    one, none = ctypes.c_uint(1), ctypes.c_void_p()
    _must(driver.cuLaunchKernel(function, one, one, one, one, one, one, ctypes.c_uint(0), none, none, none), "cuLaunchKernel")
    if driver.cuCtxSynchronize() == 0:
        raise RuntimeError("the kernel did not trap")


def _must(status: int, function: str) -> None:
    if status != 0:
        raise RuntimeError(f"{function} failed with status {status}")
