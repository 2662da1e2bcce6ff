"""One process per GPU of a pod. The image's entry point starts, watches and stops them."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support import Start, finish, read_until, result_of, wait_until
from trainer.checkpoints.store import newest
from trainer.errors import EXIT_PEER_LOST, EXIT_STOPPED, EXIT_UNRECOVERABLE, UnrecoverableError
from trainer.processes.launch import Layout, exit_status, parse_layout

SHORT = ("--epochs", "3", "--copies", "8", "--hidden", "32", "--batch-size", "250")
ENDLESS = ("--epochs", "100000", "--copies", "2", "--hidden", "32")

ONE_NODE = {"PET_NPROC_PER_NODE": "8"}
NODES = {"PET_NPROC_PER_NODE": "8", "PET_NNODES": "2", "PET_NODE_RANK": "1", "PET_MASTER_ADDR": "run-0.run", "PET_MASTER_PORT": "1234"}

Pod = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def pod(start: Start, tmp_path: Path, free_port: int) -> Pod:
    """Starts the container of a pod with two GPUs."""

    def start_pod(*arguments: str, **more: str) -> subprocess.Popen[str]:
        variables = {
            "RUN_ID": "run-1",
            "CHECKPOINT_DIR": str(tmp_path),
            "HEARTBEAT_FILE": str(tmp_path / "alive"),
            "PET_NNODES": "1",
            "PET_NODE_RANK": "0",
            "PET_NPROC_PER_NODE": "2",
            "PET_MASTER_ADDR": "localhost",
            "PET_MASTER_PORT": str(free_port),
        }
        return start("training", "trainer", *arguments, **{**variables, **more})

    return start_pod


def _children(process: subprocess.Popen[str]) -> dict[int, int]:
    """Processes that the entry point started, by LOCAL_RANK."""
    pids = [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    ranks: dict[int, int] = {}
    for pid in pids:
        variables = dict(item.split("=", 1) for item in Path(f"/proc/{pid}/environ").read_text().split("\0") if "=" in item)
        ranks[int(variables["LOCAL_RANK"])] = pid
    return ranks


def _ends(pid: int) -> None:
    """Wait until a process has ended."""
    wait_until(lambda: not Path(f"/proc/{pid}").exists())


def _state(pid: int) -> str:
    """State of a process in /proc; T for a stopped one."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.parametrize(
    ("environment", "layout"),
    [
        ({}, None),
        ({"PET_NPROC_PER_NODE": "1", "PET_NNODES": "4"}, None),
        ({**NODES, "LOCAL_RANK": "0"}, None),
        ({**NODES, "TORCHELASTIC_RUN_ID": "none"}, None),
        (ONE_NODE, Layout(8, 1, 0, "localhost", 29500)),
        (NODES, Layout(8, 2, 1, "run-0.run", 1234)),
    ],
)
def test_reads_the_layout_from_the_variables(environment: dict[str, str], layout: Layout | None) -> None:
    assert parse_layout(environment) == layout


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"PET_NPROC_PER_NODE": "gpu"}, "PET_NPROC_PER_NODE=gpu: it must be a whole number at least 1"),
        ({"PET_NNODES": "1:4"}, "PET_NNODES=1:4: it must be a whole number at least 1"),
        ({"PET_NODE_RANK": "2"}, "PET_NODE_RANK=2: it must be a whole number from 0 to 1"),
        ({"PET_NODE_RANK": ""}, "PET_NODE_RANK=: it must be a whole number from 0 to 1"),
        ({"PET_MASTER_ADDR": ""}, "PET_MASTER_ADDR='': it must be the name or address"),
        ({"PET_MASTER_PORT": "65535"}, "PET_MASTER_PORT=65535: it must be a whole number from 1 to 65534"),
    ],
)
def test_names_the_invalid_variable(wrong: dict[str, str], reason: str) -> None:
    with pytest.raises(UnrecoverableError) as problem:
        parse_layout({**NODES, **wrong})
    assert str(problem.value).startswith(reason)


def test_sets_the_variables_that_torchrun_sets() -> None:
    assert Layout(8, 2, 1, "run-0.run", 1234).variables(3) == {
        "LOCAL_RANK": "3",
        "LOCAL_WORLD_SIZE": "8",
        "GROUP_RANK": "1",
        "GROUP_WORLD_SIZE": "2",
        "RANK": "11",
        "WORLD_SIZE": "16",
        "MASTER_ADDR": "run-0.run",
        "MASTER_PORT": "1234",
    }


@pytest.mark.parametrize(
    ("ends", "asked", "status"),
    [
        ([0, 0], False, 0),
        ([0, 0], True, 0),
        ([143, 143], True, EXIT_STOPPED),
        ([75, 143], True, EXIT_STOPPED),
        ([143, 75], False, EXIT_PEER_LOST),
        ([75, 75], False, EXIT_PEER_LOST),
        ([75, 42], False, EXIT_UNRECOVERABLE),
        ([1, 42, 75], False, EXIT_UNRECOVERABLE),
        ([75, 1, -9], False, 1),
        ([-9, 75], False, 137),
        ([-11, 143], True, 139),
    ],
)
def test_derives_the_exit_status_of_the_pod(ends: list[int], asked: bool, status: int) -> None:
    assert exit_status(ends, asked=asked) == status


