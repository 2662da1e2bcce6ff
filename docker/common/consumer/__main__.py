"""`python -m consumer`: takes tasks until SIGTERM, finishes the current one and exits 0. Exits 1 with one line if it cannot start."""

from __future__ import annotations

import os
import sys
from typing import Any

from celery import signals
from celery.worker import state

from consumer.app import create_app
from consumer.drain import start_drain
from consumer.health import READY_FILE
from consumer.settings import parse_settings
from serving.model.handler import HandlerError, find_handler
from serving.model.loaded import load_model
from serving.observe.traces import start_traces
from shared.cuda import DriverError
from shared.environment import SettingsError
from shared.errors import ModelError


def main() -> int:
    """Run the worker with the process's environment; returns the exit status."""
    try:
        settings = parse_settings(os.environ)
        # The handler and its libraries read these variables on import.
        os.environ["INFERENCE_THREADS"] = str(settings.threads)
        os.environ.setdefault("OMP_NUM_THREADS", str(settings.threads))
        traces = start_traces(os.environ, "worker")
        loaded = load_model(find_handler(settings.handler), settings.model_dir, settings.device, largest_batch=1)
    except (SettingsError, HandlerError, ModelError, DriverError) as problem:
        print(f"error: {problem}", file=sys.stderr, flush=True)
        return 1
    consumers: list[Any] = []

    def on_ready(sender: Any, **_: Any) -> None:
        consumers.append(sender)
        READY_FILE.write_text(str(os.getpid()))

    def on_stop(**_: Any) -> None:
        READY_FILE.unlink(missing_ok=True)
        for consumer in consumers:
            start_drain(consumer, settings.drain_seconds)

    signals.worker_ready.connect(on_ready, weak=False)
    signals.worker_shutting_down.connect(on_stop, weak=False)
    app = create_app(settings, loaded, traces)
    # Run one task at a time in this process: a forked child cannot use the CUDA context.
    # Gossip and mingle synchronize workers, which this worker does not need.
    app.worker_main(["worker", "--pool=solo", "--loglevel=INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"])
    if traces is not None:
        traces.close()
    return int(state.should_stop or 0)


if __name__ == "__main__":
    sys.exit(main())
