"""A queue of inputs. Each batch takes all inputs that are waiting, up to a limit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from serving.model.failures import Failures, is_device_failure
from serving.model.handler import describe
from serving.model.loaded import Loaded
from serving.model.threads import Threads
from serving.observe.metrics import Metrics
from serving.observe.request_id import RequestId
from shared.errors import BadInputError


class QueueFullError(Exception):
    """The queue is full."""


class PredictionError(Exception):
    """The prediction failed."""


@dataclass(frozen=True)
class Predicted:
    """The result for one input, and the model that predicted it."""

    result: Any
    loaded: Loaded


@dataclass(slots=True)
class Steps:
    """Times of an input by time.perf_counter(): queued, prediction began, prediction ended. None until a step happens."""

    queued: float | None = None
    begun: float | None = None
    ended: float | None = None
    batch: int = 0
    """Size of the batch that the input was predicted in."""


@dataclass(frozen=True)
class _Waiting:
    input: Any
    request: RequestId
    steps: Steps
    since: float


class Batcher:
    """Predicts on one thread. When the thread is free, all waiting inputs, up to a limit, form a batch; no batch waits to fill."""

    def __init__(
        self,
        current: Callable[[], Loaded],
        thread: Threads,
        *,
        queue: int,
        batch: int,
        failures: Failures,
        metrics: Metrics,
    ) -> None:
        self._current = current
        self._thread = thread
        self._queue = queue
        self._batch = batch
        self._failures = failures
        self._metrics = metrics
        self._arriving = 0
        self._waiting: dict[asyncio.Future[Predicted], _Waiting] = {}
        self._wake = asyncio.Event()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Reserve a place in the queue while an input is parsed. Raises QueueFullError. Call `submit` directly afterwards."""
        if len(self._waiting) + self._arriving >= self._queue:
            raise QueueFullError
        self._arriving += 1
        try:
            yield
        finally:
            self._arriving -= 1

    def submit(self, item: Any, request: RequestId, steps: Steps) -> asyncio.Future[Predicted]:
        """Queue the input of a request. A future that is cancelled before its prediction starts leaves the queue.

        `steps` is filled in as the steps happen. The future fails with PredictionError, or with the BadInputError that the handler raised
        for this input.
        """
        future: asyncio.Future[Predicted] = asyncio.get_running_loop().create_future()
        steps.queued = now = time.perf_counter()
        self._waiting[future] = _Waiting(item, request, steps, now)
        future.add_done_callback(lambda done: self._waiting.pop(done, None))
        self._wake.set()
        return future

    async def run(self) -> None:
        """Predict queued inputs until cancelled."""
        while True:
            await self._wake.wait()
            batch = {future: self._waiting.pop(future) for future in list(self._waiting)[: self._batch]}
            if not batch:
                self._wake.clear()
                continue
            begun = time.perf_counter()
            for waiting in batch.values():
                waiting.steps.begun, waiting.steps.batch = begun, len(batch)
                self._metrics.queue_seconds.observe(begun - waiting.since)
            await self._answer(batch)

    async def _answer(self, batch: dict[asyncio.Future[Predicted], _Waiting]) -> None:
        # The model may be replaced during the prediction; a batch uses one model throughout.
        loaded = self._current()
        inputs = [waiting.input for waiting in batch.values()]
        begun = time.perf_counter()
        self._failures.started()
        try:
            results = await self._thread.run(loaded.predict, inputs)
        except Exception as problem:
            if len(batch) > 1 and not is_device_failure(problem):
                # An input that the model rejects must not fail the rest of the batch.
                for future, waiting in batch.items():
                    if not future.done():
                        await self._answer({future: waiting})
                return
            failure = self._failure(problem, loaded, [waiting.request for waiting in batch.values()])
            for future in batch:
                if not future.done():
                    future.set_exception(failure)
            return
        finally:
            self._failures.ended()
            ended = time.perf_counter()
            for waiting in batch.values():
                waiting.steps.ended = ended
            self._metrics.compute_seconds.observe(ended - begun)
            self._metrics.batch_size.observe(len(batch))
        for future, result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(Predicted(result, loaded))

    def _failure(self, problem: Exception, loaded: Loaded, requests: list[RequestId]) -> Exception:
        if isinstance(problem, BadInputError):
            return problem
        self._failures.failed(problem, describe(problem, loaded.handler.file), requests)
        return PredictionError()
