"""The log of the running service."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Callable
from typing import Any

from service_client import BAD_IMAGE, IMAGE, call, predict
from support import PATIENCE_SECONDS, Start

Slow = Callable[..., subprocess.Popen[str]]

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def stop(process: subprocess.Popen[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines of both streams of a stopped service. Fails unless each is JSON."""
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    return [json.loads(line) for line in out.splitlines()], [json.loads(line) for line in err.splitlines()]


def test_logs_a_failed_prediction_as_one_json_line_with_its_request_id(slow: Slow, free_port: int) -> None:
    process = slow(LOG_FORMAT="json")
    headers = {"X-Request-ID": "r-1", "traceparent": PARENT}
    assert call(free_port, "POST", "/predict", BAD_IMAGE, headers).status == 500
    assert predict(free_port).status == 200
    assert predict(free_port, b"not JSON").status == 400
    out, err = stop(process)
    assert len(out) == 1
    assert re.fullmatch(rf"listening on 0\.0\.0\.0:{free_port}, handler slow, model .+, device cpu", out[0]["message"])
    (line,) = err
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert re.fullmatch(r"a prediction failed: ValueError: no such image \(slow\.py:\d+\)", line.pop("message"))
    assert line == {"severity": "ERROR", "logger": "serving", "request_id": "r-1", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"}


def test_logs_every_request_if_log_requests_is_set(slow: Slow, free_port: int) -> None:
    process = slow(LOG_FORMAT="json", LOG_REQUESTS="true")
    version = call(free_port, "GET", "/ready").body["model"]
    assert call(free_port, "POST", "/predict", IMAGE, {"X-Request-ID": "r-1", "traceparent": PARENT}).status == 200
    assert call(free_port, "POST", "/predict", b"no", {"X-Request-ID": "r-2"}).status == 400
    out, err = stop(process)
    assert err == []
    good, bad = out[1:]
    assert good.pop("seconds") > 0
    del good["time"]
    assert good == {
        "severity": "INFO",
        "logger": "serving",
        "message": "POST /predict 200",
        "request_id": "r-1",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "status": 200,
        "model_version": version,
    }
    assert (bad["status"], bad["request_id"]) == (400, "r-2")
    assert "model_version" not in bad


def test_logs_errors_at_startup_as_json(start: Start, free_port: int) -> None:
    for variables, reason in (({"QUEUE_SIZE": "0"}, "QUEUE_SIZE=0: "), ({"HANDLER": "none"}, "HANDLER=none: ")):
        process = start("inference", "serving", PORT=str(free_port), LOG_FORMAT="json", **variables)
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 1
        line = json.loads(err)
        assert line["severity"] == "ERROR"
        assert line["message"].startswith(reason)
