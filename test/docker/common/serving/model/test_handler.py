"""How the service finds and uses a handler."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from service_client import call, metric
from serving.model.handler import HandlerError, describe, find_handler
from support import PATIENCE_SECONDS, Start

Serve = Callable[..., subprocess.Popen[str]]

WEIGHTS = np.array([10.0, 5.0, 2.0, -3.5])


@pytest.fixture
def weights(tmp_path: Path) -> str:
    """Folder with the model of `handlers/linear.py`."""
    np.save(tmp_path / "weights.npy", WEIGHTS)
    return str(tmp_path)


def price(port: int, house: object) -> object:
    return call(port, "POST", "/predict", json.dumps(house).encode()).body


def test_serves_a_model_with_one_handler_file(serve: Serve, free_port: int, weights: str) -> None:
    process = serve("linear", MODEL_DIR=weights)
    assert price(free_port, {"rooms": 4, "area": 100, "old": True}) == {"price": 10 + 20 + 200 - 3.5}
    houses = [{"rooms": rooms, "area": 1.5, "old": False} for rooms in range(40)]
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda house: price(free_port, house), houses))
    assert answers == [{"price": 13 + 5 * rooms} for rooms in range(40)]
    assert call(free_port, "GET", "/openapi.json").body["paths"]["/predict"]["post"]["requestBody"]["content"] == {
        "application/json": {"example": {"rooms": 3, "area": 70.5, "old": False}}
    }
    process.terminate()
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, err) == (0, "")
    assert "handler linear" in out


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"not JSON", "Expecting value: line 1 column 1 (char 0)"),
        (b"\xff", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        (b"{}", "the body cannot be read: KeyError: 'rooms'"),
        (b"[1, 2]", "the body cannot be read: TypeError: list indices must be integers or slices, not str"),
    ],
)
def test_an_invalid_body_gets_400_and_is_not_a_failure(serve: Serve, free_port: int, weights: str, body: bytes, error: str) -> None:
    process = serve("linear", MODEL_DIR=weights, MAX_FAILURES="1")
    answer = call(free_port, "POST", "/predict", body)
    assert (answer.status, answer.body) == (400, {"error": error})
    assert call(free_port, "GET", "/health").status == 200
    assert metric(free_port, 'inference_requests_total{status="400"}') == 1
    process.terminate()
    assert process.communicate(timeout=PATIENCE_SECONDS)[1] == ""


def test_an_exception_of_predict_is_logged_with_its_line(serve: Serve, free_port: int, weights: str) -> None:
    process = serve("linear", MODEL_DIR=weights, MAX_FAILURES="1")
    body = b'{"rooms": "many", "area": 1, "old": false}'
    assert call(free_port, "POST", "/predict", body, {"X-Request-ID": "r-1"}).status == 500
    assert call(free_port, "GET", "/health").body == {"status": "failing", "error": "1 predictions in a row failed"}
    process.terminate()
    err = process.communicate(timeout=PATIENCE_SECONDS)[1]
    assert err == "error: a prediction failed: ValueError: could not convert string to float: 'many' (linear.py:26) [request r-1]\n"


def test_a_failed_load_ends_the_service_with_one_line(start: Start, free_port: int, tmp_path: Path) -> None:
    np.save(tmp_path / "weights.npy", np.zeros(3))
    handlers = str(Path(__file__).resolve().parents[3] / "handlers")
    process = start("inference", "serving", PORT=str(free_port), HANDLER="linear", PYTHONPATH=handlers, MODEL_DIR=str(tmp_path))
    _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert err == "error: load of the handler linear failed: ValueError: weights.npy has the shape (3,), not (4,) (linear.py:16)\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (None, "HANDLER=own: there is no Python module of this name in "),
        ("import torch_is_not_here", "HANDLER=own cannot be imported: No module named 'torch_is_not_here'"),
        ("1 / 0", "HANDLER=own cannot be imported: ZeroDivisionError: division by zero"),
        ("def load(:", "HANDLER=own cannot be imported: SyntaxError: "),
        ("raise SystemExit(1)", "HANDLER=own cannot be imported: SystemExit: 1"),
        ("load = print", "HANDLER=own has no function predict(model, batch)"),
        ("def load(model_dir): ...\npredict = load", "HANDLER=own: load must be a function load(model_dir, device)"),
        ("load = 1", "HANDLER=own: load must be a function load(model_dir, device)"),
        ("load = print\nasync def predict(model, batch): ...", "HANDLER=own: predict must be a function predict(model, batch)"),
        ("load = predict = print\ndef parse(): ...", "HANDLER=own: parse must be a function parse(body)"),
    ],
)
def test_names_the_problem_of_a_handler(start: Start, free_port: int, tmp_path: Path, source: str | None, reason: str) -> None:
    if source is not None:
        (tmp_path / "own.py").write_text(source)
    process = start("inference", "serving", PORT=str(free_port), HANDLER="own", PYTHONPATH=str(tmp_path))
    _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert err.startswith(f"error: {reason}")
    assert err.count("\n") == 1


def test_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "least.py").write_text("def load(model_dir, device): ...\ndef predict(model, batch): return batch\n")
    monkeypatch.syspath_prepend(tmp_path)
    handler = find_handler("least")
    assert handler.parse(b'{"a": 1}') == {"a": 1}
    assert handler.format([1]) == [1]
    assert handler.warm_up(None) is None
    assert (handler.title, handler.example) == ("least", None)
    with pytest.raises(HandlerError, match=r"HANDLER=least\.more: there is no Python module"):
        find_handler("least.more")


def test_describes_an_exception_in_one_line() -> None:
    assert describe(ValueError("two\n lines")) == "ValueError: two lines"
