"""The streams of the trainer's process."""

from __future__ import annotations

import io
import sys

import pytest

from trainer.__main__ import write_whole_lines


class Writes(io.RawIOBase):
    """A file that records each write separately."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[bytes] = []

    def writable(self) -> bool:
        """Whether it is writable."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Record the data."""
        self.all.append(bytes(data))
        return len(data)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_writes_each_line_at_once_if_python_is_unbuffered(monkeypatch: pytest.MonkeyPatch, stream: str) -> None:
    """Otherwise the lines of several processes would mix in the pod's log."""
    raw = Writes()
    # The mode of PYTHONUNBUFFERED: every part of a line is written immediately.
    monkeypatch.setattr(sys, stream, io.TextIOWrapper(raw, write_through=True))  # type: ignore[type-var]
    write_whole_lines()
    print("epoch", 3, file=getattr(sys, stream))
    assert raw.all == [b"epoch 3\n"]
