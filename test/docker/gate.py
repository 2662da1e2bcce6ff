"""Holds a process at a known point, so that a test can act independently of the machine's speed."""

from __future__ import annotations

from pathlib import Path

from support import PATIENCE_SECONDS, wait_until


class Gate:
    """Holds predictions of `handlers/slow.py` and runs of `with_torch/held_loop.py` until the gate is opened.

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
        """Wait until a process reaches the gate."""
        wait_until(self._begun.exists, 5 * PATIENCE_SECONDS)

    def open(self) -> None:
        """Let all processes continue."""
        self._file.touch()
