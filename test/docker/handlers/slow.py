"""The digits, with delays and failures that variables configure.

GATE is a file: a prediction creates `<GATE>.begun`, and ends once GATE exists. FAIL is the kind of failure, FAIL_FROM the
number of successful predictions before it. The model fails on images with a pixel of 13. The handler refuses images with a
pixel of 14.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np

import handler
from handler import load, parse
from shared.errors import BadInputError, DeviceError

__all__ = ["format", "load", "parse", "predict"]

_answered = 0


def predict(model: Any, batch: list[Any]) -> list[Any]:
    """Predict like the digits, with the configured delays and failures."""
    global _answered
    if gate := os.environ.get("GATE"):
        Path(f"{gate}.begun").touch()
        while not Path(gate).exists():
            time.sleep(0.01)
    if any((image == 13).any() for image in batch):
        raise ValueError("no such image")
    if any((image == 14).any() for image in batch):
        raise BadInputError("the model knows no 14")
    if _answered >= int(os.environ.get("FAIL_FROM", "0")):
        match os.environ.get("FAIL"):
            case "device":
                raise DeviceError("CUDA failure 700: an illegal memory access was encountered")
            case "torch":
                raise RuntimeError("CUDA error: device-side assert triggered")
            case "model":
                raise RuntimeError("the model is broken")
            case "iterator":
                return [next(iter([]))]
            case "exit":
                raise SystemExit(3)
            case "short":
                return []
    _answered += 1
    return handler.predict(model, batch)


def format(result: Any) -> Any:
    """Answer like the digits, or with an object that is not JSON."""
    match os.environ.get("FAIL"):
        case "format":
            return {"digit": object()}
        case "nan":
            return float("nan")
        case "numpy":
            return {"digit": np.int64(result.digit), "probabilities": np.array(result.probabilities)}
    return handler.format(result)
