"""Fixtures of all tests."""

from __future__ import annotations

import json
import random
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import Start, start_module


@pytest.fixture(scope="session")
def held_out() -> list[dict[str, Any]]:
    """Digits that the reference model has not been trained on."""
    digits: list[dict[str, Any]] = json.loads((Path(__file__).parent / "held-out-digits.json").read_text())
    return digits


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts modules of the images, and ends what a test leaves running."""
    processes: list[subprocess.Popen[str]] = []

    def start_one(image: str, module: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        processes.append(start_module(image, module, *arguments, **variables))
        return processes[-1]

    yield start_one
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on, nor on the next one: processes that train together use both."""
    # The system gives ports from 32768 on to connections at any time.
    while not (_is_free(port := random.randrange(20_000, 32_000)) and _is_free(port + 1)):
        pass
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
