"""Runs of several processes, each started as in a node's container."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digits_training.network import State
from support import Start, finish, read_until, result_of, start_module, wait_until
from trainer.checkpoints.store import newest
from trainer.errors import EXIT_PEER_LOST, EXIT_STOPPED

SHORT = ("--epochs", "3", "--copies", "8", "--hidden", "32", "--batch-size", "250")
ENDLESS = ("--epochs", "100000", "--copies", "2", "--hidden", "32")

Node = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def node(start: Start, tmp_path: Path, free_port: int) -> Node:
    """Starts one process of a run: the node of this rank, with the number of nodes and the folder that all share."""

    def start_node(rank: int, size: int, *arguments: str, **more: str) -> subprocess.Popen[str]:
        variables = {
            "RUN_ID": "run-1",
            "CHECKPOINT_DIR": str(tmp_path),
            "HEARTBEAT_FILE": str(tmp_path / f"alive-{rank}"),
            "RANK": str(rank),
            "WORLD_SIZE": str(size),
            "MASTER_ADDR": "localhost",
            "MASTER_PORT": str(free_port),
        }
        return start("training", "trainer", *arguments, **{**variables, **more})

    return start_node


def _trained(folder: Path) -> State:
    checkpoint = newest(folder / "run-1")
    assert checkpoint is not None
    return dict(checkpoint.state)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], State]:
    """What one process reports and learns."""
    folder = tmp_path_factory.mktemp("alone")
    variables = {"RUN_ID": "run-1", "CHECKPOINT_DIR": str(folder), "HEARTBEAT_FILE": str(folder / "alive")}
    status, out, err = finish(start_module("training", "trainer", *SHORT, **variables))
    assert (status, err) == (0, "")
    return result_of(out), _trained(folder)


@pytest.mark.parametrize("size", [2, 3])
def test_several_processes_learn_the_same_as_one(node: Node, tmp_path: Path, alone: tuple[dict[str, Any], State], size: int) -> None:
    # Followers have a separate folder here: they need no file of rank 0 and write none.
    folders = [tmp_path, *(tmp_path / f"follower-{rank}" for rank in range(1, size))]
    nodes = [node(rank, size, *SHORT, CHECKPOINT_DIR=str(folder)) for rank, folder in enumerate(folders)]
    ends = [finish(process) for process in nodes]
    assert [(status, err) for status, _, err in ends] == [(0, "")] * size
    expected, state = alone
    result = result_of(ends[0][1])
    assert (result["nodes"], expected["nodes"]) == (size, 1)
    assert result["accuracy"] == expected["accuracy"]
    assert 1 <= result["checkpoints"] <= 3
    for name, array in _trained(tmp_path).items():
        assert np.allclose(array, state[name], rtol=1e-3, atol=1e-4), name
    assert not any(folder.exists() for folder in folders[1:])
    assert all('"accuracy"' not in out for _, out, _ in ends[1:])


@pytest.mark.parametrize("asked", [0, 1])
def test_all_stop_together_and_resume_to_the_same_model(node: Node, tmp_path: Path, asked: int) -> None:
    nodes = [node(rank, 2, "--epochs", "1000000", *SHORT[2:]) for rank in range(2)]
    read_until(nodes[0], "epoch 1/")
    nodes[asked].send_signal(signal.SIGTERM)
    ends = [finish(process) for process in nodes]
    other = 1 - asked
    assert ends[asked][0] == EXIT_STOPPED
    assert ends[other][0] == EXIT_PEER_LOST
    assert f"lost rank {asked}" in ends[other][1]
    assert "; wrote " in ends[0][1]
    assert not (tmp_path / "run-1" / "model.onnx").exists()

    saved = newest(tmp_path / "run-1")
    assert saved is not None
    rest = ("--epochs", str(saved.epoch + 2), *SHORT[2:])
    ends = [finish(process) for process in [node(rank, 2, *rest) for rank in range(2)]]
    assert [(status, err) for status, _, err in ends] == [(0, "")] * 2
    assert all("resuming after epoch" in out for _, out, _ in ends)
    interrupted = (tmp_path / "run-1" / "model.onnx").read_bytes()
    whole = [finish(process) for process in [node(rank, 2, *rest, CHECKPOINT_DIR=str(tmp_path / "whole")) for rank in range(2)]]
    assert [status for status, _, _ in whole] == [0, 0]
    assert (tmp_path / "whole" / "run-1" / "model.onnx").read_bytes() == interrupted


def test_each_process_that_gets_sigterm_exits_143(node: Node) -> None:
    nodes = [node(rank, 2, *ENDLESS) for rank in range(2)]
    read_until(nodes[0], "epoch 1/")
    for process in nodes:
        process.send_signal(signal.SIGTERM)
    assert [finish(process)[0] for process in nodes] == [EXIT_STOPPED, EXIT_STOPPED]


@pytest.mark.parametrize("victim", [0, 1, 2])
def test_a_killed_process_ends_the_others_with_75(node: Node, tmp_path: Path, victim: int) -> None:
    nodes = [node(rank, 3, *ENDLESS) for rank in range(3)]
    read_until(nodes[0], "epoch 2/")
    # A thread writes checkpoints, so an epoch can end before its checkpoint is complete.
    wait_until(lambda: newest(tmp_path / "run-1") is not None)
    nodes[victim].kill()
    ends = [finish(process)[0] for process in nodes]
    assert ends == [-signal.SIGKILL if rank == victim else EXIT_PEER_LOST for rank in range(3)]
    checkpoint = newest(tmp_path / "run-1")
    assert checkpoint is not None
    assert checkpoint.epoch >= 1


def test_heartbeats_continue_while_processes_wait_for_each_other(node: Node, tmp_path: Path) -> None:
    arguments = ("--epochs", "1", "--copies", "2")
    follower = node(1, 2, *arguments)
    read_until(follower, "rank 1: waiting for rank 0 at localhost:")
    first = (tmp_path / "alive-1").stat().st_mtime
    wait_until(lambda: (tmp_path / "alive-1").stat().st_mtime > first)
    leader = node(0, 2, *arguments)
    assert [finish(process)[0] for process in (leader, follower)] == [0, 0]


def test_a_follower_can_be_replaced_during_the_rendezvous(node: Node) -> None:
    arguments = ("--epochs", "1", "--copies", "2")
    leader = node(0, 3, *arguments)
    read_until(leader, "rank 0: 1 of 3")
    lost = node(1, 3, *arguments)
    read_until(leader, "rank 0: 2 of 3")
    lost.kill()
    lost.wait()
    replaced = node(1, 3, *arguments)
    read_until(leader, "rank 0: 2 of 3")
    last = node(2, 3, *arguments)
    assert [finish(process)[0] for process in (leader, replaced, last)] == [0, 0, 0]


def test_rank_0_can_be_replaced_during_the_rendezvous(node: Node) -> None:
    arguments = ("--epochs", "1", "--copies", "2")
    follower = node(1, 3, *arguments)
    leader = node(0, 3, *arguments)
    read_until(leader, "rank 0: 2 of 3")
    leader.kill()
    leader.wait()
    read_until(follower, "rank 1: waiting for rank 0")
    nodes = [node(0, 3, *arguments), node(2, 3, *arguments), follower]
    assert [finish(process)[0] for process in nodes] == [0, 0, 0]


def test_rejects_strangers_and_processes_of_other_runs(node: Node, free_port: int) -> None:
    arguments = ("--epochs", "1", "--copies", "2")
    leader = node(0, 2, *arguments)
    read_until(leader, "rank 0: 1 of 2")
    with socket.create_connection(("localhost", free_port + 1)) as stranger:
        stranger.sendall(b"?" * 36)
        assert stranger.recv(1) == b""
    other_run = node(1, 2, *arguments, RUN_ID="run-2")
    read_until(other_run, "rank 1: waiting for rank 0")
    other_run.terminate()
    assert finish(other_run)[0] == EXIT_STOPPED
    follower = node(1, 2, *arguments)
    assert [finish(process)[0] for process in (leader, follower)] == [0, 0]


@pytest.mark.parametrize("rank", [0, 1])
def test_sigterm_ends_the_rendezvous(node: Node, rank: int) -> None:
    process = node(rank, 2, *SHORT)
    read_until(process, f"rank {rank}: ")
    process.terminate()
    assert finish(process)[0] == EXIT_STOPPED


def test_a_complete_run_needs_no_other_process(node: Node) -> None:
    arguments = ("--epochs", "1", "--copies", "2")
    assert [finish(process)[0] for process in [node(rank, 2, *arguments) for rank in range(2)]] == [0, 0]
    status, out, _ = finish(node(0, 2, *arguments))
    assert (status, result_of(out)["resumed_from_epoch"], result_of(out)["nodes"]) == (0, 1, 2)
    status, out, _ = finish(node(1, 2, *arguments))
    assert (status, out) == (0, "run run-1 is complete\n")


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"WORLD_SIZE": "two"}, "WORLD_SIZE=two: it must be a whole number"),
        ({"RANK": "2"}, "RANK=2: with WORLD_SIZE=2 it must be a whole number from 0 to 1"),
        ({"MASTER_ADDR": ""}, "MASTER_ADDR='': with WORLD_SIZE=2 it must be the name or address of rank 0's host"),
        ({"MASTER_PORT": "http"}, "MASTER_PORT=http: with WORLD_SIZE=2 it must be a whole number from 1 to 65534"),
    ],
)
def test_an_invalid_variable_exits_42_with_one_line(node: Node, variables: dict[str, str], reason: str) -> None:
    status, _, err = finish(node(0, 2, **variables))
    assert (status, err.count("\n")) == (42, 1)
    assert err.startswith(f"error: {reason}")


def test_a_port_in_use_exits_42_with_one_line(node: Node, free_port: int) -> None:
    with socket.create_server(("", free_port + 1)):
        status, _, err = finish(node(0, 2))
    assert (status, err.count("\n")) == (42, 1)
    assert err.startswith(f"error: MASTER_PORT={free_port}: rank 0 cannot listen on the next port, {free_port + 1}: Address already in use")
