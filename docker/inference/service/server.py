"""uvicorn with a shutdown that loses no request that the kernel had accepted."""

from __future__ import annotations

import asyncio
import signal
import socket
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.app import Lifecycle

_QUIET_SECONDS = 0.5
_POLL_SECONDS = 0.02


class DrainingServer(uvicorn.Server):
    """Serves until SIGTERM, then answers what has already been sent to it, and ends.

    uvicorn alone closes the listening socket with connections in its queue, and connections whose request it has not
    read yet: both are requests that a client has sent and never hears of.
    """

    def __init__(self, config: uvicorn.Config, lifecycle: Lifecycle) -> None:
        super().__init__(config)
        self._lifecycle = lifecycle

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Start draining on SIGTERM or SIGINT."""
        self._lifecycle.draining = True
        super().handle_exit(sig, frame)
        # Ending by the signal itself is for shells; a container that was asked to stop and did has succeeded.
        if sig == signal.SIGTERM:
            self._captured_signals.clear()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take in what waits in the queue, let connections finish, then shut down as uvicorn does."""
        for listener in sockets or []:
            await self._take_queued(listener)
        await self._wait_until_quiet()
        await super().shutdown(sockets)

    async def _take_queued(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        # The copy keeps the queue alive while asyncio lets go of the socket; nothing is awaited between the last accept and the close.
        queue = listener.dup()
        queue.setblocking(False)
        for server in self.servers:
            server.close()
        listener.close()
        accepted: list[socket.socket] = []
        while True:
            try:
                accepted.append(queue.accept()[0])
            except BlockingIOError:
                break
        queue.close()
        for connection in accepted:
            connection.setblocking(False)
            await loop.connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    async def _wait_until_quiet(self) -> None:
        """Wait until every connection is closed, or those that are left have sent nothing for a while."""
        loop = asyncio.get_running_loop()
        answered = self.server_state.total_requests
        quiet_since = loop.time()
        deadline = loop.time() + float(self.config.timeout_graceful_shutdown or 0)
        while self.server_state.connections and loop.time() < deadline and not self.force_exit:
            if self.server_state.tasks or self.server_state.total_requests != answered:
                answered = self.server_state.total_requests
                quiet_since = loop.time()
            elif loop.time() - quiet_since > _QUIET_SECONDS:
                return
            await asyncio.sleep(_POLL_SECONDS)


class CloseWhenDraining:
    """Tells clients to close their connection with each answer while the service drains."""

    def __init__(self, app: ASGIApp, lifecycle: Lifecycle) -> None:
        self._app = app
        self._lifecycle = lifecycle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on; see the class."""

        async def send_closing(message: Message) -> None:
            if message["type"] == "http.response.start" and self._lifecycle.draining:
                message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        await self._app(scope, receive, send_closing)
