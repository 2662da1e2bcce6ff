"""Rendezvous of the processes of a run. Rank 0 listens, and the others connect, in any order and minutes apart.

There is no timeout here, because a new node can take ten minutes. The Job's activeDeadlineSeconds limits the wait.
"""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Callable
from contextlib import suppress

from trainer.errors import UnrecoverableError
from trainer.processes.group import POLL_SECONDS, Group, close, receive, send
from trainer.processes.place import Place

_HELLO_SECONDS = 5.0
"""Time to connect and to identify the peer."""

_SILENCE_MS = 60_000
"""How long a peer's machine can leave packets unanswered. The kernel answers, so a busy process does not count."""

_RANK_BYTES = 4
_WELCOME = b"\x01"


def join(place: Place, run_id: str, waiting: Callable[[], None]) -> Group:
    """The group of all processes of the run. Waits until all are connected.

    Calls `waiting` about every second; an exception from it ends the wait. Raises UnrecoverableError if rank 0 cannot listen.
    """
    if place.size == 1:
        return Group(place)
    # Not a secret. It rejects processes of another run, or of this run with another size.
    name = hashlib.sha256(f"{run_id} {place.size}".encode()).digest()
    peers = _gather(place, name, waiting) if place.leads else [_find(place, name, waiting)]
    print(f"run {run_id}: rank {place.rank} of {place.size}: all processes are connected", flush=True)
    return Group(place, peers, waiting)


def _gather(place: Place, name: bytes, waiting: Callable[[], None]) -> list[socket.socket]:
    peers: dict[int, socket.socket] = {}
    with _listener(place) as listener:
        listener.settimeout(POLL_SECONDS)
        while len(peers) < place.size - 1:
            print(f"rank 0: {len(peers) + 1} of {place.size} processes are connected", flush=True)
            peer = _accepted(listener, waiting)
            rank = _introduction(peer, name, place.size)
            if rank is None:
                close(peer)
                continue
            # A new connection of the same rank replaces the earlier one.
            if rank in peers:
                close(peers[rank])
            peers[rank] = peer
    for peer in peers.values():
        _prepare(peer)
        # The first message detects a peer that is gone by now.
        with suppress(OSError):
            send(peer, _WELCOME, waiting)
    return [peers[rank] for rank in sorted(peers)]


def _listener(place: Place) -> socket.socket:
    port = place.message_port
    try:
        return socket.create_server(("", port))
    except OSError as problem:
        raise UnrecoverableError(f"MASTER_PORT={place.port}: rank 0 cannot listen on the next port, {port}: {problem.strerror}") from None


def _accepted(listener: socket.socket, waiting: Callable[[], None]) -> socket.socket:
    while True:
        waiting()
        with suppress(TimeoutError):
            return listener.accept()[0]


def _introduction(peer: socket.socket, name: bytes, size: int) -> int | None:
    """The rank of a process of this run; None for other clients."""
    peer.settimeout(_HELLO_SECONDS)
    try:
        said = receive(peer, len(name) + _RANK_BYTES, _give_up)
    except OSError:
        return None
    rank = int.from_bytes(said[len(name) :])
    return rank if said[: len(name)] == name and 0 < rank < size else None


def _give_up() -> None:
    raise TimeoutError


def _find(place: Place, name: bytes, waiting: Callable[[], None]) -> socket.socket:
    at = f"rank 0 at {place.address}:{place.message_port}"
    said: set[str] = set()

    def say(line: str) -> None:
        if line not in said:
            print(f"rank {place.rank}: {line}", flush=True)
        said.add(line)

    while True:
        waiting()
        try:
            hub = socket.create_connection((place.address, place.message_port), timeout=_HELLO_SECONDS)
            hub.sendall(name + place.rank.to_bytes(_RANK_BYTES))
            _prepare(hub)
            say(f"connected to {at}, waiting for the others")
            # Rank 0 sends nothing until all are connected. If it closes the connection, it stopped or belongs to another run.
            receive(hub, len(_WELCOME), waiting)
        except OSError as problem:
            say(f"waiting for {at} ({problem})")
            time.sleep(POLL_SECONDS)
        else:
            return hub


def _prepare(peer: socket.socket) -> None:
    peer.settimeout(POLL_SECONDS)
    # Messages are small, and the receiver waits for them, so send them without delay.
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # A removed node does not close its connections. The kernel probes every ten seconds and gives up after a minute.
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 10)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _SILENCE_MS)
