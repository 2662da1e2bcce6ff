"""Starts a process, reads its output, and ends it after a time limit."""

from __future__ import annotations

import os
import queue
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from accept.machine import CheckError


class Started:
    """A process in a new session. Its child processes end with it."""

    def __init__(self, name: str, command: Sequence[str | Path], folder: Path, variables: Mapping[str, str]) -> None:
        """Start the command in the folder, with `variables` added to the environment. Messages use `name`."""
        self.name = name
        self.lines: list[str] = []
        """What the process has printed, as far as it was read."""
        self._printed: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        """ID of the process."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def wait_for(self, pattern: str, seconds: float) -> re.Match[str]:
        """The next printed line that begins with the pattern. Raises CheckError after the time limit, or if the process ends."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._printed.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise CheckError(f"{self.name} did not print {pattern!r} within {seconds:g} s; {self.last}") from None
            if line is None:
                raise CheckError(f"{self.name} ended with status {self.finish(10)} before it printed {pattern!r}; {self.last}")
            self.lines.append(line)
            if match := re.match(pattern, line):
                return match

    def finish(self, seconds: float) -> int:
        """Exit status of the process, 128 + n after signal n. Raises CheckError if it does not end within the limit."""
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise CheckError(f"{self.name} did not end within {seconds:g} s; {self.last}") from None
        with suppress(queue.Empty):
            # A child process may still hold the pipe.
            while (line := self._printed.get(timeout=2)) is not None:
                self.lines.append(line)
        return status if status >= 0 else 128 - status

    def must_finish(self, expected: int, seconds: float) -> None:
        """Wait until the process ends. Raises CheckError if it has another exit status."""
        status = self.finish(seconds)
        if status != expected:
            raise CheckError(f"{self.name} ended with status {status}, not {expected}; {self.last}")

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, but not to its children."""
        self._process.send_signal(number)

    @property
    def last(self) -> str:
        """The last printed line, for a message."""
        while not self._printed.empty() and (line := self._printed.get()) is not None:
            self.lines.append(line)
        printed = [line for line in self.lines if line.strip()]
        return f"its last line: {printed[-1]}" if printed else "it printed nothing"

    def __enter__(self) -> Started:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._printed.put(line.rstrip("\n"))
        self._printed.put(None)


def output(name: str, command: Sequence[str | Path], folder: Path, variables: Mapping[str, str], seconds: float) -> str:
    """The last line that a command prints. Raises CheckError if it fails, or does not end within the limit."""
    with Started(name, command, folder, variables) as process:
        process.must_finish(0, seconds)
        return process.lines[-1] if process.lines else ""


def free_port() -> int:
    """A free port with a free next port: the processes of a run use both."""
    for port in range(20_000 + os.getpid() % 5_000, 32_000, 2):
        with suppress(OSError), socket.socket() as one, socket.socket() as other:
            one.bind(("", port))
            other.bind(("", port + 1))
            return port
    raise CheckError("no two free ports between 20000 and 32000")
