"""`python -m consumer`: takes tasks until SIGTERM, finishes the current one and exits 0; exits 1 with one line if it cannot work."""

from __future__ import annotations

import os
import sys
from typing import Any

from celery import signals

from consumer.app import create_app
from consumer.health import READY_FILE
from consumer.settings import SettingsError, parse_settings
from shared.cuda import DriverError
from shared.model import Model, ModelError


def main() -> int:
    """Work with the process's environment; returns the exit status."""
    try:
        settings = parse_settings(os.environ)
        model = Model(settings.model, settings.device, settings.threads)
    except (SettingsError, ModelError, DriverError) as problem:
        print(f"error: {problem}", file=sys.stderr, flush=True)
        return 1

    def on_ready(**_: Any) -> None:
        READY_FILE.write_text(str(os.getpid()))

    def on_stop(**_: Any) -> None:
        READY_FILE.unlink(missing_ok=True)

    signals.worker_ready.connect(on_ready, weak=False)
    signals.worker_shutting_down.connect(on_stop, weak=False)
    app = create_app(settings, model)
    # One task at a time in this process: a forked child could not use the CUDA context.
    # Gossip and mingle are for workers that talk to each other.
    app.worker_main(["worker", "--pool=solo", "--loglevel=INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
