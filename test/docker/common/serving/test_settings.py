"""The service's environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from serving.settings import parse_settings
from shared.environment import SettingsError


def test_defaults() -> None:
    settings = parse_settings({})
    assert (settings.port, settings.device, settings.threads, settings.drain_seconds) == (8000, "cpu", 1, 25)
    assert (settings.handler, settings.model_dir, settings.max_body) == ("handler", Path("model"), 1_048_576)
    assert (settings.queue, settings.batch, settings.request_seconds, settings.max_failures) == (64, 16, 25, 5)
    assert (settings.poll_seconds, settings.log_format, settings.log_requests) == (0, "text", False)


def test_reads_every_variable() -> None:
    settings = parse_settings(
        {"PORT": "80", "MODEL_DIR": "/m", "DEVICE": "cuda", "INFERENCE_THREADS": "4", "DRAIN_SECONDS": "0", "HANDLER": "own"}
    )
    assert (settings.port, settings.model_dir, settings.device, settings.handler) == (80, Path("/m"), "cuda", "own")
    assert (settings.threads, settings.drain_seconds) == (4, 0)


def test_requests_may_take_as_long_as_the_drain_by_default() -> None:
    assert parse_settings({"DRAIN_SECONDS": "600"}).request_seconds == 600
    assert parse_settings({"DRAIN_SECONDS": "5"}).request_seconds == 25
    assert parse_settings({"DRAIN_SECONDS": "600", "REQUEST_SECONDS": "30"}).request_seconds == 30


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "http"),
        ("PORT", "65536"),
        ("DEVICE", "gpu"),
        ("INFERENCE_THREADS", "0"),
        ("DRAIN_SECONDS", "-1"),
        ("MAX_BODY_BYTES", "0"),
        ("QUEUE_SIZE", "0"),
        ("BATCH_SIZE", "none"),
        ("REQUEST_SECONDS", "0"),
        ("MAX_FAILURES", "0"),
        ("MODEL_POLL_SECONDS", "-1"),
        ("LOG_FORMAT", "xml"),
        ("LOG_REQUESTS", "yes"),
    ],
)
def test_names_the_invalid_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}={value}"):
        parse_settings({name: value})
