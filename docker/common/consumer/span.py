"""The span of a task: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from serving.observe.traces import Attributes, Traced, Traces


@contextmanager
def task_span(traces: Traces, request: Any, queue: str) -> Iterator[Traced]:
    """Span of the block. It continues the trace in the task's headers, where OpenTelemetry's Celery instrumentation puts it.

    `request` is Celery's request, which has the headers as attributes.
    """
    headers = {name: value for name in ("traceparent", "tracestate") if isinstance(value := request.get(name), str)}
    attributes: Attributes = {
        "messaging.system": "celery",
        "messaging.destination.name": queue,
        "messaging.message.id": request.id or "",
        "messaging.operation.type": "process",
    }
    span = traces.begin(f"process {queue}", "CONSUMER", headers, attributes)
    error = None
    try:
        yield span
    except BaseException as problem:
        error = type(problem).__name__
        raise
    finally:
        span.end({}, error)
