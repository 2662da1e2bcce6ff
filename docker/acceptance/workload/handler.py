"""A handler for requests that use a given amount of the device's memory, or fail the device.

The body `{"bytes": n}` fills n bytes and adds them up. The body `{"fail": true}` fails the device.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shared.cpus import prediction_threads
from shared.errors import DeviceError
from shared.onnx_session import Device, open_session
from workload.trap import trap

EXAMPLE = {"bytes": 4096}

_BYTES_OF_FLOAT = 4


@dataclass(frozen=True)
class Model:
    """The model and its device."""

    session: Any
    device: Device


def load(model_dir: Path, device: Device) -> Model:
    """The model in fill.onnx, which workload/fill.py writes."""
    return Model(open_session(model_dir / "fill.onnx", device, prediction_threads(os.environ)), device)


def parse(body: bytes) -> dict[str, Any]:
    """The parsed body."""
    request: dict[str, Any] = json.loads(body)
    return request


def predict(model: Model, batch: list[dict[str, Any]]) -> list[dict[str, float]]:
    """Fill the bytes of each request with ones, and return their sum."""
    return [{"sum": _sum(model, request)} for request in batch]


def _sum(model: Model, request: dict[str, Any]) -> float:
    if request.get("fail"):
        if model.device == "cpu":
            raise DeviceError("a request asked for a failure, and the CPU has no kernel that can trap")
        trap()
    count = request.get("bytes", _BYTES_OF_FLOAT) // _BYTES_OF_FLOAT
    (total,) = model.session.run(["sum"], {"value": np.ones(1, dtype=np.float32), "count": np.array([count], dtype=np.int64)})
    return float(total[0])
