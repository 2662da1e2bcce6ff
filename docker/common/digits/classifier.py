"""The digit classifier in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.errors import ModelError
from shared.model_version import model_version
from shared.onnx_session import Device, open_session

PIXELS = 64
CLASSES = 10


@dataclass(frozen=True)
class Prediction:
    """The model's answer for one image."""

    digit: int
    probabilities: list[float]
    """Of the digits 0 to 9; their sum is 1."""
    model: str
    """Version of the model."""


class Classifier:
    """A model with the input `pixels` (n, 64) and the output `probabilities` (n, 10)."""

    def __init__(self, folder: Path, device: Device, threads: int) -> None:
        """Load `model.onnx` from the folder and run it once. Raises ModelError or cuda.DriverError with a one-line message."""
        path = folder / "model.onnx"
        if not path.is_file():
            raise ModelError(f"the model {path} cannot be read: no such file")
        self.version = model_version(folder)
        self._session = open_session(path, device, threads)
        shapes = {value.name: value.shape[1:] for value in (*self._session.get_inputs(), *self._session.get_outputs())}
        if shapes != {"pixels": [PIXELS], "probabilities": [CLASSES]}:
            raise ModelError(f"{path} has the wrong shape: {shapes}; it needs pixels (n, 64) and probabilities (n, 10)")
        batch = self._session.get_inputs()[0].shape[0]
        self._largest_batch: int | None = batch if isinstance(batch, int) else None
        self.predict(np.zeros(PIXELS, dtype=np.float32))

    def predict(self, pixels: NDArray[np.float32]) -> Prediction:
        """Classify one image of 64 pixels, each 0 to 16."""
        return self.predict_batch(pixels.reshape(1, PIXELS))[0]

    def predict_batch(self, images: NDArray[np.float32]) -> list[Prediction]:
        """Classify (n, 64) pixels in one call, or in several if the model has a fixed batch axis."""
        step = self._largest_batch or len(images)
        return [prediction for start in range(0, len(images), step) for prediction in self._run(images[start : start + step])]

    def _run(self, images: NDArray[np.float32]) -> list[Prediction]:
        missing = (self._largest_batch or len(images)) - len(images)
        pixels = np.pad(images, ((0, missing), (0, 0))) if missing else images
        (probabilities,) = self._session.run(["probabilities"], {"pixels": pixels})
        rows = np.asarray(probabilities)[: len(images)]
        return [Prediction(int(row.argmax()), row.tolist(), self.version) for row in rows]
