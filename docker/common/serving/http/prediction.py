"""Answers POST /predict."""

from __future__ import annotations

import asyncio

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from serving.deadlines import Deadlines
from serving.http.body import read_body
from serving.lifecycle import Lifecycle
from serving.model.batcher import Batcher, Predicted, PredictionError, QueueFullError, Steps
from serving.model.failures import Failures
from serving.model.message import FormatError, format_result, parse_body
from serving.model.threads import Threads
from serving.observe.metrics import Metrics
from serving.observe.request_id import RequestId
from serving.settings import Settings
from shared.errors import BadInputError

CLIENT_GONE = 499
"""The status that proxies log for a client that disconnected. It is never sent."""

VERSION_HEADER = "X-Model-Version"

_LATER = {"Retry-After": "1"}


class Predictions:
    """Turns the body of a request into a response: parse, wait in the queue, predict in a batch, format."""

    def __init__(self, settings: Settings, lifecycle: Lifecycle, deadlines: Deadlines, failures: Failures, metrics: Metrics) -> None:
        self._settings = settings
        self._lifecycle = lifecycle
        self._deadlines = deadlines
        self._failures = failures
        self._metrics = metrics
        self.batcher: Batcher | None = None
        """The queue, once the model is loaded."""
        self.threads: Threads | None = None
        """For `parse` and `format`, once the server has started."""

    async def answer(self, request: Request, own: RequestId, steps: Steps) -> Response:
        """The response, also for every failure: an error is JSON with one line in `error`. Fills in `steps`."""
        try:
            async with self._deadlines.limit():
                body = await read_body(request, self._settings.max_body)
                loaded, batcher, threads = self._lifecycle.model, self.batcher, self.threads
                if loaded is None or batcher is None or threads is None:
                    return _error("the model is not loaded yet", 503, _LATER)
                with batcher.place():
                    item = await threads.run(parse_body, loaded, body)
                predicted = await _unless_gone(request, batcher.submit(item, own, steps))
                content = await threads.run(format_result, predicted.loaded, predicted.result)
        except BadInputError as problem:
            return _error(problem.reason, problem.status)
        except QueueFullError:
            return _error(f"the queue is full: {self._settings.queue} requests are waiting", 429, _LATER)
        except TimeoutError:
            return _error("the request timed out", 503, _LATER)
        except PredictionError:
            return _error("the prediction failed: see the log of the service", 500)
        except FormatError as problem:
            self._failures.failed(problem.cause, problem.description, [own])
            return _error("the response cannot be written: see the log of the service", 500)
        except ClientDisconnect:
            return Response(status_code=CLIENT_GONE)
        self._failures.succeeded()
        version = predicted.loaded.version
        self._metrics.predictions.labels(version=version).inc()
        return Response(content, media_type="application/json", headers={VERSION_HEADER: version})


async def _unless_gone(request: Request, prediction: asyncio.Future[Predicted]) -> Predicted:
    """The prediction. When the client disconnects, releases the place in the queue and raises ClientDisconnect."""
    # The body is read, so the next message is the disconnect.
    gone = asyncio.ensure_future(request.receive())
    gone.add_done_callback(lambda _: prediction.cancel())
    try:
        return await prediction
    except asyncio.CancelledError:
        # If the deadline passed instead, there is no message from the client.
        if gone.done() and not gone.cancelled():
            raise ClientDisconnect from None
        raise
    finally:
        gone.cancel()
        prediction.cancel()


def _error(reason: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": reason}, status, headers)
