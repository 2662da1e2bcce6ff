"""The task: a handler's answer to the body of a message."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consumer.app import TASK, create_app
from consumer.settings import parse_settings
from serving.model.handler import find_handler
from serving.model.loaded import load_model
from serving.model.message import FormatError
from shared.errors import BadInputError
from support import DOCKER

HANDLERS = Path(__file__).parents[2] / "handlers"


def task_of(handler: str, folder: Path, **variables: str) -> Any:
    """The worker's task with this handler."""
    settings = parse_settings({"BROKER_URL": "redis://redis", **variables})
    return create_app(settings, load_model(find_handler(handler), folder, "cpu", 1)).tasks[TASK]


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the handlers of the tests importable."""
    monkeypatch.syspath_prepend(HANDLERS)
    importlib.invalidate_caches()


def test_returns_the_same_answers_as_the_service(held_out: list[dict[str, Any]]) -> None:
    task = task_of("digits.handler", DOCKER / "common" / "model")
    answers = [task({"image": digit["image"]}) for digit in held_out]
    assert sum(answer["digit"] == digit["digit"] for answer, digit in zip(answers, held_out, strict=True)) >= 19
    assert set(answers[0]) == {"digit", "probabilities", "model"}
    for body, reason in [({"image": [1, 2, 3]}, "3 entries"), ([1, 2, 3], 'one key "image"'), (None, 'one key "image"')]:
        with pytest.raises(BadInputError, match=reason):
            task(body)


@pytest.mark.usefixtures("handlers")
def test_runs_any_handler(tmp_path: Path) -> None:
    np.save(tmp_path / "weights.npy", np.array([1.0, 2.0, 3.0, 4.0]))
    task = task_of("linear", tmp_path)
    # A NumPy number becomes a number in the answer.
    assert task({"rooms": 3, "area": 10, "old": True}) == {"price": 1 + 6 + 30 + 4}
    with pytest.raises(BadInputError, match="KeyError: 'area'"):
        task({"rooms": 3})


@pytest.mark.usefixtures("handlers")
def test_a_result_that_is_not_json_fails_its_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIL", "format")
    with pytest.raises(FormatError, match="object is not JSON"):
        task_of("slow", DOCKER / "common" / "model")({"image": [0] * 64})


@pytest.mark.parametrize(
    ("variables", "options"),
    [
        ({}, {"visibility_timeout": 3600}),
        ({"DRAIN_SECONDS": "7200"}, {"visibility_timeout": 14400}),
        ({"BROKER_URL": "amqp://rabbit", "DRAIN_SECONDS": "7200", "RESULT_URL": "redis://redis"}, {}),
    ],
)
def test_redis_does_not_redeliver_a_task_during_the_drain(variables: dict[str, str], options: dict[str, int]) -> None:
    task = task_of("digits.handler", DOCKER / "common" / "model", **variables)
    assert task.app.conf.broker_transport_options == options
