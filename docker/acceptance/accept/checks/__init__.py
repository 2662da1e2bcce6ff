"""The checks, in the order in which they run."""

from __future__ import annotations

from accept.checks import device_failure, driver, inference, memory, resume, training
from accept.machine import Check

CHECKS: dict[str, Check] = {
    "driver": driver.check,
    "inference": inference.check,
    "training": training.check,
    "resume": resume.check,
    "memory": memory.check,
    "device-failure": device_failure.check,
}
"""Each check by its name on the command line."""
