"""A loaded model with its handler and version."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serving.model.handler import Handler, HandlerError, describe, guarded
from shared.cuda import DriverError
from shared.errors import ModelError
from shared.model_version import model_version


@dataclass(frozen=True)
class Loaded:
    """A model that is loaded and warmed up."""

    handler: Handler
    model: Any
    version: str

    def predict(self, batch: list[Any]) -> list[Any]:
        """The results of a batch. Raises the handler's exceptions, and ValueError for a wrong number of results."""
        results = list(guarded(self.handler.predict, self.model, batch))
        if len(results) != len(batch):
            raise ValueError(f"predict returned {len(results)} results for a batch of {len(batch)}")
        return results


def load_model(handler: Handler, folder: Path, device: str, largest_batch: int) -> Loaded:
    """Load the model and predict the handler's example once for each batch size.

    Raises ModelError or DriverError with a one-line message, and HandlerError for any other exception of the handler.
    """
    version = model_version(folder)
    step = "load"
    try:
        loaded = Loaded(handler, guarded(handler.load, folder, device), version)
        step = "warm_up"
        guarded(handler.warm_up, loaded.model)
        if handler.example is not None:
            step = "the prediction of EXAMPLE"
            _warm_up(loaded, largest_batch)
    except (ModelError, DriverError):
        raise
    except Exception as problem:
        raise HandlerError(f"{step} of the handler {handler.name} failed: {describe(problem, handler.file)}") from problem
    return loaded


def batch_sizes(largest: int) -> list[int]:
    """Batch sizes to warm up: each up to 16, because GPU libraries choose kernels by shape, then powers of two, and the largest."""
    return sorted(
        {*range(1, min(largest, 16) + 1), *(2**power for power in range(5, largest.bit_length()) if 2**power <= largest), largest}
    )


def _warm_up(loaded: Loaded, largest_batch: int) -> None:
    example = loaded.handler.parse(json.dumps(loaded.handler.example).encode())
    for size in batch_sizes(largest_batch):
        for result in loaded.predict([example] * size):
            loaded.handler.format(result)
