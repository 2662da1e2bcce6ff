"""Parses the body of a prediction request, and says exactly what is wrong with it."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

SIDE = 8
MAXIMUM = 16

EXAMPLE = {"image": [[0, 0, 5, 13, 9, 1, 0, 0]] * SIDE}


class BadImageError(Exception):
    """The body cannot be used; the text says why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        """HTTP status of the answer: 400 if the body is not JSON, 422 if the JSON is not an image."""
        self.reason = reason


def parse_image(body: bytes) -> NDArray[np.float32]:
    """The 64 pixels in `{"image": ...}`, given as 8 rows of 8 numbers or as 64 numbers, each from 0 to 16."""
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
    except RecursionError:
        raise BadImageError(400, "the body is nested too deeply") from None
    except ValueError as problem:
        # Also invalid UTF-8, and integers with thousands of digits.
        raise BadImageError(400, f"the body is not JSON: {problem}") from None
    if not isinstance(document, dict) or set(document) != {"image"}:
        raise BadImageError(422, 'the body must be an object with the one key "image"')
    return to_pixels(document["image"])


def to_pixels(image: Any) -> NDArray[np.float32]:
    """The 64 pixels of an image given as 8 rows of 8 numbers or as 64 numbers, each from 0 to 16."""
    return np.array([_pixel(value, place) for place, value in enumerate(_flatten(image))], dtype=np.float32)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _flatten(image: Any) -> list[Any]:
    if not isinstance(image, list):
        raise BadImageError(422, "image must be a list of 8 rows of 8 numbers, or of 64 numbers")
    if len(image) == SIDE * SIDE:
        return image
    if len(image) != SIDE:
        raise BadImageError(422, f"image has {len(image)} entries: it must be 8 rows of 8 numbers, or 64 numbers")
    for number, row in enumerate(image):
        if not isinstance(row, list) or len(row) != SIDE:
            raise BadImageError(422, f"row {number} of image must be a list of 8 numbers")
    return [value for row in image for value in row]


def _pixel(value: Any, place: int) -> float:
    # In Python True is an int, but it is not a pixel.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadImageError(422, f"pixel {place} is not a number")
    if not 0 <= value <= MAXIMUM:
        raise BadImageError(422, f"pixel {place} is not from 0 to {MAXIMUM}")
    return float(value)
