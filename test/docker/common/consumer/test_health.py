"""The health check of a worker."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from consumer.health import alive


def test_health(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    assert not alive(ready)
    ready.write_text("not a number")
    assert not alive(ready)
    ready.write_text(str(os.getpid()))
    assert not alive(ready)  # a process, but no worker
    process = subprocess.Popen(["sleep", "60", "consumer"], executable=shutil.which("sleep"), stderr=subprocess.DEVNULL)
    process.kill()
    ready.write_text(str(process.pid))
    time.sleep(0.1)
    assert not alive(ready)  # ended, and not waited for
    process.wait()
