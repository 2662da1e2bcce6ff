"""Opens ONNX models on the CPU or GPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import onnxruntime

from shared import cuda
from shared.errors import ModelError

Device = Literal["cpu", "cuda"]

_PROVIDERS = {"cpu": ["CPUExecutionProvider"], "cuda": ["CUDAExecutionProvider", "CPUExecutionProvider"]}


def open_session(path: Path, device: Device, threads: int) -> Any:
    """An `onnxruntime.InferenceSession` with `threads` threads. External weights are read from the model's folder.

    Raises ModelError if the file is not a model or the GPU cannot be used, and cuda.DriverError without a suitable driver.
    """
    if device == "cuda":
        cuda.check_driver()
        # Load the CUDA libraries of the nvidia-* packages, which are not on any search path.
        onnxruntime.preload_dlls()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    try:
        # Pass the path: bytes are limited to 2 GB and have no folder for external weights. https://onnx.ai/onnx/repo-docs/ExternalData.html
        session = onnxruntime.InferenceSession(path, options, providers=_PROVIDERS[device])
    except Exception as problem:  # onnxruntime's exceptions have no common base class
        raise ModelError(f"{path} is not a model that ONNX Runtime can load: {problem}") from None
    if device == "cuda" and "CUDAExecutionProvider" not in session.get_providers():
        raise ModelError("ONNX Runtime could not use the GPU: check nvidia.com/gpu in the pod's limits")
    return session
