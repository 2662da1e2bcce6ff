"""The ID of a request, shared by the caller, the response and the log."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

REQUEST_ID_HEADER = "X-Request-ID"

# IDs appear in logs and in a response header, so an ID that does not match is replaced.
_REQUEST_ID = re.compile(r"[\w.:/+=@-]{1,128}", re.ASCII)

# https://www.w3.org/TR/trace-context/#traceparent-header: version ff and all-zero IDs are invalid.
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")


@dataclass(frozen=True)
class RequestId:
    """The ID of one request."""

    id: str
    """From the header X-Request-ID if it is valid, otherwise the trace ID, otherwise a new ID."""
    trace: str | None
    """Trace ID, 32 hexadecimal digits: from the header traceparent, or of the trace that the service started. None without either."""
    span: str | None = None
    """ID of the service's own span, 16 hexadecimal digits. None if the service sends no traces."""


def request_id(headers: Mapping[str, str], span: tuple[str, str] | None = None) -> RequestId:
    """The ID of a request. `span` has the IDs of the service's trace and span, if it sends traces.

    The header names must be lowercase, or the mapping must ignore case.
    """
    trace, own = span or (_trace(headers), None)
    given = headers.get("x-request-id", "")
    return RequestId(given if _REQUEST_ID.fullmatch(given) else trace or f"{random.getrandbits(128):032x}", trace, own)


def log_fields(requests: list[RequestId]) -> dict[str, str | None]:
    """Fields of a log line about these requests."""
    return {
        "request_id": " ".join(request.id for request in requests),
        "trace_id": " ".join(request.trace for request in requests if request.trace) or None,
        "span_id": " ".join(request.span for request in requests if request.span) or None,
    }


def _trace(headers: Mapping[str, str]) -> str | None:
    parent = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    return None if parent is None else parent[1]
