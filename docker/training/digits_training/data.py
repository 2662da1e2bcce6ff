"""Digits as 8x8 images with values from 0 to 16, in a fixed split of training and held-out images."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from trainer.errors import UnrecoverableError

SIDE = 8
PIXELS = SIDE * SIDE
CLASSES = 10
MAXIMUM = 16.0
"""Value of a fully inked pixel; 0 is paper."""

_HELD_OUT = 0.2
_SPLIT_SEED = 0

Images = NDArray[np.float32]
"""One row of 64 pixels per image."""
Labels = NDArray[np.uint8]


@dataclass(frozen=True)
class Digits:
    """Training images, and held-out images that are never used for training."""

    train_images: Images
    train_labels: Labels
    test_images: Images
    test_labels: Labels


def load(directory: Path | None) -> Digits:
    """Digits from `digits.npz` (arrays `images` and `labels`) in the directory, or from scikit-learn without a directory.

    Raises UnrecoverableError if the file is missing or its content is not digits, and OSError if it cannot be read now.
    """
    # Imported here, because scikit-learn takes half a second, which would delay errors about arguments.
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    if directory is None:
        images, labels = load_digits(return_X_y=True)
    else:
        images, labels = _read(directory / "digits.npz")
    train_images, test_images, train_labels, test_labels = train_test_split(
        images.astype(np.float32),
        labels.astype(np.uint8),
        test_size=_HELD_OUT,
        stratify=labels,
        random_state=_SPLIT_SEED,
    )
    return Digits(train_images, train_labels, test_images, test_labels)


def _read(path: Path) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            images = np.asarray(archive["images"], dtype=np.float64)
            labels = np.asarray(archive["labels"])
    except FileNotFoundError:
        raise UnrecoverableError(f"{path} is missing: put it there, or leave DATA_DIR unset for the built-in digits") from None
    except (ValueError, KeyError, EOFError, BadZipFile) as problem:
        raise UnrecoverableError(f"{path} cannot be read as images and labels: {problem}") from None
    count = len(images)
    if images.ndim not in (2, 3) or images.size != count * PIXELS:
        raise UnrecoverableError(f"{path}: images have the shape {images.shape}, not (count, 64) or (count, 8, 8)")
    if not np.isfinite(images).all() or images.min() < 0 or images.max() > MAXIMUM:
        raise UnrecoverableError(f"{path}: pixels must be numbers from 0 to 16")
    if labels.shape != (count,) or not np.issubdtype(labels.dtype, np.integer):
        raise UnrecoverableError(f"{path}: each image must have one label, an integer")
    smallest = min((int((labels == digit).sum()) for digit in range(CLASSES)), default=0)
    if not np.isin(labels, range(CLASSES)).all() or smallest < 5:
        raise UnrecoverableError(f"{path}: labels must be 0 to 9 with at least five images of each")
    return images.reshape(count, PIXELS), labels.astype(np.int64)


def augment(images: Images, labels: Labels, copies: int, generator: np.random.Generator) -> tuple[Images, Labels]:
    """Shuffled copies of the images, each shifted by up to one pixel, made lighter or darker, with noise."""
    count = len(images) * copies
    order = generator.permutation(count) % len(images)
    padded = np.pad(images.reshape(-1, SIDE, SIDE), ((0, 0), (1, 1), (1, 1)))
    shifts = generator.integers(0, 3, size=(2, count))
    # Half of the copies are not shifted, because the images in requests are centred.
    shifts[:, generator.random(count) < 0.5] = 1
    rows = shifts[0][:, None, None] + np.arange(SIDE)[None, :, None]
    columns = shifts[1][:, None, None] + np.arange(SIDE)[None, None, :]
    moved = padded[order[:, None, None], rows, columns].reshape(count, PIXELS)
    moved *= generator.uniform(0.8, 1.2, size=(count, 1)).astype(np.float32)
    moved += generator.standard_normal((count, PIXELS), dtype=np.float32) * np.float32(0.7)
    return np.clip(moved, 0, MAXIMUM, out=moved), labels[order]
