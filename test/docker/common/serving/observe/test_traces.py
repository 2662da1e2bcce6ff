"""Traces of the running service, as a collector receives them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import Request

from collector import Collector, collector
from gate import Gate
from service_client import BAD_IMAGE, IMAGE, at_once, call, predict
from serving.http.span import begin_span, end_span
from serving.model.batcher import Steps
from serving.observe.traces import start_traces
from shared.environment import SettingsError
from support import Start, finish, wait_until

Serve = Callable[..., subprocess.Popen[str]]

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
SERVER = 2
HANDLERS = Path(__file__).resolve().parents[3] / "handlers"


@pytest.fixture
def traces() -> Iterator[Collector]:
    """A collector."""
    with collector() as running:
        yield running


# Spans are sent immediately, so that a test does not wait for the end of the service.
AT_ONCE = {"OTEL_BSP_SCHEDULE_DELAY": "50"}
# Hours: the service sends spans only at its end, and must not wait for a collector.
NEVER = {"OTEL_BSP_SCHEDULE_DELAY": "36000000", "OTEL_BSP_EXPORT_TIMEOUT": "36000000", "OTEL_EXPORTER_OTLP_TIMEOUT": "36000"}


def stop(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The output of a stopped service. Fails unless it exits with 0."""
    process.send_signal(signal.SIGTERM)
    status, out, err = finish(process)
    assert status == 0
    return out, err


def test_sends_a_span_for_each_request_with_child_spans_for_its_steps(slow: Serve, free_port: int, traces: Collector, gate: Gate) -> None:
    process = slow(
        **AT_ONCE,
        GATE=gate.path,
        OTEL_EXPORTER_OTLP_ENDPOINT=traces.url,
        LOG_FORMAT="json",
        LOG_REQUESTS="true",
        OTEL_SERVICE_NAME="digits",
    )
    before = time.time()
    headers = {"traceparent": PARENT, "X-Request-ID": "r-1"}
    (answer,) = at_once(1, lambda: call(free_port, "POST", "/predict", IMAGE, headers))
    gate.wait()
    time.sleep(0.2)
    gate.open()
    assert answer.result().status == 200
    version = answer.result().headers["x-model-version"]
    own = {span.name: span for span in traces.wait(3)}
    after = time.time()
    assert set(own) == {"POST /predict", "queue", "predict"}
    assert {span.trace for span in own.values()} == {TRACE}
    span = own["POST /predict"]
    assert (span.parent, span.kind, span.failed) == ("00f067aa0ba902b7", SERVER, False)
    assert span.attributes == {
        "http.request.method": "POST",
        "http.route": "/predict",
        "url.path": "/predict",
        "url.scheme": "http",
        "http.response.status_code": 200,
        "http.response.header.x-request-id": ["r-1"],
        "http.response.header.x-model-version": [version],
    }
    assert span.resource["service.name"] == "digits"
    assert span.resource["service.instance.id"] == socket.gethostname()
    queue, compute = own["queue"], own["predict"]
    assert {queue.parent, compute.parent} == {span.id}
    assert compute.attributes == {"inference.batch_size": 1}
    assert before <= span.begin <= span.end <= after
    # These times come from two clocks, and the process may be delayed between them.
    assert before - 1 < queue.begin <= queue.end < compute.end < after + 1
    assert 0.19 < compute.end - compute.begin < after - before
    assert queue.end - queue.begin < after - before
    out, err = stop(process)
    assert err == ""
    line = json.loads(out.splitlines()[-1])
    assert (line["request_id"], line["trace_id"], line["span_id"]) == ("r-1", TRACE, span.id)


def test_sends_the_last_spans_before_it_exits(start: Start, free_port: int, traces: Collector) -> None:
    process = start(
        "inference",
        "lingering",
        "serving.__main__",
        **NEVER,
        PORT=str(free_port),
        PYTHONPATH=str(HANDLERS),
        OTEL_EXPORTER_OTLP_ENDPOINT=traces.url,
    )
    wait_until(lambda: call(free_port, "GET", "/ready").status == 200)
    assert predict(free_port).status == 200
    assert traces.spans == []
    process.send_signal(signal.SIGTERM)
    assert {span.name for span in traces.wait(3)} == {"POST /predict", "queue", "predict"}


