"""The code that `npm run new` writes, with the server and the trainer that run it in its image."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import pytest

from serving.model.handler import find_handler
from serving.model.loaded import load_model
from support import DOCKER, Start, finish, read_until, result_of

TEMPLATES = DOCKER.parent / "scripts" / "new" / "templates"


def test_the_server_serves_the_new_handler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copyfile(TEMPLATES / "handler" / "handler.py", tmp_path / "new_handler.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    handler = find_handler("new_handler")
    loaded = load_model(handler, TEMPLATES / "handler" / "model", "cpu", 4)
    batch = [handler.parse(json.dumps(body).encode()) for body in ({"values": [1, 2]}, {"values": [0, 0]})]
    assert [handler.format(result) for result in loaded.predict(batch)] == [{"score": 2.0}, {"score": 0.5}]


def test_the_trainer_runs_the_new_loop_and_resumes_after_sigterm(start: Start, tmp_path: Path) -> None:
    variables = {
        "CHECKPOINT_DIR": str(tmp_path),
        "HEARTBEAT_FILE": str(tmp_path / "alive"),
        "PYTHONPATH": str(TEMPLATES / "training"),
        "RUN_ID": "first",
        "TRAINING_LOOP": "loop:train",
    }
    process = start("training", "trainer", "--steps", "100000000", **variables)
    read_until(process, "step 1000/")
    process.send_signal(signal.SIGTERM)
    assert (finish(process)[0], (tmp_path / "first" / "weights.json").exists()) == (143, False)
    status, out, err = finish(start("training", "trainer", "--steps", "1100", **variables))
    assert (status, err) == (0, "")
    report = result_of(out)
    assert (report["resumed"], report["steps"] >= 1000, report["loss"] < 1e-9) == (True, True, True)
    model = json.loads((tmp_path / "first" / "weights.json").read_text())
    assert [round(value, 3) for value in (*model["weights"], model["bias"])] == [0.5, 0.5, 0.5]
