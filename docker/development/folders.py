"""Folders and lock files of the code in the images."""

from __future__ import annotations

from pathlib import Path

DOCKER = Path(__file__).resolve().parent.parent
ROOT = DOCKER.parent
TESTS = ROOT / "test" / "docker"
COMMON = DOCKER / "common"
FINE_TUNING = ROOT / "examples" / "fine-tuning"

UV_LOCK = COMMON / "locks" / "uv.txt"
DEV_LOCK = TESTS / "locks" / "dev.txt"
DVC_LOCK = DOCKER / "training" / "locks" / "dvc.txt"
TRACKERS_LOCK = TESTS / "locks" / "trackers.txt"
