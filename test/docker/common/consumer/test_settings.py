"""The worker's environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from consumer.settings import parse_settings
from shared.environment import SettingsError


def test_settings() -> None:
    settings = parse_settings({"BROKER_URL": "redis://:secret@redis:6379/0"})
    assert settings.results == settings.broker == "redis://:secret@redis:6379/0"
    assert (settings.queue, settings.device, settings.threads) == ("predictions", "cpu", 1)
    assert (settings.handler, settings.model_dir, settings.drain_seconds) == ("handler", Path("model"), 25)
    assert "secret" not in repr(settings)
    assert parse_settings({"BROKER_URL": "redis://redis", "ENABLE_GPU": "true"}).device == "cuda"
    assert parse_settings({"BROKER_URL": "redis://redis", "ENABLE_GPU": "true", "DEVICE": "cpu"}).device == "cpu"


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({}, "BROKER_URL must be set"),
        ({"BROKER_URL": "http://secret"}, "BROKER_URL must be set"),
        ({"BROKER_URL": "redis://redis", "DEVICE": "gpu"}, "DEVICE=gpu"),
        ({"BROKER_URL": "redis://redis", "INFERENCE_THREADS": "0"}, "INFERENCE_THREADS=0"),
        ({"BROKER_URL": "redis://redis", "DRAIN_SECONDS": "1h"}, "DRAIN_SECONDS=1h"),
        ({"BROKER_URL": "redis://redis", "DRAIN_SECONDS": "86401"}, "DRAIN_SECONDS=86401"),
    ],
)
def test_names_the_invalid_variable(environment: dict[str, str], word: str) -> None:
    with pytest.raises(SettingsError, match=word) as caught:
        parse_settings(environment)
    assert "secret" not in str(caught.value)
