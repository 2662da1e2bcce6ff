"""Fixtures of all tests."""

from __future__ import annotations

import itertools
import json
import random
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gate import Gate
from support import Start, start_module

_PORTS = range(20_000, 32_000)
"""The system may assign ports from 32768 on to connections at any time."""

_BLOCK = 500


@pytest.fixture(scope="session")
def held_out() -> list[dict[str, Any]]:
    """Digits that were not in the training data of the reference model."""
    digits: list[dict[str, Any]] = json.loads((Path(__file__).parent / "held-out-digits.json").read_text())
    return digits


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder for the temporary files of the processes of a test, separate from other test runs."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    """A closed gate that holds predictions."""
    return Gate(tmp_path_factory.mktemp("gate"))


@pytest.fixture
def start(temporary: Path) -> Iterator[Start]:
    """Starts modules of the images, and stops those that a test leaves running."""
    processes: list[subprocess.Popen[str]] = []

    def start_one(image: str, module: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        processes.append(start_module(image, module, *arguments, **{"TMPDIR": str(temporary), **variables}))
        return processes[-1]

    yield start_one
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def free_ports() -> Iterator[Iterator[int]]:
    """Free ports, each with a free next port: processes that train together use both.

    A test run reserves a block of ports. It listens on the first port of the block until it ends.
    """
    with socket.socket() as claim:
        while not _bound(claim, first := random.choice(_PORTS[::_BLOCK])):
            pass
        claim.listen()
        yield (port for port in itertools.cycle(range(first + 1, first + _BLOCK - 1, 2)) if _is_free(port) and _is_free(port + 1))


@pytest.fixture
def free_port(free_ports: Iterator[int]) -> int:
    """A free port. The next port is also free."""
    return next(free_ports)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return _bound(probe, port)


def _bound(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
