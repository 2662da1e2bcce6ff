"""The health check of a worker."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from consumer.health import alive
from support import wait_until


def test_health(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    assert not alive(ready)
    ready.write_text("not a number")
    assert not alive(ready)
    ready.write_text(str(os.getpid()))
    assert not alive(ready)  # A process that is not a worker.
    process = subprocess.Popen(["consumer", "3600"], executable=shutil.which("sleep"))
    ready.write_text(str(process.pid))
    assert alive(ready)
    process.kill()
    wait_until(lambda: Path(f"/proc/{process.pid}/cmdline").read_bytes() == b"")
    assert not alive(ready)  # A zombie: ended, but not yet waited for.
    process.wait()
