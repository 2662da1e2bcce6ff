"""Options and environment of the platform."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.errors import UnrecoverableError
from trainer.processes.place import Place
from trainer.settings import parse_settings

SEVERAL = {"WORLD_SIZE": "4", "RANK": "3", "MASTER_ADDR": "run-0.run", "MASTER_PORT": "29500"}


def test_defaults() -> None:
    settings = parse_settings([], {})
    assert (settings.run_id, settings.device, settings.loop, settings.trackers) == ("local", "cpu", "digits_training.loop:train", ())
    assert settings.checkpoint_dir == Path("/tmp/checkpoints")
    assert settings.heartbeat_file == Path("/tmp/training_alive")
    assert (settings.data_dir, settings.tensorboard_dir, settings.report_file, settings.deadline_seconds) == (None, None, None, None)
    assert (settings.arguments, settings.keep) == ((), 3)
    assert settings.place == Place(rank=0, size=1)


def test_reads_its_options_and_passes_the_others_to_the_loop() -> None:
    environment = {"RUN_ID": "run-7", "CHECKPOINT_DIR": "/c", "DATA_DIR": "/d", "HEARTBEAT_FILE": "/h", "TRACKERS": "wandb,mlflow"}
    settings = parse_settings(["--epochs", "3", "--keep", "5", "--dev", "x", "--device", "cuda"], {**environment, "TRAINING_LOOP": "a.b:c"})
    assert (settings.run_id, settings.checkpoint_dir, settings.data_dir) == ("run-7", Path("/c"), Path("/d"))
    assert (settings.device, settings.trackers, settings.keep, settings.loop) == ("cuda", ("wandb", "mlflow"), 5, "a.b:c")
    # An abbreviation belongs to the loop's own arguments.
    assert settings.arguments == ("--epochs", "3", "--dev", "x")


def test_a_gpu_image_uses_cuda_by_default() -> None:
    assert parse_settings([], {"ENABLE_GPU": "true"}).device == "cuda"
    assert parse_settings([], {"ENABLE_GPU": "true", "DEVICE": "cpu"}).device == "cpu"


def test_reads_the_place_in_a_group_of_processes() -> None:
    assert parse_settings([], SEVERAL).place == Place(3, 4, "run-0.run", 29500)
    assert parse_settings([], {**SEVERAL, "WORLD_SIZE": "1"}).place == Place()
    several = {**SEVERAL, "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "2"}
    assert parse_settings([], several).place == Place(3, 4, "run-0.run", 29500, 1, 2)
    assert parse_settings([], several).place.nodes == 2


@pytest.mark.parametrize(
    ("arguments", "environment", "word"),
    [
        (["--keep", "0"], {}, "--keep"),
        (["--tracker", "other"], {}, "--tracker"),
        (["--device", "tpu"], {}, "--device"),
        ([], {"DEVICE": "tpu"}, "DEVICE"),
        ([], {"RUN_ID": "../up"}, "RUN_ID"),
        ([], {"TRACKERS": "mlflow,other"}, "other"),
        ([], {"WORLD_SIZE": "0"}, "WORLD_SIZE=0: it must be a whole number at least 1"),
        ([], {**SEVERAL, "WORLD_SIZE": "-2"}, "WORLD_SIZE=-2"),
        ([], {**SEVERAL, "RANK": ""}, "RANK=: with WORLD_SIZE=4 it must be a whole number from 0 to 3"),
        ([], {**SEVERAL, "RANK": "4"}, "RANK=4"),
        ([], {**SEVERAL, "MASTER_ADDR": "http://node-0"}, "MASTER_ADDR='http://node-0'"),
        ([], {**SEVERAL, "MASTER_PORT": "65535"}, "MASTER_PORT=65535"),
        ([], {**SEVERAL, "LOCAL_WORLD_SIZE": "5"}, "LOCAL_WORLD_SIZE=5: with WORLD_SIZE=4 it must be a whole number from 1 to 4"),
        ([], {**SEVERAL, "LOCAL_RANK": "1"}, "LOCAL_RANK=1: with LOCAL_WORLD_SIZE=1 it must be a whole number from 0 to 0"),
    ],
)
def test_names_the_invalid_option_or_variable(arguments: list[str], environment: dict[str, str], word: str) -> None:
    with pytest.raises(UnrecoverableError, match=word):
        parse_settings(arguments, environment)
