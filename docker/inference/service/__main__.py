"""`python -m service`: serves until SIGTERM, then drains and exits 0; exits 1 with one line when it cannot serve, or cut requests off."""

from __future__ import annotations

import os
import signal
import socket
import sys

import uvicorn

from service.app import create_app
from service.deadlines import Deadlines
from service.lifecycle import Lifecycle
from service.server import DrainingServer
from service.settings import SettingsError, parse_settings
from shared.model import Model

_KEEP_ALIVE_SECONDS = 620
"""How long an idle connection stays open.

Google's load balancer keeps connections to backends for 600 s. A backend that closes one first loses the request that is on its way.
https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries
"""


def main() -> int:
    """Serve with the process's environment; returns the exit status."""
    try:
        settings = parse_settings(os.environ)
        listener = socket.create_server(("0.0.0.0", settings.port), backlog=2048)
        # Accepted sockets inherit it; asyncio sets it itself only on sockets that were made by asyncio. Without it an answer's
        # second packet waits for the first one to be acknowledged, 40 ms on most clients.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (SettingsError, OSError) as problem:
        print(f"error: {problem}", file=sys.stderr, flush=True)
        return 1
    lifecycle = Lifecycle()
    deadlines = Deadlines(settings.request_seconds)

    def stop() -> None:
        server.handle_exit(signal.SIGTERM, None)

    config = uvicorn.Config(
        create_app(lambda: Model(settings.model, settings.device, settings.threads), settings, lifecycle, deadlines, stop),
        http="h11",
        ws="none",
        loop="asyncio",
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )
    server = DrainingServer(config, lifecycle, deadlines, settings.drain_seconds)
    print(f"listening on 0.0.0.0:{settings.port}, model {settings.model}, device {settings.device}", flush=True)
    server.run(sockets=[listener])
    if lifecycle.failure is not None:
        print(f"error: {lifecycle.failure}", file=sys.stderr, flush=True)
        return 1
    if deadlines.cut > 0:
        print(f"error: {deadlines.cut} requests were cut off {settings.drain_seconds} s after SIGTERM", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    # Python would wait for a running prediction, however long it takes. All output is flushed.
    os._exit(main())
