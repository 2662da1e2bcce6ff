"""The span of a prediction: https://opentelemetry.io/docs/specs/semconv/http/http-spans/."""

from __future__ import annotations

from fastapi import Request

from serving.model.batcher import Steps
from serving.observe.traces import Attributes, Traced, Traces


def begin_span(traces: Traces, request: Request) -> Traced:
    """The span of this request."""
    attributes: Attributes = {"http.request.method": "POST", "http.route": "/predict", "url.path": "/predict", "url.scheme": "http"}
    return traces.begin("POST /predict", "SERVER", request.headers, attributes)


def end_span(span: Traced, steps: Steps, status: int, request_id: str, model_version: str | None) -> None:
    """End the span, with child spans for the time in the queue and for the prediction."""
    span.step("queue", steps.queued, steps.begun)
    span.step("predict", steps.begun, steps.ended, {"inference.batch_size": steps.batch})
    attributes: Attributes = {"http.response.status_code": status, "http.response.header.x-request-id": [request_id]}
    if model_version is not None:
        attributes["http.response.header.x-model-version"] = [model_version]
    span.end(attributes, str(status) if status >= 500 else None)
