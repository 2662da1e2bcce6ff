"""Arguments and environment of the trainer."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from trainer.errors import UnrecoverableError
from trainer.settings import parse_settings, parse_size


def test_defaults() -> None:
    settings = parse_settings([], {})
    assert (settings.run_id, settings.device, settings.epochs, settings.trackers) == ("local", "cpu", 20, ())
    assert settings.checkpoint_dir == Path("/tmp/checkpoints")
    assert settings.heartbeat_file == Path("/tmp/training_alive")
    assert settings.data_dir is None
    assert settings.min_shm == 0


def test_keeps_what_was_given() -> None:
    environment = {"RUN_ID": "run-7", "CHECKPOINT_DIR": "/c", "DATA_DIR": "/d", "HEARTBEAT_FILE": "/h", "TRACKERS": "wandb,mlflow"}
    settings = parse_settings(["--epochs", "3", "--min-shm", "8Gi", "--device", "cuda"], environment)
    assert (settings.run_id, settings.checkpoint_dir, settings.data_dir) == ("run-7", Path("/c"), Path("/d"))
    assert (settings.epochs, settings.min_shm, settings.device, settings.trackers) == (3, 8 << 30, "cuda", ("wandb", "mlflow"))


@pytest.mark.parametrize(
    ("arguments", "environment", "word"),
    [
        (["--epochs", "0"], {}, "--epochs"),
        (["--epochs", "many"], {}, "--epochs"),
        (["--learning-rate", "2"], {}, "--learning-rate"),
        (["--min-shm", "8GB"], {}, "--min-shm"),
        (["--unknown"], {}, "--unknown"),
        (["--tracker", "other"], {}, "--tracker"),
        ([], {"DEVICE": "tpu"}, "DEVICE"),
        ([], {"RUN_ID": "../up"}, "RUN_ID"),
        ([], {"TRACKERS": "mlflow,other"}, "other"),
        ([], {"WORLD_SIZE": "2"}, "WORLD_SIZE"),
    ],
)
def test_names_what_is_wrong(arguments: list[str], environment: dict[str, str], word: str) -> None:
    with pytest.raises(UnrecoverableError, match=word):
        parse_settings(arguments, environment)


@pytest.mark.parametrize(("text", "size"), [("1024", 1024), ("64Mi", 64 << 20), ("8Gi", 8 << 30), ("0.5Ki", 512)])
def test_size(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "8g", "-1", "1e3", "8 Gi"])
def test_not_a_size(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        parse_size(text)
