"""Measures how long a large checkpoint blocks training, and how much memory it takes.

`python3 docker/dev.py bench-checkpoint [megabytes]` (default 1000).
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from trainer.checkpoints.format import Checkpoint
from trainer.checkpoints.store import CheckpointStore, newest

_IDLE_STEPS = 50


def main(megabytes: int) -> None:
    """Train, save once, train until the checkpoint is written, and print the measurements."""
    state = {f"layer-{number}": np.random.default_rng(number).random(megabytes * 25_000, dtype=np.float32) for number in range(10)}
    matrix = np.random.default_rng(0).random((512, 512), dtype=np.float32)
    with tempfile.TemporaryDirectory() as folder:
        store = CheckpointStore(Path(folder), keep=1)
        usual = sorted(_step(matrix) for _ in range(_IDLE_STEPS))[_IDLE_STEPS // 2]
        before = _peak()
        begun = time.monotonic()
        store.save(Checkpoint(1, 1, {}, state))
        stopped = time.monotonic() - begun
        during = _steps_until(matrix, lambda: store.written == 1)
        written = time.monotonic() - begun
        grown = _peak() - before
        begun = time.monotonic()
        read = newest(Path(folder))
        seconds = time.monotonic() - begun
    assert read is not None
    assert all(np.array_equal(read.state[name], array) for name, array in state.items())
    print(f"checkpoint                  {megabytes} MB, 10 arrays")
    print(f"training stopped for        {stopped:.3f} s")
    print(f"longest step while writing  {max(during, default=0.0):.3f} s ({usual:.3f} s usually, {len(during)} steps)")
    print(f"on disk after               {written:.1f} s")
    print(f"more memory for writing     {grown / 1e6:.0f} MB")
    print(f"read in                     {seconds:.1f} s")


def _step(matrix: np.ndarray) -> float:
    begun = time.monotonic()
    matrix @ matrix
    return time.monotonic() - begun


def _steps_until(matrix: np.ndarray, done: Callable[[], bool]) -> list[float]:
    steps = []
    while not done():
        steps.append(_step(matrix))
    return steps


def _peak() -> int:
    """Peak memory of this process, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
