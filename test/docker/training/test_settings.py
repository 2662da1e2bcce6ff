"""Arguments and environment of the trainer."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from trainer.errors import UnrecoverableError
from trainer.place import Place
from trainer.settings import parse_settings, parse_size

SEVERAL = {"WORLD_SIZE": "4", "RANK": "3", "MASTER_ADDR": "run-0.run", "MASTER_PORT": "29500"}


def test_defaults() -> None:
    settings = parse_settings([], {})
    assert (settings.run_id, settings.device, settings.epochs, settings.trackers) == ("local", "cpu", 20, ())
    assert settings.checkpoint_dir == Path("/tmp/checkpoints")
    assert settings.heartbeat_file == Path("/tmp/training_alive")
    assert settings.data_dir is None
    assert settings.min_shm == 0
    assert settings.place == Place(rank=0, size=1)


def test_keeps_what_was_given() -> None:
    environment = {"RUN_ID": "run-7", "CHECKPOINT_DIR": "/c", "DATA_DIR": "/d", "HEARTBEAT_FILE": "/h", "TRACKERS": "wandb,mlflow"}
    settings = parse_settings(["--epochs", "3", "--min-shm", "8Gi", "--device", "cuda"], environment)
    assert (settings.run_id, settings.checkpoint_dir, settings.data_dir) == ("run-7", Path("/c"), Path("/d"))
    assert (settings.epochs, settings.min_shm, settings.device, settings.trackers) == (3, 8 << 30, "cuda", ("wandb", "mlflow"))


def test_a_place_among_several() -> None:
    assert parse_settings([], SEVERAL).place == Place(3, 4, "run-0.run", 29500)
    assert parse_settings([], {**SEVERAL, "WORLD_SIZE": "1"}).place == Place()


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
        ([], {"WORLD_SIZE": "0"}, "WORLD_SIZE=0: it must be a whole number at least 1"),
        ([], {**SEVERAL, "WORLD_SIZE": "-2"}, "WORLD_SIZE=-2"),
        ([], {**SEVERAL, "RANK": ""}, "RANK=: with WORLD_SIZE=4 it must be a whole number from 0 to 3"),
        ([], {**SEVERAL, "RANK": "4"}, "RANK=4"),
        ([], {**SEVERAL, "MASTER_ADDR": "http://node-0"}, "MASTER_ADDR='http://node-0'"),
        ([], {**SEVERAL, "MASTER_PORT": "65535"}, "MASTER_PORT=65535"),
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
