"""Whether predictions still work: after the loss of its GPU, a service has to be restarted."""

from __future__ import annotations

import sys
import time

from shared.model import DeviceError


class Failures:
    """Fails after a device error, after a number of failed predictions in a row, or while one prediction hangs."""

    def __init__(self, most: int, stuck_seconds: float) -> None:
        self._most = most
        self._stuck_seconds = stuck_seconds
        self._in_a_row = 0
        self._device: str | None = None
        self._started: float | None = None

    def started(self) -> None:
        """Record that a prediction starts."""
        self._started = time.monotonic()

    def succeeded(self) -> None:
        """Record that a prediction succeeded."""
        self._started = None
        self._in_a_row = 0

    def failed(self, problem: Exception) -> None:
        """Record that a prediction raised."""
        self._started = None
        self._in_a_row += 1
        if isinstance(problem, DeviceError):
            self._device = str(problem)
        print(f"error: a prediction failed: {problem}", file=sys.stderr, flush=True)

    def reason(self) -> str | None:
        """Why the service is unhealthy; None while it is healthy."""
        if self._device is not None:
            return f"the device failed: {self._device}"
        if self._in_a_row >= self._most:
            return f"{self._in_a_row} predictions in a row failed"
        if self._started is not None and time.monotonic() - self._started > self._stuck_seconds:
            return f"a prediction has been running for more than {self._stuck_seconds:g} s"
        return None
