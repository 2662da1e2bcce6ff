"""The service's environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.settings import SettingsError, parse_settings


def test_defaults() -> None:
    settings = parse_settings({})
    assert (settings.port, settings.device, settings.threads, settings.drain_seconds) == (8000, "cpu", 1, 25)
    assert settings.model == Path("model/model.onnx")
    assert (settings.queue, settings.batch, settings.request_seconds, settings.max_failures) == (64, 16, 25, 5)


def test_keeps_what_was_given() -> None:
    settings = parse_settings({"PORT": "80", "MODEL_DIR": "/m", "DEVICE": "cuda", "INFERENCE_THREADS": "4", "DRAIN_SECONDS": "0"})
    assert (settings.port, settings.model, settings.device) == (80, Path("/m/model.onnx"), "cuda")
    assert (settings.threads, settings.drain_seconds) == (4, 0)


def test_a_request_may_take_as_long_as_a_drain_unless_it_is_told_otherwise() -> None:
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
        ("QUEUE_SIZE", "0"),
        ("BATCH_SIZE", "none"),
        ("REQUEST_SECONDS", "0"),
        ("MAX_FAILURES", "0"),
    ],
)
def test_names_what_is_wrong(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}={value}"):
        parse_settings({name: value})
