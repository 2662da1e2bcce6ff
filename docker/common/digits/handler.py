"""The functions of the digits handler, shared by the service and the worker."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digits.classifier import Classifier, Prediction
from digits.image import EXAMPLE, parse_image
from shared.cpus import prediction_threads
from shared.onnx_session import Device

__all__ = ["EXAMPLE", "format", "load", "parse", "predict"]

parse = parse_image


def load(model_dir: Path, device: Device) -> Classifier:
    """The model in `model.onnx`."""
    return Classifier(model_dir, device, prediction_threads(os.environ))


def predict(model: Classifier, batch: list[NDArray[np.float32]]) -> list[Prediction]:
    """One prediction for each image."""
    return model.predict_batch(np.stack(batch))


def format(result: Prediction) -> dict[str, Any]:
    """The most probable digit, and the probability of each."""
    return {"digit": result.digit, "probabilities": result.probabilities, "model": result.model}
