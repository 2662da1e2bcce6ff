"""Holds a process at a known place, so that a test acts meanwhile, however fast the machine is."""

from __future__ import annotations

from pathlib import Path

from support import PATIENCE_SECONDS, wait_until


class Gate:
    """Predictions of `handlers/slow.py`, and runs of `with_torch/held_loop.py`, wait until the gate is opened.

    Pass `path` to the process as the variable GATE.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "gate"
        self._begun = folder / "gate.begun"

    @property
    def path(self) -> str:
        """Value of the variable GATE."""
        return str(self._file)

    def wait(self) -> None:
        """Wait until a process is at the gate."""
        wait_until(self._begun.exists, 5 * PATIENCE_SECONDS)

    def open(self) -> None:
        """Let all processes go on."""
        self._file.touch()
