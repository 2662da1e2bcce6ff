"""The ONNX model in memory."""

from __future__ import annotations

import hashlib
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
    """The model is missing, unreadable, or not one for this service."""


@dataclass(frozen=True)
class Prediction:
    """What the model says about one image."""

    digit: int
    probabilities: list[float]
    """Of the digits 0 to 9; their sum is 1."""


class Model:
    """A model that takes `pixels` (n, 64) and answers `probabilities` (n, 10)."""

    def __init__(self, path: Path, device: Device, threads: int) -> None:
        """Load and try the model; raises ModelError or cuda.DriverError with one clear line."""
        if device == "cuda":
            cuda.check_driver()
            # Loads the CUDA libraries of the nvidia-* packages, which no search path of the system knows.
            onnxruntime.preload_dlls()
        try:
            content = path.read_bytes()
        except OSError as problem:
            raise ModelError(f"the model {path} cannot be read: {problem.strerror}") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(content, options, providers=_PROVIDERS[device])
        except Exception as problem:  # onnxruntime's exceptions share no base class of their own
            raise ModelError(f"{path} is not a model that ONNX Runtime can load: {problem}") from None
        if device == "cuda" and "CUDAExecutionProvider" not in self._session.get_providers():
            raise ModelError("ONNX Runtime could not use the GPU: check nvidia.com/gpu in the pod's limits")
        shapes = {value.name: value.shape[1:] for value in (*self._session.get_inputs(), *self._session.get_outputs())}
        if shapes != {"pixels": [PIXELS], "probabilities": [CLASSES]}:
            raise ModelError(f"{path} has the wrong shape: {shapes}; it needs pixels (n, 64) and probabilities (n, 10)")
        self.digest = hashlib.sha256(content).hexdigest()
        """SHA-256 of the file, to tell which model answered."""
        self.predict(np.zeros(PIXELS, dtype=np.float32))

    def predict(self, pixels: NDArray[np.float32]) -> Prediction:
        """Classify one image of 64 pixels, each 0 to 16."""
        (probabilities,) = self._session.run(["probabilities"], {"pixels": pixels.reshape(1, PIXELS)})
        row = np.asarray(probabilities)[0]
        return Prediction(int(row.argmax()), [float(value) for value in row])
