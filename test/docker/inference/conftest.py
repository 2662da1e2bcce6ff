"""A service whose model is slow or broken."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest

from service_client import call, wait_until
from support import DOCKER, start_python

Slow = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def slow(free_port: int) -> Iterator[Slow]:
    """Starts `slow_service.py` on `free_port`, and waits until it is ready; ends what a test leaves running."""
    processes: list[subprocess.Popen[str]] = []

    def start(**variables: str) -> subprocess.Popen[str]:
        script = str(DOCKER.parent / "test" / "docker" / "slow_service.py")
        processes.append(start_python("inference", script, PORT=str(free_port), PYTHONPATH=str(DOCKER / "inference"), **variables))
        wait_until(lambda: call(free_port, "GET", "/ready").status == 200)
        return processes[-1]

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()
