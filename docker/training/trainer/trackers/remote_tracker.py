"""Network trackers, each in a separate process, so that training never waits for a response."""

from __future__ import annotations

import logging
import multiprocessing
import queue
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from trainer.trackers.client import Client, End

STOP_SECONDS = 5.0
"""Time to send the last metrics after SIGTERM: a spot node disappears 15 seconds after the notice."""

END_SECONDS = 30.0
"""Time to send the last metrics at the end of a run."""

_MOST_KEPT = 10_000
"""Maximum number of metrics to queue for a tracker that does not respond. The oldest are dropped first."""

_LEAST_CLOSING_SECONDS = 2.0
"""Part of the closing time that is reserved for the final status of the run, even if metrics remain unsent."""

Item = tuple[int, Mapping[str, float]] | Path
"""A step and its metrics, or the file of the trained model."""


@dataclass(frozen=True)
class _Last:
    """The last message of a run."""

    end: End
    seconds: float
    """Time until the process is killed."""


class RemoteTracker:
    """A tracker that may be slow or down. It warns once, and the run continues."""

    def __init__(self, name: str, client: Callable[[], Client]) -> None:
        """Start the process. It calls `client`, so that importing the library does not delay the run."""
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
        # The pipe is closed if the library has ended the process.
        with suppress(BrokenPipeError):
            self._connection.send((step, dict(metrics)))

    def log_model(self, path: Path) -> None:
        """Pass on the path of the trained model, which is read later. Returns immediately."""
        with suppress(BrokenPipeError):
            self._connection.send(path)

    def close(self, end: End, seconds: float) -> None:
        """Wait until the last metrics are sent, at most `seconds`."""
        with suppress(BrokenPipeError):
            self._connection.send(_Last(end, seconds))
        self._connection.close()
        self._process.join(timeout=seconds)
        if self._process.is_alive():
            _warn(self._name, f"not everything was sent within {seconds:.0f} s")
            self._process.kill()
            self._process.join()


def _report(name: str, client: Callable[[], Client], connection: Connection) -> None:
    # Otherwise each retry of a request prints a warning.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    items: queue.SimpleQueue[Item | _Last] = queue.SimpleQueue()
    sender = _Sender(name, client)
    threading.Thread(target=_receive, args=(connection, items, sender), daemon=True).start()
    sender.send()
    last: _Last | None = None
    while last is None:
        last = _collect(items, sender.kept)
        sender.send()
    sender.close(last.end)


def _receive(connection: Connection, items: queue.SimpleQueue[Item | _Last], sender: _Sender) -> None:
    """Read the pipe continuously, so that writes of the run never block."""
    # A run that ends without a last message was killed, for example out of memory.
    last = _Last(End.FAILED, STOP_SECONDS)
    with suppress(EOFError, ConnectionResetError):
        while not isinstance(item := connection.recv(), _Last):
            items.put(item)
        last = item
    sender.until = time.monotonic() + last.seconds - _LEAST_CLOSING_SECONDS
    items.put(last)


def _collect(items: queue.SimpleQueue[Item | _Last], kept: list[Item]) -> _Last | None:
    """Wait for items and move all of them to `kept`. Returns the last message at the end of the run."""
    waiting = True
    while waiting or not items.empty():
        waiting = False
        item = items.get()
        if isinstance(item, _Last):
            return item
        kept.append(item)
    del kept[:-_MOST_KEPT]
    return None


class _Sender:
    """Sends queued metrics in order, and reports an outage once."""

    def __init__(self, name: str, client: Callable[[], Client]) -> None:
        self.kept: list[Item] = []
        self._name = name
        self._make = client
        self._client: Client | None = None
        self._opened = False
        self._failing = False
        self.until: float | None = None
        """Time of time.monotonic() after which nothing more is sent. Set when the run ends."""

    def send(self) -> None:
        try:
            self._client = self._client or self._make()
            if not self._opened:
                self._client.open()
                self._opened = True
            while self.kept and (self.until is None or time.monotonic() < self.until):
                item = self.kept[0]
                if isinstance(item, Path):
                    self._client.log_model(item)
                else:
                    self._client.record(*item)
                del self.kept[0]
        # Each library has its own exceptions, and none of them may stop training.
        except Exception as problem:
            if not self._failing:
                self._failing = True
                _warn(
                    self._name,
                    f"{_first_line(problem)}; training continues, and the metrics are sent when the tracker answers",
                )
            return
        if self._failing:
            self._failing = False
            print(f"tracker {self._name} answers again", flush=True)

    def close(self, end: End) -> None:
        if self._client is None or not self._opened:
            return
        if self.kept and not self._failing:
            _warn(self._name, f"{len(self.kept)} metrics were not sent in time")
        try:
            self._client.close(end)
        except Exception as problem:
            if not self._failing:
                _warn(self._name, _first_line(problem))


def _first_line(problem: Exception) -> str:
    line = (str(problem).strip() or type(problem).__name__).splitlines()[0]
    # The address of a tracker may contain its password.
    return re.sub(r"//[^/@\s]+@", "//", line)[:300]


def _warn(name: str, text: str) -> None:
    print(f"warning: tracker {name}: {text}", file=sys.stderr, flush=True)
