"""Loading and warm-up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from serving.model.handler import Handler, HandlerError
from serving.model.loaded import Loaded, batch_sizes, load_model
from shared.errors import ModelError


def handler(**functions: Any) -> Handler:
    """A handler that returns its input, modified by a test."""
    echo: dict[str, Any] = {
        "name": "echo",
        "title": "",
        "file": "",
        "load": lambda folder, device: (folder, device),
        "predict": lambda _, batch: batch,
        "parse": lambda body: body,
        "format": lambda result: result,
        "warm_up": lambda _: None,
        "example": None,
    }
    return Handler(**{**echo, **functions})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Folder of a model with a version."""
    (tmp_path / "VERSION").write_text("v7\n")
    return tmp_path


def test_passes_folder_and_device_and_reads_the_version(folder: Path) -> None:
    loaded = load_model(handler(), folder, "cpu", 4)
    assert (loaded.model, loaded.version) == ((folder, "cpu"), "v7")


def test_warms_up_with_warm_up_or_with_each_batch_size(folder: Path) -> None:
    calls: list[Any] = []

    def predict(_: Any, batch: list[Any]) -> list[Any]:
        calls.append(len(batch))
        return batch

    load_model(handler(predict=predict, warm_up=lambda _: calls.append("warm_up")), folder, "cpu", 4)
    assert calls == ["warm_up"]
    load_model(handler(predict=predict, example={"a": 1}), folder, "cpu", 4)
    assert calls[1:] == [1, 2, 3, 4]


def test_warms_up_small_batch_sizes_and_powers_of_two() -> None:
    assert batch_sizes(1) == [1]
    assert batch_sizes(16) == list(range(1, 17))
    assert batch_sizes(100) == [*range(1, 17), 32, 64, 100]
    assert batch_sizes(64) == [*range(1, 17), 32, 64]


@pytest.mark.parametrize(
    ("functions", "reason"),
    [
        ({"load": lambda *_: 1 / 0}, "load of the handler echo failed: ZeroDivisionError: division by zero"),
        ({"warm_up": lambda _: 1 / 0}, "warm_up of the handler echo failed: ZeroDivisionError: division by zero"),
        ({"example": 1, "predict": lambda *_: []}, "the prediction of EXAMPLE of the handler echo failed: ValueError: predict returned 0"),
        ({"load": lambda *_: exit(3)}, "load of the handler echo failed: HandlerError: SystemExit: 3"),
    ],
)
def test_names_the_failed_step(folder: Path, functions: dict[str, Any], reason: str) -> None:
    with pytest.raises(HandlerError, match=reason):
        load_model(handler(**functions), folder, "cpu", 4)


def test_keeps_the_message_of_a_model_error(folder: Path) -> None:
    def load(*_: Any) -> None:
        raise ModelError("weights.bin is missing")

    with pytest.raises(ModelError, match=r"^weights.bin is missing$"):
        load_model(handler(load=load), folder, "cpu", 4)


def test_refuses_a_wrong_number_of_results() -> None:
    for results in ([], [1, 2, 3]):
        with pytest.raises(ValueError, match=f"predict returned {len(results)} results for a batch of 2"):
            Loaded(handler(predict=lambda *_, results=results: results), None, "v").predict([1, 2])
