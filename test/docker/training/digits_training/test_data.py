"""Digits, their split and their augmentation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from digits_training import data
from trainer.errors import UnrecoverableError

Arrays = dict[str, NDArray[np.generic]]


def test_split_is_fixed_and_disjoint() -> None:
    digits, again = data.load(None), data.load(None)
    assert len(digits.train_images) == 1437
    assert len(digits.test_images) == 360
    assert np.array_equal(digits.test_images, again.test_images)
    seen = {image.tobytes() for image in digits.train_images}
    assert not any(image.tobytes() in seen for image in digits.test_images)


def test_reads_a_directory(tmp_path: Path) -> None:
    np.savez(tmp_path / "digits.npz", allow_pickle=False, **_good())
    digits = data.load(tmp_path)
    assert len(digits.train_images) + len(digits.test_images) == 100


def _good() -> Arrays:
    generator = np.random.default_rng(0)
    return {"images": generator.uniform(0, 16, (100, 8, 8)), "labels": np.arange(100) % 10}


def _with_pixel(value: float) -> Callable[[Arrays], Arrays]:
    def change(arrays: Arrays) -> Arrays:
        images = arrays["images"].copy()
        images[3, 4, 4] = value
        return {**arrays, "images": images}

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda arrays: {"images": arrays["images"]}, "labels"),
        (lambda arrays: {**arrays, "images": arrays["images"][:, :7]}, "shape"),
        (_with_pixel(float("nan")), "0 to 16"),
        (_with_pixel(17), "0 to 16"),
        (lambda arrays: {**arrays, "labels": arrays["labels"][:-1]}, "label"),
        (lambda arrays: {**arrays, "labels": arrays["labels"] + 1}, "0 to 9"),
        (lambda arrays: {**arrays, "labels": arrays["labels"] % 2}, "five images"),
    ],
)
def test_refuses_invalid_data(tmp_path: Path, change: Callable[[Arrays], Arrays], reason: str) -> None:
    np.savez(tmp_path / "digits.npz", allow_pickle=False, **change(_good()))
    with pytest.raises(UnrecoverableError, match=reason):
        data.load(tmp_path)


def test_refuses_missing_and_broken_files(tmp_path: Path) -> None:
    with pytest.raises(UnrecoverableError, match="missing"):
        data.load(tmp_path)
    (tmp_path / "digits.npz").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(UnrecoverableError, match="cannot be read"):
        data.load(tmp_path)


def test_augmentation_is_repeatable_and_in_range() -> None:
    digits = data.load(None)
    images, labels = data.augment(digits.train_images[:50], digits.train_labels[:50], 4, np.random.default_rng(1))
    again, _ = data.augment(digits.train_images[:50], digits.train_labels[:50], 4, np.random.default_rng(1))
    other, _ = data.augment(digits.train_images[:50], digits.train_labels[:50], 4, np.random.default_rng(2))
    assert images.shape == (200, 64)
    assert np.array_equal(images, again)
    assert not np.array_equal(images, other)
    assert images.min() >= 0
    assert images.max() <= 16
    assert np.array_equal(np.bincount(labels), 4 * np.bincount(digits.train_labels[:50]))
