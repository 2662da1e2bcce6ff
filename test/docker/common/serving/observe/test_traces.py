"""Traces of the running service, as a collector receives them."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collector import Collector, collector
from service_client import BAD_IMAGE, IMAGE, at_once, call, predict, wait_until
from serving.observe.traces import start_traces
from shared.environment import SettingsError
from support import Start

Serve = Callable[..., subprocess.Popen[str]]

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
SERVER = 2


@pytest.fixture
def traces() -> Iterator[Collector]:
    """A collector."""
    with collector() as running:
        yield running


def stop(process: subprocess.Popen[str]) -> tuple[str, str, float]:
    """What a service that is stopped has printed, and the seconds until its end; fails unless it exits with 0."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    return out, err, time.monotonic() - begun


def test_a_request_is_a_span_with_the_times_of_its_steps(slow: Serve, free_port: int, traces: Collector) -> None:
    process = slow(
        OTEL_EXPORTER_OTLP_ENDPOINT=traces.url, SECONDS="0.2", LOG_FORMAT="json", LOG_REQUESTS="true", OTEL_SERVICE_NAME="digits"
    )
    before = time.time()
    headers = {"traceparent": PARENT, "X-Request-ID": "r-1"}
    # The second one waits for the first one.
    first = at_once(1, lambda: call(free_port, "POST", "/predict", IMAGE))
    time.sleep(0.1)
    assert call(free_port, "POST", "/predict", IMAGE, headers).status == 200
    version = first[0].result().headers["x-model-version"]
    out, err, took = stop(process)
    assert err == ""
    assert took < 2.5
    own = {span.name: span for span in traces.spans if span.trace == TRACE}
    assert set(own) == {"POST /predict", "queue", "predict"}
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
    assert before - 0.01 < span.begin <= queue.begin + 0.005 < queue.end < compute.end <= span.end + 0.005 < time.time() + 0.01
    assert abs(queue.end - compute.begin) < 0.001
    assert 0.03 < queue.end - queue.begin < 0.2
    assert 0.2 <= compute.end - compute.begin < 0.4
    line = json.loads(out.splitlines()[-1])
    assert (line["request_id"], line["trace_id"], line["span_id"]) == ("r-1", TRACE, span.id)


def test_a_request_without_a_trace_begins_one_that_is_in_the_log(slow: Serve, free_port: int, traces: Collector) -> None:
    process = slow(OTEL_EXPORTER_OTLP_ENDPOINT=traces.url, LOG_FORMAT="json")
    answer = predict(free_port, BAD_IMAGE)
    assert answer.status == 500
    assert call(free_port, "POST", "/predict", b"no").status == 400
    _, err, _ = stop(process)
    failed, bad = (span for span in traces.wait(4) if span.kind == SERVER)
    assert (failed.parent, failed.failed, failed.attributes["error.type"]) == ("", True, "500")
    assert failed.attributes["http.response.header.x-request-id"] == [answer.headers["x-request-id"]] == [failed.trace]
    assert failed.resource["service.name"] == "inference"
    assert (bad.failed, bad.attributes["http.response.status_code"]) == (False, 400)
    assert [span.name for span in traces.spans if span.trace == bad.trace] == ["POST /predict"]
    line = json.loads(err)
    assert (line["trace_id"], line["span_id"]) == (failed.trace, failed.id)


def test_only_predictions_are_spans(slow: Serve, free_port: int, traces: Collector) -> None:
    process = slow(OTEL_EXPORTER_OTLP_ENDPOINT=traces.url)
    for path in ("/health", "/ready", "/metrics", "/openapi.json"):
        assert call(free_port, "GET", path).status == 200
    stop(process)
    assert traces.spans == []


def test_what_the_caller_does_not_sample_is_not_sent(slow: Serve, free_port: int, traces: Collector) -> None:
    process = slow(OTEL_EXPORTER_OTLP_ENDPOINT=traces.url, LOG_FORMAT="json", LOG_REQUESTS="true")
    assert call(free_port, "POST", "/predict", IMAGE, {"traceparent": f"{PARENT[:-1]}0"}).status == 200
    out, _, _ = stop(process)
    assert traces.spans == []
    assert json.loads(out.splitlines()[-1])["trace_id"] == TRACE


def test_what_waits_when_its_time_is_over_is_a_span_with_its_queue(slow: Serve, free_port: int, traces: Collector) -> None:
    slow(OTEL_EXPORTER_OTLP_ENDPOINT=traces.url, OTEL_BSP_SCHEDULE_DELAY="100", SECONDS="1.3", BATCH_SIZE="1", REQUEST_SECONDS="1")
    first = at_once(1, lambda: predict(free_port))
    time.sleep(0.1)
    assert call(free_port, "POST", "/predict", IMAGE, {"traceparent": PARENT}).status == 503
    assert first[0].result().status == 503
    traces.wait(5)
    own = {span.name: span for span in traces.spans if span.trace == TRACE}
    assert set(own) == {"POST /predict", "queue"}
    assert own["POST /predict"].failed
    assert 0.9 < own["queue"].end - own["queue"].begin < 1.3


def test_a_collector_that_is_down_is_one_warning_and_no_request_fails(slow: Serve, free_port: int) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}"
        process = slow(OTEL_EXPORTER_OTLP_ENDPOINT=endpoint, OTEL_BSP_SCHEDULE_DELAY="100")
        for _ in range(20):
            assert predict(free_port).status == 200
            time.sleep(0.1)
        _, err, took = stop(process)
    assert took < 2.5
    assert len(err.splitlines()) == 1
    assert err.startswith("warning: ")


def test_a_collector_that_hangs_delays_no_end(slow: Serve, free_port: int) -> None:
    with collector(seconds=60) as running:
        process = slow(OTEL_EXPORTER_OTLP_ENDPOINT=running.url, OTEL_BSP_SCHEDULE_DELAY="100")
        assert {answer.result().status for answer in at_once(20, lambda: predict(free_port))} == {200}
        time.sleep(0.3)
        _, _, took = stop(process)
    assert took < 2.5


def test_without_a_collector_nothing_is_imported(start: Start, free_port: int, tmp_path: Path) -> None:
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
def test_says_what_is_wrong(variables: dict[str, str], problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        start_traces(variables, "inference")
