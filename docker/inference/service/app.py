"""The HTTP interface: /predict, /health, /ready, /metrics."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from service.metrics import CONTENT_TYPE, Metrics
from shared.image import EXAMPLE, BadImageError, parse_image
from shared.model import Model

MAX_BODY = 64 * 1024
"""Bytes of the largest accepted body; 64 numbers with all their digits take 2 KB."""

_MAX_DISCARD = 32 * 1024 * 1024


class Lifecycle:
    """What the service is doing right now."""

    def __init__(self) -> None:
        self.model: Model | None = None
        self.draining = False
        """Set on SIGTERM; /ready then answers 503 and every answer closes its connection."""
        self.failure: Exception | None = None
        """Why the model could not be loaded."""


def create_app(load: Callable[[], Model], lifecycle: Lifecycle, on_failure: Callable[[], None]) -> FastAPI:
    """The application. `load` runs in a thread, so that /health answers meanwhile; when it fails, `on_failure` is called."""
    metrics = Metrics()
    # One prediction at a time: a model uses the whole device, and the event loop stays free for the probes.
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="predict")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async def load_model() -> None:
            try:
                model = await asyncio.get_running_loop().run_in_executor(executor, load)
                # What is loaded now stays: without this the garbage collector looks through all of it, 7 to 23 ms in which no request
                # is answered, some time after the first ones.
                gc.collect()
                gc.freeze()
                lifecycle.model = model
            except Exception as problem:
                lifecycle.failure = problem
                on_failure()

        task = asyncio.create_task(load_model())
        yield
        await task
        executor.shutdown()

    # The interactive pages would load scripts from elsewhere; /openapi.json describes the interface.
    app = FastAPI(title="Digit classifier", version="1.0.0", docs_url=None, redoc_url=None, lifespan=lifespan)

    @app.get("/health")
    async def health() -> dict[str, str]:
        """Live: the process answers."""
        return {"status": "ok"}

    @app.get("/ready")
    async def ready() -> Response:
        """Ready for requests: the model is loaded, and the service is not draining."""
        if lifecycle.draining:
            return JSONResponse({"status": "draining"}, 503)
        if lifecycle.model is None:
            return JSONResponse({"status": "loading the model"}, 503)
        return JSONResponse({"status": "ready", "model": lifecycle.model.digest})

    @app.get("/metrics", include_in_schema=False)
    async def prometheus() -> Response:
        metrics.ready.set(lifecycle.model is not None and not lifecycle.draining)
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    @app.post("/predict", openapi_extra=_REQUEST_SCHEMA)
    async def predict(request: Request) -> Response:
        """The digit in an 8x8 image whose pixels go from 0 (paper) to 16 (ink)."""
        begun = time.perf_counter()
        with metrics.in_flight.track_inprogress():
            response = await answer(request)
        metrics.seconds.observe(time.perf_counter() - begun)
        metrics.requests.labels(status=response.status_code).inc()
        return response

    async def answer(request: Request) -> Response:
        try:
            pixels = parse_image(await _body(request))
        except BadImageError as problem:
            return JSONResponse({"error": problem.reason}, problem.status)
        model = lifecycle.model
        if model is None:
            return JSONResponse({"error": "the model is not loaded yet"}, 503)
        prediction = await asyncio.get_running_loop().run_in_executor(executor, model.predict, pixels)
        metrics.predictions.labels(digit=prediction.digit).inc()
        return JSONResponse({"digit": prediction.digit, "probabilities": prediction.probabilities, "model": model.digest})

    return app


async def _body(request: Request) -> bytes:
    body = bytearray()
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received <= MAX_BODY:
            body += chunk
        # A client that is still sending would see a broken pipe instead of the answer, so the rest is read and dropped.
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
