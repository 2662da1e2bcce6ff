"""Handler of {{name}}: the code of the model.

The project's server or worker calls these functions. docs/docker.md describes them under "A model of your own".
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EXAMPLE = {"values": [1, 2]}
"""A body that `parse` accepts. The server predicts it before the first request."""


def load(model_dir: Path, device: str) -> dict[str, Any]:
    """Load the model from the files in model/. `device` is cpu or cuda."""
    model: dict[str, Any] = json.loads((model_dir / "weights.json").read_text())
    return model


def parse(body: bytes) -> list[float]:
    """The input in a request's body. An exception fails the request with 400, or the task, with the exception's message."""
    first, second = json.loads(body)["values"]
    return [float(first), float(second)]


def predict(model: dict[str, Any], batch: list[list[float]]) -> list[float]:
    """One result for each input of the batch, in order."""
    return [sum(weight * value for weight, value in zip(model["weights"], values, strict=True)) + model["bias"] for values in batch]


def format(result: float) -> dict[str, Any]:
    """The response as JSON."""
    return {"score": result}


# Optional: prepares the model before the first request.
# def warm_up(model: dict[str, Any]) -> None:
