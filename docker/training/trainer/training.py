"""The training loop of a run."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from trainer.checkpoints import Checkpoint
from trainer.data import Images, Labels
from trainer.network import Network


class Training:
    """A network in training, and its progress."""

    def __init__(self, network: Network, start: Checkpoint, batch_size: int) -> None:
        self._network = network
        self._options = start.options
        self._batch_size = batch_size
        self._begun = time.monotonic() - start.seconds
        self.epoch = start.epoch
        """Complete epochs."""
        self.step = start.step
        """Steps of the whole run."""

    def learn(self, epoch: int, images: Images, labels: Labels, go_on: Callable[[], None]) -> float:
        """Learn from what is left of an epoch; returns the mean loss.

        `go_on` is called before each step, and what it raises ends the epoch there.
        """
        losses = []
        batches = range(0, len(images), self._batch_size)
        # A checkpoint made on SIGTERM is in the middle of an epoch; do not train on the earlier batches again.
        for first in batches[self.step - (epoch - 1) * len(batches) :]:
            go_on()
            batch = slice(first, first + self._batch_size)
            losses.append(self._network.step(images[batch], labels[batch], self.step + 1))
            self.step += 1
        self.epoch = epoch
        return float(np.mean(losses)) if losses else 0.0

    def checkpoint(self) -> Checkpoint:
        """The current point of the run."""
        return Checkpoint(self.epoch, self.step, self._options, self._network.state(), self.seconds)

    @property
    def seconds(self) -> float:
        """Time trained so far, over all attempts."""
        return time.monotonic() - self._begun
