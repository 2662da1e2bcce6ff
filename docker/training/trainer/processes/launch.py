"""Starts one process per GPU of a pod, with torchrun's environment variables.

torchrun needs torch and always exits with 1 on failure. The Job's pod failure policy needs the exit status of the processes, and
the CPU image has no torch, so the image's entry point starts the processes itself. Code for torchrun runs unchanged:
https://docs.pytorch.org/docs/stable/elastic/run.html#environment-variables
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.errors import EXIT_PEER_LOST, EXIT_STOPPED, EXIT_UNRECOVERABLE
from trainer.variables import host, whole

PEER_SECONDS = 60.0
"""Time for the other processes to write a checkpoint after one has failed. A process that hangs in NCCL would not end by itself."""

_POLL_SECONDS = 0.1
_BEAT_SECONDS = 1.0
_DEFAULT_PORT = "29500"


@dataclass(frozen=True)
class Layout:
    """The processes of a run, from torchrun's variables."""

    per_node: int
    """Processes on each node."""
    nodes: int
    node_rank: int
    """Number of this node, from 0."""
    address: str
    """Host of node 0."""
    port: int

    def variables(self, local_rank: int) -> dict[str, str]:
        """The variables that torchrun sets for the process with this local rank."""
        return {
            "LOCAL_RANK": str(local_rank),
            "LOCAL_WORLD_SIZE": str(self.per_node),
            "GROUP_RANK": str(self.node_rank),
            "GROUP_WORLD_SIZE": str(self.nodes),
            "RANK": str(self.node_rank * self.per_node + local_rank),
            "WORLD_SIZE": str(self.nodes * self.per_node),
            "MASTER_ADDR": self.address,
            "MASTER_PORT": str(self.port),
        }


def parse_layout(environment: Mapping[str, str]) -> Layout | None:
    """The processes to start here. None if this process trains itself.

    A process trains itself unless PET_NPROC_PER_NODE is above 1, or if this module or torchrun started it. Raises
    UnrecoverableError, which names the invalid variable.
    """
    per_node = whole(environment, "PET_NPROC_PER_NODE", 1, None, "1")
    if per_node == 1 or "LOCAL_RANK" in environment or "TORCHELASTIC_RUN_ID" in environment:
        return None
    nodes = whole(environment, "PET_NNODES", 1, None, "1")
    return Layout(
        per_node,
        nodes,
        whole(environment, "PET_NODE_RANK", 0, nodes - 1, "0" if nodes == 1 else ""),
        host(environment, "PET_MASTER_ADDR", "localhost" if nodes == 1 else ""),
        whole(environment, "PET_MASTER_PORT", 1, 65534, _DEFAULT_PORT),
    )


def launch(
    command: Sequence[str], layout: Layout, environment: Mapping[str, str], heartbeat_file: Path, stopped: Callable[[], bool]
) -> int:
    """Run the command once per GPU; returns the exit status for the pod.

    When `stopped` returns True, every process gets SIGTERM. The heartbeat has the time of the oldest heartbeat of the processes, so that
    one hanging process is detected. After a process fails, the others have PEER_SECONDS to end.
    """
    beats = [heartbeat_file.with_name(f"{heartbeat_file.name}.{number}") for number in range(layout.per_node)]
    for beat in beats:
        beat.unlink(missing_ok=True)
    children = [
        subprocess.Popen(
            command,
            # One thread, as torchrun sets it, so that the processes do not compete for the pod's CPUs.
            env={"OMP_NUM_THREADS": "1", **environment, **layout.variables(number), "HEARTBEAT_FILE": str(beat)},
        )
        for number, beat in enumerate(beats)
    ]
    try:
        return _watch(children, beats, heartbeat_file, stopped)
    finally:
        for child in children:
            child.kill()
            child.wait()


def _watch(children: Sequence[subprocess.Popen[bytes]], beats: Sequence[Path], heartbeat_file: Path, stopped: Callable[[], bool]) -> int:
    ends: dict[int, int] = {}
    asked = False
    give_up: float | None = None
    next_beat = 0.0
    while len(ends) < len(children):
        if stopped() and not asked:
            asked = True
            for child in children:
                child.send_signal(signal.SIGTERM)
        ends |= {number: child.returncode for number, child in enumerate(children) if number not in ends and child.poll() is not None}
        now = time.monotonic()
        if give_up is None and any(ends.values()):
            give_up = now + PEER_SECONDS
        if give_up is not None and now >= give_up:
            for child in children:
                child.kill()
        if now >= next_beat:
            next_beat = now + _BEAT_SECONDS
            _beat(heartbeat_file, [beat for number, beat in enumerate(beats) if number not in ends])
        time.sleep(_POLL_SECONDS)
    return exit_status(list(ends.values()), asked=asked)


def _beat(heartbeat_file: Path, beats: Sequence[Path]) -> None:
    """Set the heartbeat file's time to the oldest heartbeat of the processes, once each has one."""
    if beats and all(beat.exists() for beat in beats):
        oldest = min(beat.stat().st_mtime for beat in beats)
        heartbeat_file.touch()
        os.utime(heartbeat_file, (oldest, oldest))


def exit_status(ends: Sequence[int], *, asked: bool) -> int:
    """The exit status for the pod, from those of its processes in the order in which they ended.

    A failure that no retry can fix has priority, then the first other failure. Otherwise the processes stopped, because this one
    was `asked` to stop or because a process on another node ended. A process killed by signal n counts as 128 + n, as in a shell.
    """
    codes = [128 - end if end < 0 else end for end in ends]
    if EXIT_UNRECOVERABLE in codes:
        return EXIT_UNRECOVERABLE
    failures = [code for code in codes if code not in (0, EXIT_PEER_LOST, EXIT_STOPPED)]
    if failures:
        return failures[0]
    if not any(codes):
        return 0
    return EXIT_STOPPED if asked else EXIT_PEER_LOST
