"""`python slow_service.py`: the service with a model that takes its time, or fails, as variables say.

SECONDS is the time of a batch, and SECONDS_EACH of each image in it. FAIL is the kind of failure, FAIL_FROM the number of good
predictions before it. A pixel of 13 is an image that the model cannot take.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np

from service import __main__ as service
from shared.model import Device, DeviceError, Model, Prediction


class SlowModel(Model):
    """The reference model, slowed down or broken."""

    answered = 0
    loaded = False

    def __init__(self, path: Path, device: Device, threads: int) -> None:
        super().__init__(path, device, threads)
        self.loaded = True

    def predict_batch(self, images: np.typing.NDArray[np.float32]) -> list[Prediction]:
        """Predict as the model does, later or not at all."""
        if not self.loaded:
            return super().predict_batch(images)
        time.sleep(float(os.environ.get("SECONDS", "0")) + len(images) * float(os.environ.get("SECONDS_EACH", "0")))
        if (images == 13).any():
            raise ValueError("no such image")
        if self.answered >= int(os.environ.get("FAIL_FROM", "0")):
            match os.environ.get("FAIL"):
                case "device":
                    raise DeviceError("CUDA failure 700: an illegal memory access was encountered")
                case "model":
                    raise RuntimeError("the model is broken")
        self.answered += 1
        return super().predict_batch(images)


if __name__ == "__main__":
    service.Model = SlowModel  # type: ignore[attr-defined]
    os._exit(service.main())
