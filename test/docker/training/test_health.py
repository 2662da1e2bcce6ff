"""The container's health check of a training run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from support import DOCKER

DOCKERFILES = (DOCKER / "training" / "Dockerfile", DOCKER / "training" / "pixi" / "Dockerfile")
(COMMAND,), *OTHERS = [re.findall(r"^HEALTHCHECK .*\\\n +CMD (\[.*\])$", file.read_text(), re.MULTILINE) for file in DOCKERFILES]


@pytest.mark.parametrize(("age", "healthy"), [(0, True), (200, True), (310, False), (None, False)])
def test_is_healthy_while_the_heartbeat_is_recent(tmp_path: Path, age: int | None, healthy: bool) -> None:
    heartbeat = tmp_path / "alive"
    if age is not None:
        heartbeat.touch()
        os.utime(heartbeat, (time.time() - age,) * 2)
    done = subprocess.run(json.loads(COMMAND), env={**os.environ, "HEARTBEAT_FILE": str(heartbeat)}, capture_output=True, check=False)
    assert (done.returncode == 0) == healthy


def test_reads_the_file_that_the_trainer_writes() -> None:
    source = (DOCKER / "training" / "trainer" / "settings.py").read_text()
    (written,) = re.findall(r'"HEARTBEAT_FILE"\) or "([^"]+)"', source)
    assert f"${{HEARTBEAT_FILE:-{written}}}" in COMMAND


def test_both_dockerfiles_have_the_same_health_check() -> None:
    assert OTHERS == [[COMMAND]]
