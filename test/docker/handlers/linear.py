"""Prices houses with a linear model: an example of a team's own model."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

EXAMPLE = {"rooms": 3, "area": 70.5, "old": False}


def load(model_dir: Path, device: str) -> NDArray[Any]:
    weights: NDArray[Any] = np.load(model_dir / "weights.npy")
    if weights.shape != (4,):
        raise ValueError(f"weights.npy has the shape {weights.shape}, not (4,)")
    return weights


def parse(body: bytes) -> list[float]:
    house = json.loads(body)
    return [1, house["rooms"], house["area"], house["old"]]


def predict(model: NDArray[Any], batch: list[Any]) -> Any:
    return np.array(batch, dtype=float) @ model


def format(result: Any) -> dict[str, Any]:
    return {"price": result}
