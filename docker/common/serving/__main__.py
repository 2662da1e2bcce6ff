"""`python -m serving`: serves until SIGTERM, drains and exits 0. Exits 1 with one line if it cannot serve, or if it cut off requests."""

from __future__ import annotations

import os
import signal

import uvicorn

from serving.deadlines import Deadlines
from serving.http.app import create_app
from serving.http.protocol import Http
from serving.http.server import DrainingServer, listen
from serving.lifecycle import Lifecycle
from serving.model.handler import find_handler
from serving.model.loaded import Loaded, load_model
from serving.observe.logs import log, start_logging
from serving.observe.traces import start_traces
from serving.settings import parse_settings
from shared.environment import SettingsError

_KEEP_ALIVE_SECONDS = 620
"""How long an idle connection stays open.

Google's load balancer keeps backend connections open for 600 s. A backend that closes one earlier loses the request in transit.
https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries
"""


def main() -> int:
    """Serve with the process's environment; returns the exit status."""
    try:
        settings = parse_settings(os.environ)
        start_logging(settings.log_format)
        traces = start_traces(os.environ, "inference")
        listener = listen(settings.port)
    except SettingsError as problem:
        start_logging("json" if os.environ.get("LOG_FORMAT") == "json" else "text")
        log.error("%s", problem)
        return 1
    except OSError as problem:
        log.error("port %s: %s", settings.port, problem)
        return 1
    lifecycle = Lifecycle()
    deadlines = Deadlines(settings.request_seconds)
    # The handler and its libraries read these variables on import.
    os.environ["INFERENCE_THREADS"] = str(settings.threads)
    os.environ.setdefault("OMP_NUM_THREADS", str(settings.threads))

    def load() -> Loaded:
        return load_model(find_handler(settings.handler), settings.model_dir, settings.device, settings.batch)

    def stop() -> None:
        server.handle_exit(signal.SIGTERM, None)

    config = uvicorn.Config(
        create_app(load, settings, lifecycle, deadlines, stop, traces),
        http=Http,
        ws="none",
        loop="asyncio",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )
    server = DrainingServer(config, lifecycle, deadlines, settings.drain_seconds)
    log.info(
        "listening on 0.0.0.0:%s, handler %s, model %s, device %s", settings.port, settings.handler, settings.model_dir, settings.device
    )
    server.run(sockets=[listener])
    if traces is not None:
        traces.close()
    if lifecycle.failure is not None:
        log.error("%s", lifecycle.failure)
        return 1
    if deadlines.cut > 0:
        log.error("%s requests were cut off %s s after SIGTERM", deadlines.cut, settings.drain_seconds)
        return 1
    return 0


if __name__ == "__main__":
    # A normal exit would wait for a running prediction without a limit. All output is flushed by now.
    os._exit(main())