def test_starts_a_trace_and_logs_its_id_if_the_request_has_none(slow: Serve, free_port: int, traces: Collector) -> None:
    process = slow(**AT_ONCE, OTEL_EXPORTER_OTLP_ENDPOINT=traces.url, LOG_FORMAT="json")
    answer = predict(free_port, BAD_IMAGE)
    assert answer.status == 500
    assert call(free_port, "POST", "/predict", b"no").status == 400
    failed, bad = (span for span in traces.wait(4) if span.kind == SERVER)
    assert (failed.parent, failed.failed, failed.attributes["error.type"]) == ("", True, "500")
    assert failed.attributes["http.response.header.x-request-id"] == [answer.headers["x-request-id"]] == [failed.trace]
    assert failed.resource["service.name"] == "inference"
    assert (bad.failed, bad.attributes["http.response.status_code"]) == (False, 400)
    assert [span.name for span in traces.spans if span.trace == bad.trace] == ["POST /predict"]
    line = json.loads(stop(process)[1])
    assert (line["trace_id"], line["span_id"]) == (failed.trace, failed.id)


def test_sends_spans_for_predictions_only(slow: Serve, free_port: int, traces: Collector) -> None:
    process = slow(OTEL_EXPORTER_OTLP_ENDPOINT=traces.url)
    for path in ("/health", "/ready", "/metrics", "/openapi.json"):
        assert call(free_port, "GET", path).status == 200
    stop(process)
    assert traces.spans == []


def test_does_not_send_traces_that_the_caller_does_not_sample(slow: Serve, free_port: int, traces: Collector) -> None:
    process = slow(OTEL_EXPORTER_OTLP_ENDPOINT=traces.url, LOG_FORMAT="json", LOG_REQUESTS="true")
    assert call(free_port, "POST", "/predict", IMAGE, {"traceparent": f"{PARENT[:-1]}0"}).status == 200
    out, _ = stop(process)
    assert traces.spans == []
    assert json.loads(out.splitlines()[-1])["trace_id"] == TRACE


def test_a_request_that_times_out_in_the_queue_has_a_queue_span(traces: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**AT_ONCE, "OTEL_EXPORTER_OTLP_ENDPOINT": traces.url}.items():
        monkeypatch.setenv(name, value)
    opened = start_traces(os.environ, "inference")
    assert opened is not None
    request = Request({"type": "http", "headers": [(b"traceparent", PARENT.encode())]})
    end_span(begin_span(opened, request), Steps(queued=time.perf_counter() - 1), 503, "r-1", None)
    own = {span.name: span for span in traces.wait(2)}
    assert set(own) == {"POST /predict", "queue"}
    assert (own["POST /predict"].failed, own["POST /predict"].attributes["error.type"]) == (True, "503")
    assert own["queue"].end - own["queue"].begin >= 1
    opened.close()


def test_warns_at_most_once_a_minute_while_the_collector_is_down(slow: Serve, free_port: int) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}"
        begun = time.monotonic()
        process = slow(**{**NEVER, **AT_ONCE}, OTEL_EXPORTER_OTLP_ENDPOINT=endpoint)
        assert process.stderr is not None
        assert predict(free_port).status == 200
        first = process.stderr.readline()
        # Time for more attempts.
        for _ in range(20):
            assert predict(free_port).status == 200
            time.sleep(0.1)
        _, others = stop(process)
    minutes = int((time.monotonic() - begun) / 60)
    lines = [first, *others.splitlines()]
    assert len(lines) <= 1 + minutes
    assert all(line.startswith("warning: ") for line in lines)


def test_a_hanging_collector_does_not_delay_the_exit(slow: Serve, free_port: int) -> None:
    with collector(seconds=3600) as running:
        process = slow(**{**NEVER, **AT_ONCE}, OTEL_EXPORTER_OTLP_ENDPOINT=running.url)
        assert {answer.result().status for answer in at_once(20, lambda: predict(free_port))} == {200}
        wait_until(running.asked.is_set)
        stop(process)


def test_imports_no_sdk_without_a_collector(start: Start, free_port: int, tmp_path: Path) -> None:
    (tmp_path / "modules.py").write_text(
        "import sys\ndef load(model_dir, device): ...\ndef predict(model, batch):\n"
        "    return [[n for n in sys.modules if n.startswith(('opentelemetry.sdk', 'opentelemetry.exporter', 'requests'))]]\n"
    )
    (tmp_path / "VERSION").write_text("1")
    for variables in (
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector", "OTEL_SDK_DISABLED": "true"},
    ):
        process = start(
            "inference", "serving", PORT=str(free_port), HANDLER="modules", PYTHONPATH=str(tmp_path), MODEL_DIR=str(tmp_path), **variables
        )
        wait_until(lambda: call(free_port, "GET", "/ready").status == 200)
        answer = call(free_port, "POST", "/predict", b"{}", {"traceparent": PARENT})
        assert (answer.status, answer.body) == (200, [])
        stop(process)


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4317"}, "OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317: it must be a URL"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "grpc://c"}, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=grpc://c: it must be a URL"),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OTEL_EXPORTER_OTLP_PROTOCOL=grpc: it must be http/protobuf",
        ),
    ],
)
def test_names_the_invalid_variable(variables: dict[str, str], problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        start_traces(variables, "inference")
