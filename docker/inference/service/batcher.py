"""A queue of images, which are predicted in batches of all that are waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.failures import Failures
from service.metrics import Metrics
from shared.model import DeviceError, Prediction

Pixels = NDArray[np.float32]
Predict = Callable[[Pixels], list[Prediction]]


class QueueFullError(Exception):
    """The queue is full."""


class PredictionError(Exception):
    """The prediction failed."""


@dataclass(frozen=True)
class _Waiting:
    pixels: Pixels
    since: float


class Batcher:
    """Predicts on one thread. Whenever the thread is free, all that waits, up to a limit, is a batch: nothing waits for one to fill."""

    def __init__(self, predict: Predict, executor: Executor, *, queue: int, batch: int, failures: Failures, metrics: Metrics) -> None:
        self._predict = predict
        self._executor = executor
        self._queue = queue
        self._batch = batch
        self._failures = failures
        self._metrics = metrics
        self._waiting: dict[asyncio.Future[Prediction], _Waiting] = {}
        self._wake = asyncio.Event()

    def submit(self, pixels: Pixels) -> asyncio.Future[Prediction]:
        """Queue one image; raises QueueFullError. A future that is cancelled before its prediction starts leaves the queue."""
        if len(self._waiting) >= self._queue:
            raise QueueFullError
        future: asyncio.Future[Prediction] = asyncio.get_running_loop().create_future()
        self._waiting[future] = _Waiting(pixels, time.perf_counter())
        future.add_done_callback(lambda done: self._waiting.pop(done, None))
        self._wake.set()
        return future

    async def run(self) -> None:
        """Predict what is queued until cancelled."""
        while True:
            await self._wake.wait()
            batch = {future: self._waiting.pop(future) for future in list(self._waiting)[: self._batch]}
            if not batch:
                self._wake.clear()
                continue
            begun = time.perf_counter()
            for waiting in batch.values():
                self._metrics.queue_seconds.observe(begun - waiting.since)
            await self._answer(list(batch), [waiting.pixels for waiting in batch.values()])

    async def _answer(self, futures: list[asyncio.Future[Prediction]], images: list[Pixels]) -> None:
        begun = time.perf_counter()
        self._failures.started()
        try:
            predictions = await asyncio.get_running_loop().run_in_executor(self._executor, self._predict, np.stack(images))
        except Exception as problem:
            if len(images) > 1 and not isinstance(problem, DeviceError):
                # An image that the model rejects must not fail the others.
                for future, image in zip(futures, images, strict=True):
                    await self._answer([future], [image])
                return
            self._failures.failed(problem)
            for future in futures:
                if not future.done():
                    future.set_exception(PredictionError(str(problem)))
            return
        finally:
            self._metrics.compute_seconds.observe(time.perf_counter() - begun)
            self._metrics.batch_size.observe(len(images))
        self._failures.succeeded()
        for future, prediction in zip(futures, predictions, strict=True):
            if not future.done():
                future.set_result(prediction)
