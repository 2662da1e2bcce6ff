"""Shared memory: its size, its use, and the error if it is too small."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from digits_training import data
from digits_training.loader import EpochLoader, shared_memory_size
from trainer.errors import UnrecoverableError


def _loader(first: int, last: int, minimum: int = 0) -> EpochLoader:
    digits = data.load(None)
    return EpochLoader(
        digits.train_images[:101],
        digits.train_labels[:101],
        seed=5,
        copies=3,
        first_epoch=first,
        last_epoch=last,
        slots=2,
        minimum=minimum,
    )


def test_delivers_every_epoch_in_order() -> None:
    with _loader(1, 7) as loader:
        sums = {epoch: float(images.sum()) for epoch, images, _ in loader.epochs(lambda: None)}
    assert list(sums) == [1, 2, 3, 4, 5, 6, 7]
    assert len(set(sums.values())) == 7


def test_an_epoch_is_the_same_after_a_resume() -> None:
    with _loader(1, 4) as loader:
        whole = {epoch: images.copy() for epoch, images, _ in loader.epochs(lambda: None)}
    with _loader(3, 4) as loader:
        resumed = {epoch: images.copy() for epoch, images, _ in loader.epochs(lambda: None)}
    assert list(resumed) == [3, 4]
    assert all(np.array_equal(whole[epoch], resumed[epoch]) for epoch in resumed)


def test_allocates_the_ring_in_shared_memory() -> None:
    state = os.statvfs("/dev/shm")
    with _loader(1, 2) as loader:
        used = (state.f_bfree - os.statvfs("/dev/shm").f_bfree) * state.f_frsize
    assert loader.size >= 2 * 101 * 3 * 257
    assert used >= loader.size / 2  # Other processes may free memory at the same time.


def test_refuses_a_size_below_the_minimum() -> None:
    with pytest.raises(UnrecoverableError, match=r"less than the required "):
        _loader(1, 1, minimum=shared_memory_size() + 1)
    with _loader(1, 1, minimum=shared_memory_size()):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_refuses_a_ring_that_does_not_fit(tmp_path: Path) -> None:
    small = tmp_path / "shm"
    small.mkdir()
    if os.system(f"mount -t tmpfs -o size=64k none '{small}'") != 0:
        pytest.skip("mounting is not allowed here")
    try:
        digits = data.load(None)
        with pytest.raises(UnrecoverableError, match=r"needs \d+ MiB .*No space.* --shm-size 8g"):
            EpochLoader(digits.train_images, digits.train_labels, seed=1, copies=1, first_epoch=1, last_epoch=1, slots=2, directory=small)
    finally:
        os.system(f"umount '{small}'")


def test_reports_a_killed_loader_process() -> None:
    with _loader(1, 50) as loader:
        os.kill(loader._process.pid or 0, signal.SIGKILL)
        with pytest.raises(RuntimeError, match="status -9"):
            list(loader.epochs(lambda: None))
