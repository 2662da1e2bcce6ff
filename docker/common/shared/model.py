"""The ONNX model in memory."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from shared import cuda

Device = Literal["cpu", "cuda"]

PIXELS = 64
CLASSES = 10

_PROVIDERS = {"cpu": ["CPUExecutionProvider"], "cuda": ["CUDAExecutionProvider", "CPUExecutionProvider"]}


class ModelError(Exception):
    """The model is missing, unreadable, or has the wrong shape."""


class DeviceError(Exception):
    """The GPU failed, so no later prediction of this process can succeed."""


# ONNX Runtime has no class for these: it names the call that failed, as in `CUDA failure 700: an illegal memory access was encountered`.
# https://github.com/microsoft/onnxruntime/blob/v1.22.0/onnxruntime/core/providers/cuda/cuda_call.cc
_DEVICE_FAILURE = re.compile(r"\b(CUDA|CUDNN|CUBLAS|CUBLASLT|CURAND|CUFFT) failure ")


def model_digest(path: Path) -> str:
    """SHA-256 of a model's file; of the digests of its files where weights are in others, which begin with the model's name.

    ONNX keeps weights beyond 2 GB in such files: https://github.com/onnx/onnx/blob/main/docs/ExternalData.md
    """
    try:
        files = [path, *sorted(other for other in path.parent.glob(f"{path.name}*") if other != path)]
        digests = [_file_digest(file) for file in files]
    except OSError as problem:
        raise ModelError(f"the model {problem.filename} cannot be read: {problem.strerror}") from None
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


def _file_digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@dataclass(frozen=True)
class Prediction:
    """The model's answer for one image."""

    digit: int
    probabilities: list[float]
    """Of the digits 0 to 9; their sum is 1."""


class Model:
    """A model that takes `pixels` (n, 64) and answers `probabilities` (n, 10)."""

    def __init__(self, path: Path, device: Device, threads: int) -> None:
        """Load and try the model; raises ModelError or cuda.DriverError with one clear line."""
        if device == "cuda":
            cuda.check_driver()
            # Loads the CUDA libraries of the nvidia-* packages, which are on no search path.
            onnxruntime.preload_dlls()
        self.digest = model_digest(path)
        """Identifies the model in answers."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(path, options, providers=_PROVIDERS[device])
        except Exception as problem:  # onnxruntime's exceptions have no common base class
            raise ModelError(f"{path} is not a model that ONNX Runtime can load: {problem}") from None
        if device == "cuda" and "CUDAExecutionProvider" not in self._session.get_providers():
            raise ModelError("ONNX Runtime could not use the GPU: check nvidia.com/gpu in the pod's limits")
        shapes = {value.name: value.shape[1:] for value in (*self._session.get_inputs(), *self._session.get_outputs())}
        if shapes != {"pixels": [PIXELS], "probabilities": [CLASSES]}:
            raise ModelError(f"{path} has the wrong shape: {shapes}; it needs pixels (n, 64) and probabilities (n, 10)")
        batch = self._session.get_inputs()[0].shape[0]
        self.largest_batch: int | None = batch if isinstance(batch, int) else None
        """Largest batch; None if the model's batch axis is dynamic."""
        self.predict(np.zeros(PIXELS, dtype=np.float32))

    def predict(self, pixels: NDArray[np.float32]) -> Prediction:
        """Classify one image of 64 pixels, each 0 to 16."""
        return self.predict_batch(pixels.reshape(1, PIXELS))[0]

    def predict_batch(self, images: NDArray[np.float32]) -> list[Prediction]:
        """Classify (n, 64) pixels at once; raises DeviceError when the GPU fails."""
        try:
            (probabilities,) = self._session.run(["probabilities"], {"pixels": images})
        except Exception as problem:
            if _DEVICE_FAILURE.search(str(problem)):
                raise DeviceError(str(problem)) from problem
            raise
        return [Prediction(int(row.argmax()), row.tolist()) for row in np.asarray(probabilities)]
