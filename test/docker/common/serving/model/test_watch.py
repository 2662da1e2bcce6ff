"""A model that changes while the service runs."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from service_client import Answer, call, metric
from serving.model.watch import fingerprint
from support import PATIENCE_SECONDS, wait_until

Serve = Callable[..., subprocess.Popen[str]]

HOUSE = json.dumps({"rooms": 1, "area": 1, "old": False}).encode()


def publish(folder: Path, price: float, version: str | None = None) -> None:
    """Write a model with this price of a house."""
    # The file is written outside of the folder and moved, so that the service never reads a partial change.
    new = folder.with_name(f"{folder.name}.npy")
    np.save(new, np.array([price, 0, 0, 0]))
    new.rename(folder / "weights.npy")
    if version is not None:
        (folder / "VERSION").write_text(version)


def ask(port: int) -> Answer:
    return call(port, "POST", "/predict", HOUSE)


def test_replaces_the_model_between_two_batches_without_failed_requests(serve: Serve, free_port: int, tmp_path: Path) -> None:
    publish(tmp_path, 1, "one")
    process = serve("linear", MODEL_DIR=str(tmp_path), MODEL_POLL_SECONDS="1")
    answers: list[Answer] = []
    stopped = threading.Event()

    def keep_asking() -> None:
        while not stopped.is_set():
            answers.append(ask(free_port))

    clients = [threading.Thread(target=keep_asking) for _ in range(4)]
    for client in clients:
        client.start()
    wait_until(lambda: len(answers) > 0)
    publish(tmp_path, 2, "two")
    wait_until(lambda: call(free_port, "GET", "/ready").body["model"] == "two")
    stopped.set()
    for client in clients:
        client.join()
    answers.append(ask(free_port))
    # Every answer comes from the version that it names.
    got = {(answer.status, answer.headers["x-model-version"], answer.body["price"]) for answer in answers}
    assert got == {(200, "one", 1), (200, "two", 2)}
    assert metric(free_port, 'inference_model_swaps_total{result="loaded"}') == 1
    assert metric(free_port, 'inference_model_info{version="two"}') == 1
    assert metric(free_port, 'inference_predictions_total{version="two"}') >= 1
    assert 'version="one"' not in call(free_port, "GET", "/metrics").body.partition("inference_model_info{")[2].partition("\n")[0]
    process.terminate()
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, err) == (0, "")
    assert "the model was replaced" in out


def test_keeps_the_current_model_if_the_new_one_is_broken(serve: Serve, free_port: int, tmp_path: Path) -> None:
    publish(tmp_path, 1)
    process = serve("linear", MODEL_DIR=str(tmp_path), MODEL_POLL_SECONDS="1")
    before = call(free_port, "GET", "/ready").body["model"]
    (tmp_path / "weights.npy").write_bytes(b"not a model")
    wait_until(lambda: metric(free_port, 'inference_model_swaps_total{result="failed"}') == 1)
    assert ask(free_port).body == {"price": 1}
    assert call(free_port, "GET", "/ready").body == {"status": "ready", "model": before}
    publish(tmp_path, 3)
    wait_until(lambda: ask(free_port).body == {"price": 3})
    process.terminate()
    (line,) = process.communicate(timeout=PATIENCE_SECONDS)[1].splitlines()
    assert line.startswith(
        "error: the changed model cannot be loaded, so the service keeps the current one: HandlerError: load of the handler linear"
    )


def test_the_fingerprint_changes_with_the_model(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        fingerprint(tmp_path / "none")
    one, two = tmp_path / "1", tmp_path / "2"
    for folder in (one, two):
        folder.mkdir()
        publish(folder, 1)
    first = fingerprint(one)
    assert fingerprint(one) == first
    publish(one, 2)
    second = fingerprint(one)
    assert second != first
    (one / "more").touch()
    assert fingerprint(one) != second
    # A link to another version.
    link = tmp_path / "current"
    link.symlink_to(one)
    linked = fingerprint(link)
    link.unlink()
    link.symlink_to(two)
    assert fingerprint(link) != linked
    # If the folder has VERSION, only VERSION counts, because it is written last.
    (one / "VERSION").write_text("1")
    named = fingerprint(one)
    publish(one, 3)
    assert fingerprint(one) == named
    (one / "VERSION").write_text("2")
    assert fingerprint(one) != named
