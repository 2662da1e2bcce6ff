"""The process group of a run, and its messages.

Every other rank has one connection, to rank 0. Messages are plain bytes of a length that both sides know, so nothing from the network
is deserialized. The connections are neither encrypted nor authenticated: the network must restrict access, as the NetworkPolicy of
runs does, which admits only pods of runs.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PeerLostError
from trainer.processes.place import Place

POLL_SECONDS = 1.0
"""Interval of calls to `waiting` during a wait for a peer."""

_LENGTH_BYTES = 8


class Group:
    """The process group, as seen by one process. A single process gets its own values back."""

    def __init__(self, place: Place, peers: Sequence[socket.socket] = (), waiting: Callable[[], None] = lambda: None) -> None:
        """`peers` are connected sockets: on rank 0 all other ranks in order, on other ranks only rank 0.

        `waiting` is called about every second during a wait for a peer; an exception from it ends the wait.
        """
        self.place = place
        self._peers = peers
        self._waiting = waiting

    def __enter__(self) -> Group:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        for peer in self._peers:
            close(peer)

    @property
    def share(self) -> slice:
        """Share of a batch that this process computes."""
        return slice(self.place.rank, None, self.place.size)

    def total(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sum of the vectors of all processes, which must have equal length. Every process gets the same bytes.

        Raises PeerLostError if a peer has stopped or disappeared. The peer may or may not have received this sum.
        """
        if not self.place.leads:
            self._send(0, vector.tobytes())
            return np.frombuffer(self._receive(0, vector.nbytes), dtype=np.float32)
        # Add in rank order, so that the result is reproducible.
        for index in range(len(self._peers)):
            vector = vector + np.frombuffer(self._receive(index, vector.nbytes), dtype=np.float32)
        content = vector.tobytes()
        for index in range(len(self._peers)):
            self._send(index, content)
        return vector

    def barrier(self) -> None:
        """Wait until every process arrives. Raises PeerLostError as `total` does."""
        self.total(np.zeros(1, dtype=np.float32))

    def broadcast(self, content: bytes) -> bytes:
        """The value of rank 0. Raises PeerLostError as `total` does."""
        if not self.place.leads:
            return bytes(self._receive(0, int.from_bytes(self._receive(0, _LENGTH_BYTES))))
        for index in range(len(self._peers)):
            self._send(index, len(content).to_bytes(_LENGTH_BYTES) + content)
        return content

    def _send(self, index: int, content: bytes) -> None:
        try:
            send(self._peers[index], content, self._waiting)
        except OSError as problem:
            raise self._lost(index, problem) from None

    def _receive(self, index: int, size: int) -> bytearray:
        try:
            return receive(self._peers[index], size, self._waiting)
        except OSError as problem:
            raise self._lost(index, problem) from None

    def _lost(self, index: int, problem: OSError) -> PeerLostError:
        return PeerLostError(f"lost rank {index + 1 if self.place.leads else 0} ({problem})")


def send(peer: socket.socket, content: bytes, waiting: Callable[[], None]) -> None:
    """Send the whole content. Raises OSError if the peer is gone, and exceptions of `waiting`."""
    rest = memoryview(content)
    while len(rest) > 0:
        rest = rest[_tried(peer.send, rest, waiting) :]


def receive(peer: socket.socket, size: int, waiting: Callable[[], None]) -> bytearray:
    """Receive exactly `size` bytes. Raises OSError if the peer is gone, and exceptions of `waiting`."""
    content = bytearray(size)
    rest = memoryview(content)
    while len(rest) > 0:
        count = _tried(peer.recv_into, rest, waiting)
        if count == 0:
            raise ConnectionError("it closed the connection")
        rest = rest[count:]
    return content


def close(peer: socket.socket) -> None:
    """Close the connection, even if the loader process inherited the socket."""
    # Fails if the peer closed first.
    with suppress(OSError):
        peer.shutdown(socket.SHUT_RDWR)
    peer.close()


def _tried(transfer: Callable[[memoryview], int], rest: memoryview, waiting: Callable[[], None]) -> int:
    while True:
        try:
            return transfer(rest)
        except TimeoutError as problem:
            # A timeout with an errno comes from the kernel: the peer's machine has not answered for a minute.
            if problem.errno is not None:
                raise
            waiting()
