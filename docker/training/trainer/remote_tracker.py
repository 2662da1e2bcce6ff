"""Network trackers, each in a separate process, so that training never waits for an answer."""

from __future__ import annotations

import logging
import multiprocessing
import queue
import re
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Protocol

STOP_SECONDS = 5.0
"""Time to send the last metrics after SIGTERM: a spot node disappears 15 seconds after the notice."""

END_SECONDS = 30.0
"""Time to send the last metrics at the end of a run."""

_MOST_KEPT = 10_000
"""Metrics that are kept for a tracker that does not answer; beyond that the oldest are dropped."""

Figures = tuple[int, Mapping[str, float]]
"""A step and its metrics."""


class Client(Protocol):
    """The library of one tracker. Every call may raise whatever the library raises."""

    def open(self) -> None:
        """Announce the run. Called again when it failed."""

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        """Send metrics."""

    def close(self) -> None:
        """Send queued metrics, and end the run."""


class RemoteTracker:
    """A tracker that may be slow or down: it warns once, and the run continues."""

    def __init__(self, name: str, client: Callable[[], Client]) -> None:
        """Start the process. `client` is called there, so that its import costs the run no time."""
        self._name = name
        context = multiprocessing.get_context("fork")
        other, self._connection = context.Pipe(duplex=False)

        def report() -> None:
            # The run decides when to stop, so this process does not inherit its signal handlers.
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            self._connection.close()
            _report(name, client, other)

        self._process = context.Process(target=report, name=name, daemon=True)
        self._process.start()
        other.close()

    def record(self, step: int, metrics: Mapping[str, float]) -> None:
        """Pass on metrics. Returns immediately."""
        # Closed when the library has ended the process.
        with suppress(BrokenPipeError):
            self._connection.send((step, dict(metrics)))

    def close(self, seconds: float) -> None:
        """Wait until the last metrics are sent, at most that long."""
        with suppress(BrokenPipeError):
            self._connection.send(None)
        self._connection.close()
        self._process.join(timeout=seconds)
        if self._process.is_alive():
            _warn(self._name, f"not everything was sent within {seconds:.0f} s")
            self._process.kill()
            self._process.join()


def _report(name: str, client: Callable[[], Client], connection: Connection) -> None:
    # Otherwise each retry of a request prints a warning.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    figures: queue.SimpleQueue[Figures | None] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, figures), daemon=True).start()
    sender = _Sender(name, client)
    going = True
    while going:
        going = _collect(figures, sender.kept)
        sender.send()
    sender.close()


def _receive(connection: Connection, figures: queue.SimpleQueue[Figures | None]) -> None:
    """Empty the pipe at all times, so that the run can always write to it."""
    item: Figures | None = None
    with suppress(EOFError, ConnectionResetError):
        while (item := connection.recv()) is not None:
            figures.put(item)
    figures.put(None)


def _collect(figures: queue.SimpleQueue[Figures | None], kept: list[Figures]) -> bool:
    """Wait for metrics and take all of them. False at the end of the run."""
    waiting = True
    while waiting or not figures.empty():
        waiting = False
        item = figures.get()
        if item is None:
            return False
        kept.append(item)
    del kept[:-_MOST_KEPT]
    return True


class _Sender:
    """Sends queued metrics in order, and reports a failure once."""

    def __init__(self, name: str, client: Callable[[], Client]) -> None:
        self.kept: list[Figures] = []
        self._name = name
        self._make = client
        self._client: Client | None = None
        self._opened = False
        self._failing = False
        self.send()

    def send(self) -> None:
        try:
            self._client = self._client or self._make()
            if not self._opened:
                self._client.open()
                self._opened = True
            while self.kept:
                self._client.record(*self.kept[0])
                del self.kept[0]
        # Each library has its own exceptions, and none of them is a reason to stop training.
        except Exception as problem:
            if not self._failing:
                self._failing = True
                _warn(
                    self._name,
                    f"{_first_line(problem)}; training goes on, and its figures are sent when it answers",
                )
            return
        if self._failing:
            self._failing = False
            print(f"tracker {self._name} answers again", flush=True)

    def close(self) -> None:
        if self._client is None or not self._opened:
            return
        try:
            self._client.close()
        except Exception as problem:
            if not self._failing:
                _warn(self._name, _first_line(problem))


def _first_line(problem: Exception) -> str:
    line = (str(problem).strip() or type(problem).__name__).splitlines()[0]
    # The address of a tracker may contain its password.
    return re.sub(r"//[^/@\s]+@", "//", line)[:300]


def _warn(name: str, text: str) -> None:
    print(f"warning: tracker {name}: {text}", file=sys.stderr, flush=True)
