"""The service's environment, validated before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from serving.observe.logs import LogFormat
from shared.environment import choice, number, threads


@dataclass(frozen=True)
class Settings:
    """Settings of the service."""

    port: int
    """From PORT, default 8000."""
    handler: str
    """Name of the Python module with the model's functions. From HANDLER, default `handler`: `handler.py` in the image."""
    model_dir: Path
    """Folder with the model's files. From MODEL_DIR, default `model`, the folder with the image's own model."""
    poll_seconds: int
    """Interval of checks for a changed model in MODEL_DIR, in seconds; 0 disables them. From MODEL_POLL_SECONDS, default 0."""
    device: Literal["cpu", "cuda"]
    """From DEVICE, default `cpu` (the `gpu` target sets `cuda`)."""
    threads: int
    """Threads that one prediction may use. From INFERENCE_THREADS, default the container's CPU limit, rounded down; 1 without one."""
    queue: int
    """Maximum number of inputs that wait for a prediction; more get 429. From QUEUE_SIZE, default 64."""
    batch: int
    """Largest batch. From BATCH_SIZE, default 16."""
    max_body: int
    """Largest body, in bytes; a larger one gets 413. From MAX_BODY_BYTES, default 1 MiB."""
    request_seconds: int
    """Seconds until a request gets 503. From REQUEST_SECONDS, default DRAIN_SECONDS, but at least 25."""
    drain_seconds: int
    """Longest time from SIGTERM to the last response, in seconds. From DRAIN_SECONDS, default 25."""
    max_failures: int
    """Failed predictions in a row after which /health fails. From MAX_FAILURES, default 5."""
    log_format: LogFormat
    """`text` or `json`. From LOG_FORMAT, default `text` (the image sets `json`)."""
    log_requests: bool
    """Whether every request is logged; failed predictions always are. From LOG_REQUESTS, default `false`."""


def parse_settings(environment: Mapping[str, str]) -> Settings:
    """Settings of the service. Raises SettingsError, which names the invalid variable."""
    device = choice(environment, "DEVICE", "cpu", "cuda")
    drain_seconds = number(environment, "DRAIN_SECONDS", 25, 0, 3600)
    return Settings(
        port=number(environment, "PORT", 8000, 1, 65535),
        handler=environment.get("HANDLER") or "handler",
        model_dir=Path(environment.get("MODEL_DIR") or "model"),
        device="cuda" if device == "cuda" else "cpu",
        threads=threads(environment),
        queue=number(environment, "QUEUE_SIZE", 64, 1, 100_000),
        batch=number(environment, "BATCH_SIZE", 16, 1, 1024),
        max_body=number(environment, "MAX_BODY_BYTES", 2**20, 1, 2**30),
        request_seconds=number(environment, "REQUEST_SECONDS", max(25, drain_seconds), 1, 3600),
        drain_seconds=drain_seconds,
        max_failures=number(environment, "MAX_FAILURES", 5, 1, 1000),
        poll_seconds=number(environment, "MODEL_POLL_SECONDS", 0, 0, 86400),
        log_format="json" if choice(environment, "LOG_FORMAT", "text", "json") == "json" else "text",
        log_requests=choice(environment, "LOG_REQUESTS", "false", "true") == "true",
    )
