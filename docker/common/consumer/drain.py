"""Stops a worker that cannot finish its task in time."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any


def start_drain(consumer: Any, seconds: float) -> None:
    """Return the task in progress to the queue and exit with 1 if this process still runs after `seconds`.

    Celery waits for the task without a limit, and Kubernetes sends SIGKILL first. Redis does not detect the closed connection and would
    redeliver the task only after its visibility timeout.
    """
    timer = threading.Timer(seconds, _give_back, (consumer, seconds))
    timer.daemon = True
    timer.start()


def _give_back(consumer: Any, seconds: float) -> None:
    # AMQP channels have no `qos`: the broker requeues unacknowledged messages when the connection closes.
    qos = getattr(consumer.task_consumer.channel, "qos", None)
    if qos is not None:
        qos.restore_unacked()
    problem = f"the task in progress did not finish within {seconds:g} s after SIGTERM, and returns to the queue"
    print(f"error: {problem}", file=sys.stderr, flush=True)
    os._exit(1)
