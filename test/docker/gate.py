"""Holds the predictions of `handlers/slow.py`, so that a test acts while one runs, however fast the machine is."""

from __future__ import annotations

from pathlib import Path

from support import wait_until


class Gate:
    """Predictions wait until the gate is opened. Pass `path` to the process as the variable GATE."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "gate"
        self._begun = folder / "gate.begun"

    @property
    def path(self) -> str:
        """Value of the variable GATE."""
        return str(self._file)

    def wait_for_prediction(self) -> None:
        """Wait until a prediction has begun."""
        wait_until(self._begun.exists)

    def open(self) -> None:
        """Let all predictions end."""
        self._file.touch()
