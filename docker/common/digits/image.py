"""Parses the body of a prediction request, with an exact error for an invalid one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.errors import BadInputError
from shared.json_body import parse_json

SIDE = 8
MAXIMUM = 16

EXAMPLE = {"image": [[0, 0, 5, 13, 9, 1, 0, 0]] * SIDE}


def parse_image(body: bytes) -> NDArray[np.float32]:
    """The 64 pixels in `{"image": ...}`, given as 8 rows of 8 numbers or as 64 numbers, each from 0 to 16."""
    document = parse_json(body)
    if not isinstance(document, dict) or set(document) != {"image"}:
        raise BadInputError('the body must be an object with the one key "image"')
    return to_pixels(document["image"])


def to_pixels(image: Any) -> NDArray[np.float32]:
    """The 64 pixels of an image given as 8 rows of 8 numbers or as 64 numbers, each from 0 to 16."""
    return np.array([_pixel(value, place) for place, value in enumerate(_flatten(image))], dtype=np.float32)


def _flatten(image: Any) -> list[Any]:
    if not isinstance(image, list):
        raise BadInputError("image must be a list of 8 rows of 8 numbers, or of 64 numbers")
    if len(image) == SIDE * SIDE:
        return image
    if len(image) != SIDE:
        raise BadInputError(f"image has {len(image)} entries: it must be 8 rows of 8 numbers, or 64 numbers")
    for number, row in enumerate(image):
        if not isinstance(row, list) or len(row) != SIDE:
            raise BadInputError(f"row {number} of image must be a list of 8 numbers")
    return [value for row in image for value in row]


def _pixel(value: Any, place: int) -> float:
    # In Python, bool is a subclass of int, but True is not a pixel.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInputError(f"pixel {place} is not a number")
    if not 0 <= value <= MAXIMUM:
        raise BadInputError(f"pixel {place} is not from 0 to {MAXIMUM}")
    return float(value)
