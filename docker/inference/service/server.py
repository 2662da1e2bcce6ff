"""uvicorn with a shutdown that loses no request that the kernel had accepted."""

from __future__ import annotations

import asyncio
import ctypes
import signal
import socket
import struct
from contextlib import suppress
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.app import Lifecycle

_HANDSHAKE_SECONDS = 0.2
"""Time for connections that are being opened to be opened; more than a round trip in a data centre."""

_QUIET_SECONDS = 0.5
"""How long a connection that has been answered may still send something."""

_FIRST_REQUEST_SECONDS = 5.0
"""How long a connection that has not sent anything may take to do so; on a machine short of processors more than two were seen."""

_POLL_SECONDS = 0.02

# A classic BPF program for packets that reach a listening socket, which start with their TCP header: drop those with SYN and without ACK.
_REFUSE_SYN = (
    (0x30, 0, 0, 13),  # load the byte with the flags
    (0x54, 0, 0, 0x12),  # keep SYN and ACK
    (0x15, 0, 1, 0x02),  # only SYN: the next instruction, otherwise the one after it
    (0x06, 0, 0, 0),  # drop
    (0x06, 0, 0, 0xFFFFFFFF),  # pass
)
_SO_ATTACH_FILTER = 26  # asm-generic/socket.h; Python has no name for it


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
        """Take no new connections, let those that are open finish, then shut down as uvicorn does."""
        if sockets:
            for listener in sockets:
                _refuse_new(listener)
            await asyncio.sleep(_HANDSHAKE_SECONDS)
            for listener in sockets:
                await self._take_queued(listener)
        await self._wait_until_quiet()
        await super().shutdown(sockets)

    async def _take_queued(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        # The copy keeps the queue alive while asyncio lets go of the socket.
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
        """Wait until every connection is closed, or those that are left have sent nothing for long enough."""
        loop = asyncio.get_running_loop()
        answered = self.server_state.total_requests
        quiet_since = loop.time()
        deadline = loop.time() + float(self.config.timeout_graceful_shutdown or 0)
        while self.server_state.connections and loop.time() < deadline and not self.force_exit:
            if self.server_state.tasks or self.server_state.total_requests != answered:
                answered = self.server_state.total_requests
                quiet_since = loop.time()
            else:
                fresh = any(getattr(connection, "cycle", None) is None for connection in self.server_state.connections)
                if loop.time() - quiet_since > (_FIRST_REQUEST_SECONDS if fresh else _QUIET_SECONDS):
                    return
            await asyncio.sleep(_POLL_SECONDS)


def _refuse_new(listener: socket.socket) -> None:
    """Open no further connections on a socket, and complete those that are being opened.

    Between a server's last accept and its close, the kernel may complete another connection, which it then resets. Without
    first packets there is none. A client whose first packet is dropped sends it again a second later, and is then refused.
    """
    # Kernels without such filters (gVisor) keep that short moment.
    with suppress(OSError):
        program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *instruction) for instruction in _REFUSE_SYN))
        descriptor = struct.pack("HP", len(_REFUSE_SYN), ctypes.addressof(program))
        listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, descriptor)


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
