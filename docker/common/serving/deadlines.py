"""The deadline of each request, and the common deadline of a shutdown."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Deadlines:
    """Cancels the wait of a request after a number of seconds, or earlier when the service stops."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._stop_at = math.inf
        self._open: set[asyncio.Timeout] = set()
        self.cut = 0
        """Requests that the shutdown cut off."""

    @asynccontextmanager
    async def limit(self) -> AsyncIterator[None]:
        """Raise TimeoutError in the block when its request reaches its deadline."""
        loop = asyncio.get_running_loop()
        timeout = asyncio.timeout_at(min(loop.time() + self._seconds, self._stop_at))
        self._open.add(timeout)
        try:
            async with timeout:
                yield
        except TimeoutError:
            self.cut += loop.time() >= self._stop_at
            raise
        finally:
            self._open.discard(timeout)

    def stop_at(self, when: float) -> None:
        """Cut off all requests at `when`, a time of the event loop's clock."""
        self._stop_at = when
        for timeout in self._open:
            due = timeout.when()
            if due is not None and due > when and not timeout.expired():
                timeout.reschedule(when)
