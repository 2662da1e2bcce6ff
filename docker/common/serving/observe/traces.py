"""Traces for an OpenTelemetry collector. Disabled, without importing the SDK, unless the environment names a collector."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from shared.environment import SettingsError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

Attributes = dict[str, str | int | list[str]]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")

_LAST_SPANS_SECONDS = 1.0
"""How long the process waits at exit for the last spans to be sent."""

_WARNING_SECONDS = 60.0


def start_traces(environment: Mapping[str, str], service: str) -> Traces | None:
    """Traces of this service, configured by OpenTelemetry's variables. None without OTEL_EXPORTER_OTLP_ENDPOINT.

    `service` is the default for OTEL_SERVICE_NAME. Raises SettingsError for a protocol other than http/protobuf, and for an endpoint that
    is not a URL. https://opentelemetry.io/docs/specs/otel/protocol/exporter/
    """
    name, endpoint = next(((name, environment[name]) for name in _ENDPOINTS if environment.get(name)), ("", ""))
    disabled = environment.get("OTEL_SDK_DISABLED", "").lower() == "true" or environment.get("OTEL_TRACES_EXPORTER") == "none"
    if not endpoint or disabled:
        return None
    if not endpoint.startswith(("http://", "https://")):
        raise SettingsError(f"{name}={endpoint}: it must be a URL, such as http://collector:4318")
    for variable in _PROTOCOLS:
        if environment.get(variable, "http/protobuf") != "http/protobuf":
            raise SettingsError(f"{variable}={environment[variable]}: it must be http/protobuf")

    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    logging.getLogger(OTLPSpanExporter.__module__).addFilter(_Rarely())
    resource = {"service.instance.id": socket.gethostname()}
    if not environment.get("OTEL_SERVICE_NAME"):
        resource["service.name"] = service
    provider = TracerProvider(resource=Resource.create(resource), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(provider)


class Traces:
    """Starts spans, and sends those that have ended."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = provider
        self._tracer = provider.get_tracer("serving")
        self._propagator = TraceContextTextMapPropagator()

    def begin(self, name: str, kind: Literal["SERVER", "CONSUMER"], headers: Mapping[str, str], attributes: Attributes) -> Traced:
        """Start a span. It continues the trace in the header traceparent, if set."""
        from opentelemetry.trace import SpanKind

        carrier = {header: headers[header] for header in ("traceparent", "tracestate") if headers.get(header)}
        parent = self._propagator.extract(carrier)
        return Traced(self._tracer, self._tracer.start_span(name, parent, SpanKind[kind], attributes))

    def close(self) -> None:
        """Send the last spans. Takes at most one second."""
        thread = threading.Thread(target=self._provider.shutdown, daemon=True)
        thread.start()
        thread.join(_LAST_SPANS_SECONDS)


class Traced:
    """One span."""

    def __init__(self, tracer: Any, span: Span) -> None:
        self._tracer = tracer
        self._span = span
        context = span.get_span_context()
        self.ids = (f"{context.trace_id:032x}", f"{context.span_id:016x}")
        """Trace ID and span ID, in hexadecimal digits."""

    def step(self, name: str, begin: float | None, end: float | None, attributes: Attributes | None = None) -> None:
        """Add a child span between two times of time.perf_counter(). `end` defaults to now. Does nothing if `begin` is None."""
        if begin is None or not self._span.is_recording():
            return
        from opentelemetry.trace import set_span_in_context

        now, wall = time.perf_counter(), time.time_ns()

        def at(moment: float) -> int:
            return wall - int((now - moment) * 1e9)

        child = self._tracer.start_span(name, set_span_in_context(self._span), attributes=attributes, start_time=at(begin))
        child.end(at(now if end is None else end))

    def end(self, attributes: Attributes, error: str | None = None) -> None:
        """End the span, with an error if there was one."""
        self._span.set_attributes(attributes)
        if error is not None:
            from opentelemetry.trace import StatusCode

            self._span.set_attribute("error.type", error)
            self._span.set_status(StatusCode.ERROR)
        self._span.end()


class _Rarely(logging.Filter):
    """Passes at most one record a minute: while the collector is down, every export attempt logs one."""

    _next = 0.0

    def filter(self, _: logging.LogRecord) -> bool:
        """Whether to pass the record."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + _WARNING_SECONDS
        return True
