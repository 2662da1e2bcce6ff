"""The file that shows that a run makes progress."""

from __future__ import annotations

import time
from pathlib import Path

_BEAT_SECONDS = 1.0


class Heartbeat:
    """Touches the file on creation, and then at most once a second."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = 0.0
        self.beat()

    def beat(self) -> None:
        """Show progress."""
        now = time.monotonic()
        if now >= self._next:
            self._path.touch()
            self._next = now + _BEAT_SECONDS
