"""Bodies of prediction requests."""

from __future__ import annotations

import json

import numpy as np
import pytest

from digits.image import EXAMPLE, parse_image
from shared.errors import BadInputError

FLAT = [float(value % 17) for value in range(64)]
ROWS = [FLAT[start : start + 8] for start in range(0, 64, 8)]


@pytest.mark.parametrize("image", [FLAT, ROWS, [[0] * 8] * 8, [16] * 64])
def test_reads_rows_and_flat_lists(image: list[object]) -> None:
    pixels = parse_image(json.dumps({"image": image}).encode())
    assert pixels.shape == (64,)
    assert pixels.dtype == np.float32
    assert np.array_equal(pixels, np.array(image, dtype=np.float32).reshape(64))


def test_reads_its_own_example() -> None:
    assert parse_image(json.dumps(EXAMPLE).encode()).shape == (64,)


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"", 400, "not JSON"),
        (b"image", 400, "not JSON"),
        (b'{"image": [1,', 400, "not JSON"),
        (b"\xff\xfe", 400, "not JSON"),
        (b"[" * 60000, 400, "nested too deeply"),
        (b'{"image": [' + b"9" * 5000 + b"]}", 400, "not JSON"),
        (json.dumps({"image": [float("nan"), *FLAT[1:]]}).encode(), 400, "NaN is not a number"),
        (json.dumps({"image": [float("-inf"), *FLAT[1:]]}).encode(), 400, "-Infinity is not a number"),
        (json.dumps({"image": FLAT}).replace("0.0", "1e999").encode(), 422, "pixel 0 is not from 0 to 16"),
        (b"[]", 422, 'the one key "image"'),
        (b"{}", 422, 'the one key "image"'),
        (json.dumps({"image": FLAT, "more": 1}).encode(), 422, 'the one key "image"'),
        (b'{"image": "7"}', 422, "must be a list"),
        (b'{"image": []}', 422, "0 entries"),
        (json.dumps({"image": FLAT[:63]}).encode(), 422, "63 entries"),
        (json.dumps({"image": [*ROWS[:7], FLAT[:7]]}).encode(), 422, "row 7"),
        (json.dumps({"image": [*ROWS[:7], 5]}).encode(), 422, "row 7"),
        (json.dumps({"image": [*FLAT[:9], "3", *FLAT[10:]]}).encode(), 422, "pixel 9 is not a number"),
        (json.dumps({"image": [*FLAT[:9], True, *FLAT[10:]]}).encode(), 422, "pixel 9 is not a number"),
        (json.dumps({"image": [*FLAT[:9], None, *FLAT[10:]]}).encode(), 422, "pixel 9 is not a number"),
        (json.dumps({"image": [*FLAT[:63], 16.5]}).encode(), 422, "pixel 63 is not from 0 to 16"),
        (json.dumps({"image": [-1, *FLAT[1:]]}).encode(), 422, "pixel 0 is not from 0 to 16"),
    ],
)
def test_names_the_problem_of_a_body(body: bytes, status: int, reason: str) -> None:
    with pytest.raises(BadInputError) as caught:
        parse_image(body)
    assert caught.value.status == status
    assert reason in caught.value.reason
