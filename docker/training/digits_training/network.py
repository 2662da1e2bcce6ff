"""The model (64 pixels, one hidden layer, 10 classes) and its training with NumPy."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from digits_training.data import CLASSES, MAXIMUM, PIXELS, Images, Labels
from trainer.processes.group import Group

State = dict[str, NDArray[np.float32]]
"""Weights (`w1 b1 w2 b2`) and Adam's moments (`m.w1`, `v.w1`, ...), the same for every backend."""

WEIGHTS = ("w1", "b1", "w2", "b2")

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Network(Protocol):
    """The interface of a backend for the training loop."""

    device: str
    """Device for the report: `cpu`, or the name of the GPU."""

    def step(self, images: Images, labels: Labels, number: int) -> float:
        """Train on one batch; each process of the group computes its share. `number` counts steps from 1 over the whole run.

        Returns the mean loss over the batch. Raises PeerLostError, without a change to the weights, if another process has ended.
        """

    def classify(self, images: Images) -> NDArray[np.int64]:
        """The most probable class of each image."""

    def state(self) -> State:
        """A copy of the state that a later attempt resumes from."""

    def close(self) -> None:
        """Leave the process group after the last step of a complete run."""


def initial_state(hidden: int, seed: int) -> State:
    """Initial weights, the same for the same seed on every backend."""
    generator = np.random.default_rng((seed, 0))
    state: State = {
        "w1": _scaled(generator, PIXELS, hidden),
        "b1": np.zeros(hidden, dtype=np.float32),
        "w2": _scaled(generator, hidden, CLASSES),
        "b2": np.zeros(CLASSES, dtype=np.float32),
    }
    for name in WEIGHTS:
        state[f"m.{name}"] = np.zeros_like(state[name])
        state[f"v.{name}"] = np.zeros_like(state[name])
    return state


def _scaled(generator: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    return np.asarray(generator.standard_normal((rows, columns)) * np.sqrt(2 / rows), dtype=np.float32)


class NumpyNetwork:
    """The model on the CPU."""

    device = "cpu"

    def __init__(self, state: State, learning_rate: float, group: Group) -> None:
        self._state = {name: array.copy() for name, array in state.items()}
        self._learning_rate = learning_rate
        self._group = group

    def step(self, images: Images, labels: Labels, number: int) -> float:
        """See Network."""
        state, count = self._state, len(images)
        images, labels = images[self._group.share], labels[self._group.share]
        inputs = images / np.float32(MAXIMUM)
        hidden = np.maximum(inputs @ state["w1"] + state["b1"], 0)
        logits = hidden @ state["w2"] + state["b2"]
        logits -= logits.max(axis=1, keepdims=True)
        exponents = np.exp(logits)
        probabilities = exponents / exponents.sum(axis=1, keepdims=True)
        rows = np.arange(len(images))
        loss = -np.log(probabilities[rows, labels] + np.float32(EPSILON)).sum() / np.float32(count)

        error = probabilities
        error[rows, labels] -= 1
        error /= np.float32(count)
        back = (error @ state["w2"].T) * (hidden > 0)
        # Each share is divided by the size of the whole batch, so the sum over the shares is the mean over the batch.
        shares = [inputs.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0), loss]
        total = self._group.total(np.concatenate([np.ravel(part) for part in shares]))
        ends = np.cumsum([state[name].size for name in WEIGHTS])
        for name, part in zip(WEIGHTS, np.split(total[:-1], ends[:-1]), strict=True):
            gradient = part.reshape(state[name].shape)
            first, second = state[f"m.{name}"], state[f"v.{name}"]
            first += np.float32(1 - BETA1) * (gradient - first)
            second += np.float32(1 - BETA2) * (gradient * gradient - second)
            # Correct the bias of both moments before adding EPSILON: https://arxiv.org/abs/1412.6980, algorithm 1.
            root = np.sqrt(second / np.float32(1 - BETA2**number))
            state[name] -= np.float32(self._learning_rate / (1 - BETA1**number)) * first / (root + np.float32(EPSILON))
        return float(total[-1])

    def classify(self, images: Images) -> NDArray[np.int64]:
        """See Network."""
        hidden = np.maximum(images / np.float32(MAXIMUM) @ self._state["w1"] + self._state["b1"], 0)
        return np.asarray(np.argmax(hidden @ self._state["w2"] + self._state["b2"], axis=1), dtype=np.int64)

    def state(self) -> State:
        """See Network."""
        return {name: array.copy() for name, array in self._state.items()}

    def close(self) -> None:
        """See Network."""
