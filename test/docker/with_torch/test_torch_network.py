"""The torch backend on the CPU, with the torch of the CUDA image. `python3 docker/dev.py test-torch` runs these tests."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digits_training.data import load
from digits_training.network import NumpyNetwork, State, initial_state
from digits_training.torch_network import TorchNetwork
from support import PATIENCE_SECONDS, Start, finish, read_until, start_module
from trainer.checkpoints.store import newest
from trainer.processes.group import Group
from trainer.processes.place import Place

SECONDS = 3 * PATIENCE_SECONDS
TORCH = ("--backend", "torch", "--device", "cpu", "--hidden", "32", "--batch-size", "250")
SHORT = (*TORCH, "--copies", "4", "--epochs", "2")
ENDLESS = (*TORCH, "--copies", "4", "--epochs", "100000")


def _variables(folder: Path, **more: str) -> dict[str, str]:
    return {"RUN_ID": "run-1", "CHECKPOINT_DIR": str(folder), "HEARTBEAT_FILE": str(folder / "alive"), **more}


def _result(output: str) -> dict[str, Any]:
    (line,) = [line for line in output.splitlines() if line.startswith("{")]
    result: dict[str, Any] = json.loads(line)
    return result


def _losses(output: str) -> list[float]:
    return [float(loss) for loss in re.findall(r"^epoch \d+/\d+  loss (\S+)", output, re.MULTILINE)]


def _trained(folder: Path) -> State:
    checkpoint = newest(folder / "run-1")
    assert checkpoint is not None
    return dict(checkpoint.state)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[float], State]:
    """The losses and the weights of one process."""
    folder = tmp_path_factory.mktemp("alone")
    status, out, err = finish(start_module("training", "trainer", *SHORT, **_variables(folder)), seconds=SECONDS)
    assert (status, err) == (0, "")
    assert _result(out)["processes"] == 1
    return _losses(out), _trained(folder)


def _same(folder: Path, out: str, alone: tuple[list[float], State]) -> None:
    losses, state = alone
    assert len(losses) == 2
    assert np.allclose(_losses(out), losses, rtol=0, atol=2e-4)
    for name, array in _trained(folder).items():
        assert np.allclose(array, state[name], rtol=1e-3, atol=1e-4), name


def test_a_step_matches_the_numpy_backend() -> None:
    digits = load(None)
    images, labels = digits.train_images[:256], digits.train_labels[:256]
    group, start = Group(Place()), initial_state(32, 1)
    one, other = TorchNetwork(start, 0.01, group, "cpu"), NumpyNetwork(start, 0.01, group)
    for number in range(1, 21):
        assert np.isclose(one.step(images, labels, number), other.step(images, labels, number), rtol=1e-3)
    states = one.state(), other.state()
    assert set(states[0]) == set(states[1])
    for name, array in states[0].items():
        assert array.shape == start[name].shape
        assert np.allclose(array, states[1][name], rtol=1e-4, atol=1e-6), name
    # The first step after a resumption is the next one.
    resumed = TorchNetwork(states[0], 0.01, group, "cpu")
    assert resumed.step(images, labels, 21) == one.step(images, labels, 21)
    assert all(np.array_equal(array, resumed.state()[name]) for name, array in one.state().items())


def test_two_processes_reach_the_loss_of_one(tmp_path: Path, start: Start, free_port: int, alone: tuple[list[float], State]) -> None:
    pod = {"PET_NPROC_PER_NODE": "2", "PET_MASTER_PORT": str(free_port)}
    status, out, err = finish(start("training", "trainer", *SHORT, **_variables(tmp_path, **pod)), seconds=SECONDS)
    assert (status, err) == (0, "")
    assert (_result(out)["nodes"], _result(out)["processes"]) == (1, 2)
    _same(tmp_path, out, alone)


def test_trains_under_torchrun(tmp_path: Path, start: Start, free_port: int, alone: tuple[list[float], State]) -> None:
    # The variables that the stack sets also configure torchrun.
    pod = {"PET_NPROC_PER_NODE": "2", "PET_NNODES": "1", "PET_MASTER_ADDR": "localhost", "PET_MASTER_PORT": str(free_port)}
    process = start("training", "torch.distributed.run", "-m", "trainer", *SHORT, **_variables(tmp_path, **pod))
    status, out, err = finish(process, seconds=SECONDS)
    assert status == 0, err
    assert (_result(out)["nodes"], _result(out)["processes"]) == (1, 2)
    _same(tmp_path, out, alone)


def test_writes_a_checkpoint_on_sigterm_and_resumes(tmp_path: Path, start: Start, free_port: int) -> None:
    pod = _variables(tmp_path, PET_NPROC_PER_NODE="2", PET_MASTER_PORT=str(free_port))
    process = start("training", "trainer", *ENDLESS, **pod)
    read_until(process, "epoch 1/")
    process.send_signal(signal.SIGTERM)
    status, stopped, _ = finish(process, seconds=SECONDS)
    assert status == 143
    assert "; wrote " in stopped
    saved = newest(tmp_path / "run-1")
    assert saved is not None
    status, out, err = finish(start("training", "trainer", *ENDLESS, "--epochs", str(saved.epoch + 1), **pod), seconds=SECONDS)
    assert (status, err) == (0, "")
    assert (_result(out)["epochs"], _result(out)["resumed_from_epoch"]) == (saved.epoch + 1, saved.epoch)


@pytest.mark.parametrize("victim", [0, 1])
def test_a_killed_process_ends_the_other(tmp_path: Path, start: Start, free_port: int, victim: int) -> None:
    nodes = [
        start(
            "training",
            "trainer",
            *ENDLESS,
            **_variables(tmp_path, HEARTBEAT_FILE=str(tmp_path / f"alive-{rank}"), RANK=str(rank), WORLD_SIZE="2"),
            MASTER_ADDR="localhost",
            MASTER_PORT=str(free_port),
        )
        for rank in range(2)
    ]
    read_until(nodes[0], "epoch 1/")
    nodes[victim].kill()
    status, out, err = finish(nodes[1 - victim], seconds=SECONDS)
    assert (status, err) == (75, "")
    assert re.search(r"lost (rank|a process)", out)


def test_more_processes_than_gpus_end_with_one_line() -> None:
    code = (
        "from trainer.processes.place import Place; from trainer.processes.with_torch import torch_device; torch_device('cuda:0', Place())"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert "torch sees no GPU: check nvidia.com/gpu in the pod's limits" in process.stderr
