"""`python -m consumer.health`: the container's health check. It checks the process, because a worker serves no HTTP.

The worker writes its process ID to a file when it is ready for tasks, and removes the file when it stops.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

READY_FILE = Path(os.environ.get("TMPDIR") or "/tmp", "worker_ready")


def alive(ready_file: Path = READY_FILE) -> bool:
    """Whether the worker has connected to its broker and its process still runs."""
    try:
        process = int(ready_file.read_text())
        command = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return False
    # Empty for a zombie process.
    return b"consumer" in command


if __name__ == "__main__":
    sys.exit(0 if alive() else 1)
