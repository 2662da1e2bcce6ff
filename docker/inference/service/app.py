"""The HTTP interface: /predict, /health, /ready, /metrics."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from service.batcher import Batcher, PredictionError, QueueFullError
from service.deadlines import Deadlines
from service.failures import Failures
from service.lifecycle import Lifecycle
from service.metrics import CONTENT_TYPE, Metrics
from service.settings import Settings
from shared.image import EXAMPLE, BadImageError, parse_image
from shared.model import Model, Prediction

MAX_BODY = 64 * 1024
"""Bytes of the largest accepted body; 64 numbers with all their digits take 2 KB."""

_MAX_DISCARD = 32 * 1024 * 1024

_CLIENT_GONE = 499
"""The status that proxies log for a client that disconnected; nobody receives it."""

_LATER = {"Retry-After": "1"}


def create_app(
    load: Callable[[], Model], settings: Settings, lifecycle: Lifecycle, deadlines: Deadlines, on_failure: Callable[[], None]
) -> FastAPI:
    """The application. `load` runs in a thread, so that /health answers meanwhile; when it fails, `on_failure` is called."""
    metrics = Metrics()
    failures = Failures(settings.max_failures, settings.request_seconds)
    batchers: list[Batcher] = []

    async def work() -> None:
        """Load the model, then predict."""
        # One prediction at a time: a model uses the whole device, and the event loop stays free for the probes.
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="predict")
        try:
            model = await asyncio.get_running_loop().run_in_executor(executor, load)
        except Exception as problem:
            lifecycle.failure = problem
            on_failure()
            return
        # Exempts loaded objects from garbage collection. Otherwise a collection scans all of them, 7 to 23 ms in which no request
        # is answered, some time after the first ones.
        gc.collect()
        gc.freeze()
        batch = min(settings.batch, model.largest_batch or settings.batch)
        batcher = Batcher(model.predict_batch, executor, queue=settings.queue, batch=batch, failures=failures, metrics=metrics)
        batchers.append(batcher)
        lifecycle.model = model
        await batcher.run()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(work())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    # The interactive pages would load scripts from other hosts; /openapi.json describes the interface.
    app = FastAPI(title="Digit classifier", version="1.0.0", docs_url=None, redoc_url=None, lifespan=lifespan)

    @app.get("/health")
    async def health() -> Response:
        """Liveness: the process answers, and predictions work."""
        reason = failures.reason()
        return JSONResponse({"status": "ok"}) if reason is None else JSONResponse({"status": "failing", "error": reason}, 503)

    @app.get("/ready")
    async def ready() -> Response:
        """Readiness: the model is loaded, predictions work, and the service is not draining."""
        if lifecycle.draining:
            return JSONResponse({"status": "draining"}, 503)
        if lifecycle.model is None:
            return JSONResponse({"status": "loading the model"}, 503)
        reason = failures.reason()
        if reason is not None:
            return JSONResponse({"status": "failing", "error": reason}, 503)
        return JSONResponse({"status": "ready", "model": lifecycle.model.digest})

    @app.get("/metrics", include_in_schema=False)
    async def prometheus() -> Response:
        metrics.ready.set(lifecycle.model is not None and not lifecycle.draining and failures.reason() is None)
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    @app.post("/predict", openapi_extra=_REQUEST_SCHEMA)
    async def predict(request: Request) -> Response:
        """The digit in an 8x8 image with pixels from 0 (paper) to 16 (ink)."""
        begun = time.perf_counter()
        status = 500
        try:
            with metrics.in_flight.track_inprogress():
                response = await answer(request)
            status = response.status_code
            return response
        finally:
            metrics.seconds.observe(time.perf_counter() - begun)
            metrics.requests.labels(status=status).inc()

    async def answer(request: Request) -> Response:
        try:
            async with deadlines.limit():
                pixels = parse_image(await _body(request))
                model = lifecycle.model
                if model is None:
                    return JSONResponse({"error": "the model is not loaded yet"}, 503, _LATER)
                prediction = await _unless_gone(request, batchers[0].submit(pixels))
        except BadImageError as problem:
            return JSONResponse({"error": problem.reason}, problem.status)
        except QueueFullError:
            return JSONResponse({"error": f"{settings.queue} requests are waiting already"}, 429, _LATER)
        except TimeoutError:
            return JSONResponse({"error": "the time for this request is over"}, 503, _LATER)
        except PredictionError:
            return JSONResponse({"error": "the prediction failed; the log of the service says why"}, 500)
        except ClientDisconnect:
            return Response(status_code=_CLIENT_GONE)
        metrics.predictions.labels(digit=prediction.digit).inc()
        return JSONResponse({"digit": prediction.digit, "probabilities": prediction.probabilities, "model": model.digest})

    return app


async def _unless_gone(request: Request, prediction: asyncio.Future[Prediction]) -> Prediction:
    """The prediction; raises ClientDisconnect, and gives the place in the queue back, when nobody waits for it any more."""
    # The body has been read, so the next message is the end of the connection.
    gone = asyncio.ensure_future(request.receive())
    gone.add_done_callback(lambda _: prediction.cancel())
    try:
        return await prediction
    except asyncio.CancelledError:
        # The deadline may have passed as well: then the client sent nothing.
        if gone.done() and not gone.cancelled():
            raise ClientDisconnect from None
        raise
    finally:
        gone.cancel()
        prediction.cancel()


async def _body(request: Request) -> bytes:
    body = bytearray()
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received <= MAX_BODY:
            body += chunk
        # A client that is still sending would get a broken pipe instead of the answer, so read and drop the rest.
        elif received > _MAX_DISCARD:
            break
    if received > MAX_BODY:
        raise BadImageError(413, f"the body is larger than {MAX_BODY} bytes")
    return bytes(body)


_REQUEST_SCHEMA: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["image"],
                    "additionalProperties": False,
                    "properties": {"image": {"type": "array", "description": "8 rows of 8 numbers, or 64 numbers, each 0 to 16"}},
                },
                "example": EXAMPLE,
            }
        },
    }
}
