"""The HTTP interface: /predict, /health, /ready, /metrics."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from serving.deadlines import Deadlines
from serving.http.prediction import VERSION_HEADER, Predictions
from serving.http.span import begin_span, end_span
from serving.lifecycle import Lifecycle
from serving.model.batcher import Batcher, Steps
from serving.model.failures import Failures
from serving.model.loaded import Loaded
from serving.model.threads import Threads
from serving.model.watch import ModelWatch
from serving.observe.logs import fields, log
from serving.observe.metrics import CONTENT_TYPE, Metrics
from serving.observe.request_id import REQUEST_ID_HEADER, log_fields, request_id
from serving.observe.traces import Traces
from serving.settings import Settings


class Service(FastAPI):
    """Answers predictions without FastAPI's layers, which would double the time of a short prediction."""

    predict: Callable[[Request], Awaitable[Response]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self.predict and scope["type"] == "http" and scope["path"] == "/predict" and scope["method"] == "POST":
            response = await self.predict(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(
    load: Callable[[], Loaded],
    settings: Settings,
    lifecycle: Lifecycle,
    deadlines: Deadlines,
    on_failure: Callable[[], None],
    traces: Traces | None = None,
) -> Service:
    """The application. `load` runs in a thread, so that /health answers meanwhile. If it fails, `on_failure` is called."""
    metrics = Metrics()
    failures = Failures(settings.max_failures, settings.request_seconds)
    predictions = Predictions(settings, lifecycle, deadlines, failures, metrics)

    async def work() -> None:
        """Load the model, then predict."""
        # One prediction at a time, because a model uses the whole device. The event loop stays free for the probes.
        thread = Threads(1, "predict")
        predictions.threads = Threads(max(2, settings.threads), "parse")
        # Created before the model is loaded, so that a change during loading is detected.
        watch = ModelWatch(settings.model_dir, settings.poll_seconds, load, lifecycle, metrics) if settings.poll_seconds else None
        try:
            loaded = await thread.run(load)
        except Exception as problem:
            lifecycle.failure = problem
            on_failure()
            return
        # Exempt loaded objects from garbage collection. Otherwise an early collection scans all of them and blocks requests for
        # 7 to 23 ms.
        gc.collect()
        gc.freeze()
        metrics.model(loaded.version)
        lifecycle.model = loaded
        predictions.batcher = Batcher(
            lambda: lifecycle.model or loaded,
            thread,
            queue=settings.queue,
            batch=settings.batch,
            failures=failures,
            metrics=metrics,
        )
        if loaded.handler.example is not None:
            schema["requestBody"]["content"]["application/json"]["example"] = loaded.handler.example
        await asyncio.gather(predictions.batcher.run(), *([watch.run()] if watch else []))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(work())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    schema: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/json": {}}}}
    # The interactive pages load scripts from other hosts, so they are disabled. /openapi.json describes the interface.
    app = Service(title="Inference", version="1.0.0", docs_url=None, redoc_url=None, lifespan=lifespan)

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
        return JSONResponse({"status": "ready", "model": lifecycle.model.version})

    @app.get("/metrics", include_in_schema=False)
    async def prometheus() -> Response:
        metrics.ready.set(lifecycle.model is not None and not lifecycle.draining and failures.reason() is None)
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    @app.post("/predict", openapi_extra=schema)
    async def predict(request: Request) -> Response:
        """The handler's answer for the body."""
        begun = time.perf_counter()
        span = None if traces is None else begin_span(traces, request)
        own = request_id(request.headers, None if span is None else span.ids)
        steps = Steps()
        status, version = 500, None
        try:
            with metrics.in_flight.track_inprogress():
                response = await predictions.answer(request, own, steps)
            status, version = response.status_code, response.headers.get(VERSION_HEADER)
            response.headers[REQUEST_ID_HEADER] = own.id
            return response
        finally:
            seconds = time.perf_counter() - begun
            metrics.seconds.observe(seconds)
            metrics.requests.labels(status=status).inc()
            if span is not None:
                end_span(span, steps, status, own.id, version)
            if settings.log_requests:
                extra = fields(**log_fields([own]), status=status, seconds=round(seconds, 6), model_version=version)
                log.info("POST /predict %s", status, extra=extra)

    app.predict = predict
    return app
