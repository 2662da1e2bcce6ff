"""A service with a handler of the tests."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from service_client import call
from support import Start, wait_until

HANDLERS = Path(__file__).resolve().parents[2] / "handlers"

Serve = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def serve(start: Start, free_port: int) -> Serve:
    """Starts the service on `free_port` with the handler of this name, and waits until it is ready."""

    def start_service(handler: str, **variables: str) -> subprocess.Popen[str]:
        settings = {"PORT": str(free_port), "HANDLER": handler, "PYTHONPATH": str(HANDLERS), **variables}
        process = start("inference", "serving", **settings)
        wait_until(lambda: process.poll() is not None or call(free_port, "GET", "/ready").status == 200)
        return process

    return start_service


@pytest.fixture
def slow(serve: Serve) -> Serve:
    """Starts the service with a slow or broken model."""
    return lambda **variables: serve("slow", **variables)