def test_two_processes_reach_the_accuracy_of_one(pod: Pod, tmp_path: Path) -> None:
    status, out, err = finish(pod(*SHORT))
    assert (status, err) == (0, "")
    result = result_of(out)
    assert (result["nodes"], result["processes"]) == (1, 2)
    alone = result_of(finish(pod(*SHORT, PET_NPROC_PER_NODE="1", CHECKPOINT_DIR=str(tmp_path / "alone")))[1])
    assert (alone["nodes"], alone["processes"]) == (1, 1)
    assert result["accuracy"] == alone["accuracy"]


def test_trains_on_two_pods_with_two_processes_each(pod: Pod, tmp_path: Path, free_port: int) -> None:
    # The stack sets RANK and WORLD_SIZE by pod.
    stack = {"PET_NNODES": "2", "WORLD_SIZE": "2", "MASTER_ADDR": "localhost", "MASTER_PORT": str(free_port)}
    pods = [pod(*SHORT, **stack, PET_NODE_RANK=rank, RANK=rank, HEARTBEAT_FILE=str(tmp_path / f"alive-{rank}")) for rank in ("0", "1")]
    ends = [finish(process) for process in pods]
    assert [(status, err) for status, _, err in ends] == [(0, "")] * 2
    result = result_of(ends[0][1])
    assert (result["nodes"], result["processes"]) == (2, 4)
    assert '"accuracy"' not in ends[1][1]


def test_forwards_sigterm_to_every_process_and_resumes(pod: Pod, tmp_path: Path) -> None:
    process = pod(*ENDLESS)
    read_until(process, "epoch 1/")
    children = _children(process)
    assert set(children) == {0, 1}
    process.send_signal(signal.SIGTERM)
    status, out, _ = finish(process)
    assert status == EXIT_STOPPED
    assert "; wrote " in out
    for pid in children.values():
        _ends(pid)
    saved = newest(tmp_path / "run-1")
    assert saved is not None
    status, out, _ = finish(pod("--epochs", str(saved.epoch + 2), *ENDLESS[2:]))
    assert status == 0
    assert "resuming after epoch" in out


@pytest.mark.parametrize("victim", [0, 1])
def test_a_killed_process_ends_the_pod_with_its_status(pod: Pod, victim: int) -> None:
    process = pod(*ENDLESS)
    read_until(process, "epoch 1/")
    children = _children(process)
    os.kill(children[victim], signal.SIGKILL)
    status, out, _ = finish(process)
    assert status == 137
    assert f"lost rank {victim}" in out
    _ends(children[1 - victim])


def test_a_lost_peer_on_another_node_ends_the_pod_with_75(pod: Pod, tmp_path: Path) -> None:
    pods = [pod(*ENDLESS, PET_NNODES="2", PET_NODE_RANK=rank, HEARTBEAT_FILE=str(tmp_path / f"alive-{rank}")) for rank in ("0", "1")]
    read_until(pods[0], "epoch 1/")
    pods[1].send_signal(signal.SIGTERM)
    assert [finish(process)[0] for process in pods] == [EXIT_PEER_LOST, EXIT_STOPPED]


@pytest.mark.parametrize(
    ("arguments", "more", "reason"),
    [
        (("--epochs", "0"), {}, "error: argument --epochs"),
        ((), {"PET_NPROC_PER_NODE": "gpu"}, "error: PET_NPROC_PER_NODE=gpu"),
        ((), {"DATA_DIR": "/nonexistent"}, "error: /nonexistent/digits.npz is missing"),
    ],
)
def test_exits_42_for_errors_that_a_retry_cannot_fix(pod: Pod, arguments: tuple[str, ...], more: dict[str, str], reason: str) -> None:
    status, _, err = finish(pod(*arguments, **more))
    assert status == EXIT_UNRECOVERABLE
    assert err.startswith(reason)


def test_a_hanging_process_stops_the_heartbeat(pod: Pod, tmp_path: Path) -> None:
    process = pod(*ENDLESS)
    read_until(process, "epoch 1/")
    hanging = _children(process)[1]
    os.kill(hanging, signal.SIGSTOP)
    wait_until(lambda: _state(hanging) == "T")

    def beat(name: str) -> float:
        return (tmp_path / name).stat().st_mtime

    last = beat("alive.1")
    # Rank 0 waits for it and keeps sending its own heartbeat.
    wait_until(lambda: beat("alive.0") > last + 3)
    wait_until(lambda: beat("alive") == last)
    later = beat("alive.0")
    wait_until(lambda: beat("alive.0") > later + 3)
    wait_until(lambda: beat("alive") == last)
    for pid in _children(process).values():
        os.kill(pid, signal.SIGKILL)
    assert finish(process)[0] == 137
