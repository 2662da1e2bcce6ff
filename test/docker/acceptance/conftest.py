"""A machine without GPUs. Its Python has the packages of both images."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from accept.machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """The CPU of this machine."""
    return Machine("cpu", (), Path(sys.executable), Path(sys.executable), tmp_path)
