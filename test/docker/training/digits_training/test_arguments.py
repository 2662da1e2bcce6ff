"""Arguments of the digits loop."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from digits_training.arguments import Arguments, parse_arguments, parse_size
from trainer.errors import UnrecoverableError
from trainer.run import Run
from trainer.settings import parse_settings


def _parsed(tmp_path: Path, *arguments: str) -> Arguments:
    return parse_arguments(Run(parse_settings(arguments, {"HEARTBEAT_FILE": str(tmp_path / "alive")}), lambda: False))


def test_defaults(tmp_path: Path) -> None:
    arguments = _parsed(tmp_path)
    assert (arguments.epochs, arguments.min_shm, arguments.backend) == (20, 0, "numpy")
    assert arguments.options == {"batch_size": 256, "copies": 64, "hidden": 128, "learning_rate": 0.002, "seed": 1}


def test_reads_every_argument(tmp_path: Path) -> None:
    arguments = _parsed(tmp_path, "--epochs", "3", "--min-shm", "8Gi", "--device", "cuda")
    assert (arguments.epochs, arguments.min_shm, arguments.backend) == (3, 8 << 30, "torch")
    assert _parsed(tmp_path, "--backend", "torch").backend == "torch"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--epochs", "0"), "--epochs"),
        (("--epochs", "many"), "--epochs"),
        (("--learning-rate", "2"), "--learning-rate"),
        (("--min-shm", "8GB"), "--min-shm"),
        (("--unknown",), "--unknown"),
        (("--epo", "3"), "--epo"),
        (("--device", "cuda", "--backend", "numpy"), "--backend numpy computes on the CPU: add --device cpu"),
    ],
)
def test_names_the_invalid_argument(tmp_path: Path, arguments: tuple[str, ...], word: str) -> None:
    with pytest.raises(UnrecoverableError, match=word):
        _parsed(tmp_path, *arguments)


def test_help_also_lists_the_options_of_the_platform(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        _parsed(tmp_path, "--help")
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert all(option in text for option in ("--epochs", "--device", "--tracker", "--keep"))


@pytest.mark.parametrize(("text", "size"), [("1024", 1024), ("64Mi", 64 << 20), ("8Gi", 8 << 30), ("0.5Ki", 512)])
def test_reads_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "8g", "-1", "1e3", "8 Gi"])
def test_refuses_invalid_sizes(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        parse_size(text)
