"""The training steps of a run, and its progress."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from digits_training.data import Images, Labels
from digits_training.network import Network


class Training:
    """A network in training, and its progress."""

    def __init__(self, network: Network, batch_size: int, epoch: int, step: int) -> None:
        self._network = network
        self._batch_size = batch_size
        self.epoch = epoch
        """Number of completed epochs."""
        self.step = step
        """Number of steps of the whole run."""

    def learn(self, epoch: int, images: Images, labels: Labels, go_on: Callable[[], None]) -> float:
        """Train on the rest of an epoch; returns the mean loss.

        Calls `go_on` before each step; an exception from it ends the epoch.
        """
        losses = []
        batches = range(0, len(images), self._batch_size)
        # A checkpoint written on SIGTERM is in the middle of an epoch. Skip the batches before it.
        for first in batches[self.step - (epoch - 1) * len(batches) :]:
            go_on()
            batch = slice(first, first + self._batch_size)
            losses.append(self._network.step(images[batch], labels[batch], self.step + 1))
            self.step += 1
        self.epoch = epoch
        return float(np.mean(losses)) if losses else 0.0
