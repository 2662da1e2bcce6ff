"""A team's own training loop, in one file."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from support import Start, finish, read_until, result_of
from trainer.checkpoints.store import newest
from trainer.errors import UnrecoverableError
from trainer.loop import load_loop

# Counts to --to, and adds the ranks of all processes at each step.
LOOP = textwrap.dedent(
    """
    import time
    import numpy as np
    from trainer.errors import Interruption, RetryableError, UnrecoverableError


    def train(run):
        parser = run.parser("Count.")
        parser.add_argument("--to", type=int, default=3)
        parser.add_argument("--fail", choices=("lasting", "passing", "bug"))
        arguments = parser.parse_args(list(run.arguments))
        run.begin({"kind": "counter"})
        kept = run.checkpoint.load()
        total, step = (np.zeros(1, np.float32), 0) if kept is None else (kept.state["total"], kept.step)
        group = run.join()
        try:
            while step < arguments.to:
                run.heartbeat()
                if arguments.fail == "lasting":
                    raise UnrecoverableError("the data has no labels")
                if arguments.fail == "passing":
                    raise RetryableError("the bucket did not answer")
                if arguments.fail == "bug":
                    raise ValueError("no")
                total = total + group.total(np.full(1, run.place.rank + 1, np.float32))
                step += 1
                run.report(step, {"total": float(total[0])})
                print(f"step {step} on {run.device}", flush=True)
                time.sleep(0.05)
        except Interruption:
            run.checkpoint.save({"total": total}, epoch=0, step=step)
            raise
        run.checkpoint.save({"total": total}, epoch=1, step=step)
        return {"total": float(total[0]), "resumed": kept is not None}
    """
)

Pod = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def pod(start: Start, tmp_path: Path, free_port: int) -> Pod:
    """Starts the container with a loop in a module of the team."""
    (tmp_path / "code" / "team").mkdir(parents=True)
    (tmp_path / "code" / "team" / "counting.py").write_text(LOOP)

    def start_pod(*arguments: str, **more: str) -> subprocess.Popen[str]:
        variables = {
            "TRAINING_LOOP": "team.counting:train",
            "PYTHONPATH": str(tmp_path / "code"),
            "RUN_ID": "run-1",
            "CHECKPOINT_DIR": str(tmp_path / "checkpoints"),
            "HEARTBEAT_FILE": str(tmp_path / "alive"),
            "PET_MASTER_PORT": str(free_port),
        }
        return start("training", "trainer", *arguments, **{**variables, **more})

    return start_pod


def test_reports_its_result(pod: Pod, tmp_path: Path) -> None:
    status, out, err = finish(pod("--to", "4", REPORT_FILE=str(tmp_path / "report"), TRACKERS="tensorboard"))
    assert (status, err) == (0, "")
    report = result_of(out)
    assert {**report, "seconds": 0} == {
        "run_id": "run-1",
        "nodes": 1,
        "processes": 1,
        "checkpoints": 1,
        "total": 4.0,
        "resumed": False,
        "seconds": 0,
    }
    assert json.loads((tmp_path / "report").read_text()) == report
    assert (tmp_path / "alive").exists()
    assert len(list((tmp_path / "checkpoints" / "run-1" / "tensorboard").iterdir())) == 1


def test_stops_on_sigterm_and_resumes(pod: Pod, tmp_path: Path) -> None:
    process = pod("--to", "1000000")
    read_until(process, "step 3 ")
    process.send_signal(signal.SIGTERM)
    assert finish(process)[0] == 143
    saved = newest(tmp_path / "checkpoints" / "run-1")
    assert saved is not None
    assert saved.step >= 3
    status, out, _ = finish(pod("--to", str(saved.step + 5)))
    assert status == 0
    assert f"run run-1: resuming after epoch 0, step {saved.step}\n" in out
    assert (result_of(out)["total"], result_of(out)["resumed"]) == (saved.step + 5, True)


def test_runs_several_processes_in_a_pod(pod: Pod) -> None:
    status, out, err = finish(pod("--to", "4", PET_NPROC_PER_NODE="3"))
    assert (status, err) == (0, "")
    assert (result_of(out)["processes"], result_of(out)["total"]) == (3, 4.0 * (1 + 2 + 3))
    assert out.count("step 4 on cpu") == 3


def test_saves_a_checkpoint_at_the_deadline(pod: Pod, tmp_path: Path) -> None:
    status, _, err = finish(pod("--to", "1000000", DEADLINE_SECONDS="1"))
    assert status == 42
    assert re.match(r"error: run run-1 has trained for \d+ s, and DEADLINE_SECONDS=1: ", err)
    assert len(list((tmp_path / "checkpoints" / "run-1").glob("*.ckpt"))) == 1


@pytest.mark.parametrize(
    ("fail", "status", "reason"),
    [
        ("lasting", 42, "error: the data has no labels\n"),
        ("passing", 1, "error: the bucket did not answer\n"),
    ],
)
def test_exceptions_of_the_loop_set_the_exit_status(pod: Pod, fail: str, status: int, reason: str) -> None:
    assert finish(pod("--fail", fail))[::2] == (status, reason)


def test_other_exceptions_exit_1_with_their_stack_trace(pod: Pod) -> None:
    status, _, err = finish(pod("--fail", "bug"))
    assert status == 1
    assert err.startswith("Traceback ")
    assert err.endswith("ValueError: no\n")


@pytest.mark.parametrize("call", ["load()", "save({}, epoch=0, step=0)"])
def test_reports_a_loop_that_does_not_call_begin(pod: Pod, tmp_path: Path, call: str) -> None:
    (tmp_path / "code" / "forgetful.py").write_text(f"def train(run):\n    run.checkpoint.{call}\n")
    status, _, err = finish(pod(TRAINING_LOOP="forgetful:train"))
    assert status == 1
    assert err.endswith("RuntimeError: the loop must call run.begin(options) before it uses checkpoints\n")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("counting", "TRAINING_LOOP=counting: it must be package.module:function, such as digits_training.loop:train"),
        ("team.none:train", "TRAINING_LOOP=team.none:train: no module team.none in /"),
        ("team.counting:run", "TRAINING_LOOP=team.counting:run: team.counting has no function run"),
        ("team.counting:LOOP", "TRAINING_LOOP=team.counting:LOOP: team.counting has no function LOOP"),
    ],
)
def test_a_missing_loop_exits_42_with_one_line(pod: Pod, name: str, reason: str) -> None:
    status, _, err = finish(pod(TRAINING_LOOP=name))
    assert (status, err.count("\n")) == (42, 1)
    assert err.startswith(f"error: {reason}")


def test_names_a_package_that_the_loop_cannot_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lacking.py").write_text("import a_package_that_is_not_there\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match="a_package_that_is_not_there"):
        load_loop("lacking:train")


def test_loads_a_function_by_its_name() -> None:
    assert load_loop("digits_training.loop:train").__name__ == "train"
    with pytest.raises(UnrecoverableError):
        load_loop("digits_training.loop:train()")
