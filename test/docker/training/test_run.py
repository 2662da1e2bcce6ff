"""Complete runs of `python -m trainer`, started as in the container."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from digits_training import data
from support import Start, finish, read_until, result_of, start_module
from trainer.checkpoints.store import newest

SHORT = ("--epochs", "4", "--copies", "16", "--hidden", "32")
ENDLESS = ("--epochs", "1000000", *SHORT[2:])


def _variables(folder: Path, **more: str) -> dict[str, str]:
    return {"CHECKPOINT_DIR": str(folder), "RUN_ID": "run-1", "HEARTBEAT_FILE": str(folder / "alive"), **more}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], bytes]:
    """The report and the model of an uninterrupted short run."""
    folder = tmp_path_factory.mktemp("reference")
    status, out, _ = finish(start_module("training", "trainer", *SHORT, **_variables(folder)))
    assert status == 0
    result = result_of(out)
    return result, Path(result["model"]).read_bytes()


def test_reports_the_run(reference: tuple[dict[str, Any], bytes]) -> None:
    result, model = reference
    state = os.statvfs("/dev/shm")
    assert result["run_id"] == "run-1"
    assert result["epochs"] == 4
    # A newer checkpoint replaces those that wait to be written.
    assert 1 <= result["checkpoints"] <= 4
    assert result["device"] == "cpu"
    assert result["resumed_from_epoch"] is None
    assert result["shm_bytes"] == state.f_frsize * state.f_blocks
    digits = data.load(None)
    (probabilities,) = onnxruntime.InferenceSession(model).run(None, {"pixels": digits.test_images})
    accuracy = (np.asarray(probabilities).argmax(axis=1) == digits.test_labels).mean()
    assert result["accuracy"] == round(float(accuracy), 4)
    assert result["accuracy"] > 0.9


def test_writes_the_report_to_the_termination_log(tmp_path: Path, start: Start) -> None:
    kept = tmp_path / "termination-log"
    status, out, _ = finish(start("training", "trainer", *SHORT, **_variables(tmp_path, REPORT_FILE=str(kept))))
    assert status == 0
    assert json.loads(kept.read_text()) == result_of(out)


def test_stops_on_sigterm_and_resumes_to_the_same_model(tmp_path: Path, start: Start) -> None:
    process = start("training", "trainer", *ENDLESS, **_variables(tmp_path))
    read_until(process, "epoch 1/")
    process.send_signal(signal.SIGTERM)
    status, out, _ = finish(process)
    assert status == 143
    assert "stopped after epoch" in out
    assert not (tmp_path / "run-1" / "model.onnx").exists()

    saved = newest(tmp_path / "run-1")
    assert saved is not None
    two_more = ("--epochs", str(saved.epoch + 2), *SHORT[2:])
    status, out, _ = finish(start("training", "trainer", *two_more, **_variables(tmp_path)))
    assert status == 0
    assert "resuming after epoch" in out
    assert result_of(out)["resumed_from_epoch"] == saved.epoch >= 1
    status, whole, _ = finish(start("training", "trainer", *two_more, **_variables(tmp_path, CHECKPOINT_DIR=str(tmp_path / "whole"))))
    assert status == 0
    assert result_of(out)["accuracy"] == result_of(whole)["accuracy"]
    assert (tmp_path / "run-1" / "model.onnx").read_bytes() == (tmp_path / "whole" / "run-1" / "model.onnx").read_bytes()


@pytest.mark.parametrize("delay", [0.0, 0.03, 0.08, 0.2])
def test_resumes_to_the_same_model_after_sigkill_at_any_moment(
    tmp_path: Path, start: Start, reference: tuple[dict[str, Any], bytes], delay: float
) -> None:
    process = start("training", "trainer", *SHORT, **_variables(tmp_path))
    assert process.stdout is not None
    process.stdout.readline()
    # The checkpoint is from the first epoch, a later one or the end. The run resumes from any of them.
    time.sleep(delay)
    process.kill()
    process.wait()
    status, out, err = finish(start("training", "trainer", *SHORT, **_variables(tmp_path)))
    assert (status, err) == (0, "")
    assert "not whole" not in out
    assert (tmp_path / "run-1" / "model.onnx").read_bytes() == reference[1]


def test_a_complete_run_reports_again_without_training(tmp_path: Path, start: Start) -> None:
    arguments = ("--epochs", "1", "--copies", "2")
    finish(start("training", "trainer", *arguments, **_variables(tmp_path)))
    status, out, _ = finish(start("training", "trainer", *arguments, **_variables(tmp_path)))
    assert status == 0
    assert result_of(out)["resumed_from_epoch"] == 1
    assert result_of(out)["checkpoints"] == 0


def test_writes_a_heartbeat_and_event_files(tmp_path: Path, start: Start) -> None:
    before = time.time() - 1
    logs = tmp_path / "logs"
    variables = _variables(tmp_path, TRACKERS="tensorboard", TENSORBOARD_DIR=str(logs))
    status, _, err = finish(start("training", "trainer", "--epochs", "1", "--copies", "2", **variables))
    assert (status, err) == (0, "")
    assert (tmp_path / "alive").stat().st_mtime >= before
    assert len(list(logs.glob("events.out.tfevents.*"))) == 1


@pytest.mark.parametrize(
    ("arguments", "more", "reason"),
    [
        (("--epochs", "-1"), {}, "argument --epochs"),
        (("--min-shm", "4096Gi"), {}, "/dev/shm has "),
        (("--tracker", "wandb"), {}, "build it with --build-arg TRACKERS=all"),
        (("--device", "cuda"), {}, "CUDA 12 needs an NVIDIA driver >= 525.60.13"),
        ((), {"DATA_DIR": "/nonexistent"}, "/nonexistent/digits.npz is missing"),
        ((), {"CHECKPOINT_DIR": "/proc/none"}, "checkpoints cannot be written"),
    ],
)
def test_exits_42_with_one_line_for_errors_that_a_retry_cannot_fix(
    tmp_path: Path, start: Start, arguments: tuple[str, ...], more: dict[str, str], reason: str
) -> None:
    status, _, err = finish(start("training", "trainer", *arguments, **{**_variables(tmp_path), **more}))
    assert status == 42
    assert err.startswith("error: ")
    assert reason in err
    assert err.count("\n") == 1


def test_writes_the_report_to_report_file(tmp_path: Path, start: Start) -> None:
    variables = _variables(tmp_path, REPORT_FILE=str(tmp_path / "report"))
    _, out, _ = finish(start("training", "trainer", "--epochs", "1", "--copies", "2", **variables))
    assert json.loads((tmp_path / "report").read_text()) == result_of(out)


def test_refuses_to_resume_with_other_options(tmp_path: Path, start: Start) -> None:
    finish(start("training", "trainer", "--epochs", "1", "--copies", "2", **_variables(tmp_path)))
    status, _, err = finish(start("training", "trainer", "--epochs", "2", "--copies", "3", **_variables(tmp_path)))
    assert status == 42
    assert "--copies 2, not 3: give a new RUN_ID" in err


def test_the_deadline_covers_all_attempts_and_can_be_raised(tmp_path: Path, start: Start) -> None:
    arguments = ("--epochs", "1000000", "--copies", "4")
    variables = _variables(tmp_path)
    first = start("training", "trainer", *arguments, **variables)
    read_until(first, "epoch 1/")
    time.sleep(2)
    first.send_signal(signal.SIGTERM)
    assert finish(first)[0] == 143
    before = newest(tmp_path / "run-1")
    assert before is not None

    # The first attempt used the whole deadline, so the next one ends at its first step.
    deadline = int(before.seconds)
    assert deadline >= 2
    status, out, err = finish(start("training", "trainer", *arguments, **variables, DEADLINE_SECONDS=str(deadline)))
    assert status == 42
    assert re.match(rf"error: run run-1 has trained for \d+ s, and DEADLINE_SECONDS={deadline}: ", err)
    assert f"stopped after epoch {before.epoch}, step {before.step}; wrote" in out

    again = start("training", "trainer", *arguments, **variables, DEADLINE_SECONDS="36000")
    read_until(again, "run run-1: resuming after epoch")
    read_until(again, "epoch ")
