"""uvicorn with one deadline for the whole shutdown after SIGTERM."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from types import FrameType

import uvicorn

from serving.deadlines import Deadlines
from serving.lifecycle import Lifecycle

_LINGER_SECONDS = 1.0
"""How long open connections still accept requests. Responses then have `Connection: close`."""

_WRITE_SECONDS = 0.5
"""Time to send the last responses, after the deadline of the requests."""


def listen(port: int) -> socket.socket:
    """Listen on all addresses. Raises OSError if the port is in use."""
    listener = socket.create_server(("0.0.0.0", port), backlog=2048)
    # Accepted sockets inherit the option; asyncio sets it only on sockets that it creates. Without it, the second packet of a response
    # waits for the acknowledgement of the first, 40 ms with most clients.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class DrainingServer(uvicorn.Server):
    """Serves until SIGTERM, then answers accepted requests for at most `drain_seconds`, and exits.

    New connections are refused shortly after SIGTERM. On Kubernetes, a `preStop` delay holds the signal back until traffic stops:
    https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
    """

    def __init__(self, config: uvicorn.Config, lifecycle: Lifecycle, deadlines: Deadlines, drain_seconds: float) -> None:
        super().__init__(config)
        self._lifecycle = lifecycle
        self._deadlines = deadlines
        self._drain_seconds = drain_seconds
        self._stop_at = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Start draining on SIGTERM or SIGINT."""
        if not self._lifecycle.draining:
            self._stop_at = time.monotonic() + self._drain_seconds
        self._lifecycle.draining = True
        super().handle_exit(sig, frame)
        # Exit normally instead of by the signal, so that a requested stop counts as success.
        if sig == signal.SIGTERM:
            self._captured_signals.clear()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer open requests with `Connection: close`, then shut down as uvicorn does, all before the deadline."""
        self._deadlines.stop_at(self._stop_at)
        self.server_state.default_headers = [*self.server_state.default_headers, (b"connection", b"close")]
        linger_until = min(time.monotonic() + _LINGER_SECONDS, self._stop_at)
        while self.server_state.connections and time.monotonic() < linger_until and not self.force_exit:
            await asyncio.sleep(0.02)
        left = max(0.0, self._stop_at - time.monotonic()) + _WRITE_SECONDS
        self.config.timeout_graceful_shutdown = left  # type: ignore[assignment]
        await super().shutdown(sockets)
