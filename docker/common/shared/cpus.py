"""The processors of a container."""

from __future__ import annotations

from pathlib import Path

_CPU_MAX = Path("/sys/fs/cgroup/cpu.max")


def container_cpus(cpu_max: Path = _CPU_MAX) -> int:
    """Whole processors that the container's CPU limit gives it, at least 1; 1 without a limit: the host's processors are not its own.

    https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files
    """
    try:
        quota, period = cpu_max.read_text().split()
        return max(1, int(quota) // int(period))
    except (OSError, ValueError):
        # No cgroup v2, or the quota is `max`.
        return 1
