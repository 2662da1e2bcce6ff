"""The CPUs of a container."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_CPU_MAX = Path("/sys/fs/cgroup/cpu.max")


def container_cpus(cpu_max: Path = _CPU_MAX) -> int:
    """The container's CPU limit in whole CPUs, at least 1. Without a limit it is 1, because the container shares the host's CPUs.

    https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files
    """
    try:
        quota, period = cpu_max.read_text().split()
        return max(1, int(quota) // int(period))
    except (OSError, ValueError):
        # No cgroup v2, or the quota is `max`.
        return 1


def prediction_threads(environment: Mapping[str, str]) -> int:
    """Threads that one prediction may use, from INFERENCE_THREADS, default `container_cpus()`.

    Raises ValueError if the variable is not a number from 1 to 1024.
    """
    threads = environment.get("INFERENCE_THREADS") or str(container_cpus())
    if not threads.isascii() or not threads.isdigit() or not 1 <= int(threads) <= 1024:
        raise ValueError(f"INFERENCE_THREADS={threads}: it must be a whole number from 1 to 1024")
    return int(threads)
