"""`python -m serving.health`: the container's health check. Exits 0 when /health answers 200.

The flags of HEALTHCHECK in a Dockerfile do not expand variables, so this module implements HEALTH_TIMEOUT (of one attempt) and
HEALTH_START_PERIOD, which the image sets from build arguments of the same names. During the start period, a failed attempt is
retried instead of reported.
"""

from __future__ import annotations

import http.client
import os
import sys
import time
from pathlib import Path


def healthy(port: int, timeout: float) -> bool:
    """Whether /health answers 200 within `timeout` seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def check(port: int, timeout: float, start_period: float, age: float) -> bool:
    """Retry until the service is healthy or the start period is over. `age` is the container's age in seconds."""
    deadline = time.monotonic() + start_period - age
    while not healthy(port, timeout):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.5)
    return True


def _container_age() -> float:
    # Field 22 of stat is the start in clock ticks after boot. The name in field 2 may contain spaces, so count from its end.
    started = int(Path("/proc/1/stat").read_text().rpartition(")")[2].split()[19])
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    return uptime - started / os.sysconf("SC_CLK_TCK")


def _seconds(name: str, default: float) -> float:
    return float(os.environ.get(name, default))


if __name__ == "__main__":
    alive = check(int(os.environ.get("PORT") or 8000), _seconds("HEALTH_TIMEOUT", 3), _seconds("HEALTH_START_PERIOD", 40), _container_age())
    sys.exit(0 if alive else 1)
