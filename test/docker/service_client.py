"""A client of the running service."""

from __future__ import annotations

import concurrent.futures
import http.client
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from support import PATIENCE_SECONDS

IMAGE = json.dumps({"image": [[0] * 8] * 8}).encode()
BAD_IMAGE = json.dumps({"image": [[13] * 8] * 8}).encode()


@dataclass(frozen=True)
class Answer:
    """Status, JSON body, headers and latency in seconds of an answer."""

    status: int
    body: Any
    headers: dict[str, str]
    seconds: float


def call(port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
    """Send one request on a new connection."""
    begun = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        text = response.read().decode()
        got = {name.lower(): value for name, value in response.getheaders()}
        json_body = json.loads(text) if got.get("content-type") == "application/json" else text
        return Answer(response.status, json_body, got, time.monotonic() - begun)
    finally:
        connection.close()


def predict(port: int, body: bytes = IMAGE) -> Answer:
    """Request one prediction."""
    return call(port, "POST", "/predict", body)


def at_once(number: int, do: Callable[[], Answer]) -> list[concurrent.futures.Future[Answer]]:
    """Call a function this number of times in parallel."""
    pool = concurrent.futures.ThreadPoolExecutor(number)
    futures = [pool.submit(do) for _ in range(number)]
    pool.shutdown(wait=False)
    return futures


def metric(port: int, name: str) -> float:
    """Value of a time series; 0 if it does not exist."""
    text = call(port, "GET", "/metrics").body
    match = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(match[1]) if match else 0
