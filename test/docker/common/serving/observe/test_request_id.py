"""The ID of a request."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import pytest

from service_client import IMAGE, call
from serving.observe.request_id import request_id

Slow = Callable[..., subprocess.Popen[str]]

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def test_uses_the_id_of_the_caller() -> None:
    given = request_id({"x-request-id": "f058ebd6-02f7-4d3f-942e-904344e8cde5", "traceparent": PARENT})
    assert (given.id, given.trace) == ("f058ebd6-02f7-4d3f-942e-904344e8cde5", TRACE)


def test_uses_the_trace_id_without_a_request_id() -> None:
    assert request_id({"traceparent": PARENT}).id == TRACE
    assert request_id({"traceparent": f"cc-{TRACE}-00f067aa0ba902b7-01-what-the-future-brings"}).id == TRACE


@pytest.mark.parametrize("given", ["", "two words", "a\tb", "é", "<script>", "x" * 129, 'a"b'])
def test_replaces_an_id_that_is_not_safe_to_log(given: str) -> None:
    made = request_id({"x-request-id": given})
    assert made.id != given
    assert len(made.id) == 32
    assert made.id != request_id({"x-request-id": given}).id


@pytest.mark.parametrize(
    "parent",
    [
        "",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-00f067aa0ba902b7-01",
        f"00-{TRACE}-00f067aa0ba902b7",
    ],
)
def test_ignores_an_invalid_traceparent(parent: str) -> None:
    assert request_id({"traceparent": parent}).trace is None


def test_is_in_every_response(slow: Slow, free_port: int) -> None:
    slow()
    for body, status in ((IMAGE, 200), (b"no", 400), (json.dumps({"image": [13] * 64}).encode(), 500)):
        answer = call(free_port, "POST", "/predict", body, {"X-Request-ID": "r-7"})
        assert (answer.status, answer.headers["x-request-id"]) == (status, "r-7")
        assert len(call(free_port, "POST", "/predict", body).headers["x-request-id"]) == 32
