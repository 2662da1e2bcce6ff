"""Sums and broadcasts between processes, on connected sockets of one process."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import pytest

from trainer.errors import PeerLostError, StoppedError
from trainer.processes.group import Group
from trainer.processes.place import Place

Got = TypeVar("Got")


def _nothing() -> None:
    pass


def _stop() -> None:
    raise StoppedError


@pytest.fixture
def groups() -> Iterator[Callable[..., list[Group]]]:
    """Creates the connected groups of all ranks, and closes their sockets."""
    sockets: list[socket.socket] = []

    def connect(size: int, waiting: Callable[[], None] = _nothing) -> list[Group]:
        pairs = [socket.socketpair() for _ in range(size - 1)]
        sockets.extend(end for pair in pairs for end in pair)
        for end in sockets:
            end.settimeout(0.05)
        leader = Group(Place(0, size), [near for near, _ in pairs], waiting)
        return [leader, *(Group(Place(rank, size), [far], waiting) for rank, (_, far) in enumerate(pairs, 1))]

    yield connect
    for end in sockets:
        end.close()


def _each(given: list[Group], action: Callable[[Group], Got]) -> list[Got]:
    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(action, given))


def test_a_single_process_gets_its_own_values_back() -> None:
    with Group(Place()) as group:
        vector = np.arange(3, dtype=np.float32)
        assert group.total(vector) is vector
        assert group.broadcast(b"state") == b"state"
        assert np.array_equal(np.arange(5)[group.share], np.arange(5))


@pytest.mark.parametrize("size", [2, 3, 5])
def test_every_process_gets_the_same_sum_and_the_value_of_rank_0(groups: Callable[..., list[Group]], size: int) -> None:
    generator = np.random.default_rng(size)
    vectors = [generator.standard_normal(1000).astype(np.float32) for _ in range(size)]

    def work(group: Group) -> tuple[bytes, bytes]:
        total = group.total(vectors[group.place.rank])
        group.barrier()
        return total.tobytes(), group.broadcast(b"of %d" % group.place.rank)

    results = _each(groups(size), work)
    expected = vectors[0]
    for vector in vectors[1:]:
        expected = expected + vector
    assert results == [(expected.tobytes(), b"of 0")] * size


def test_the_shares_divide_a_batch(groups: Callable[..., list[Group]]) -> None:
    batch = np.arange(7)
    shares = [batch[group.share].tolist() for group in groups(3)]
    assert shares == [[0, 3, 6], [1, 4], [2, 5]]


def test_sends_more_than_a_socket_buffer_holds(groups: Callable[..., list[Group]]) -> None:
    vector = np.ones(2_000_000, dtype=np.float32)
    totals = _each(groups(2), lambda group: group.total(vector))
    assert all(np.array_equal(total, vector * 2) for total in totals)


def test_a_wait_ends_with_an_exception_of_waiting(groups: Callable[..., list[Group]]) -> None:
    waits = 0

    def waiting() -> None:
        nonlocal waits
        waits += 1
        if waits == 3:
            raise StoppedError

    leader, _ = groups(2, waiting)
    with pytest.raises(StoppedError):
        leader.barrier()
    assert waits == 3


def test_names_the_lost_peer(groups: Callable[..., list[Group]]) -> None:
    leader, first, second = groups(3)
    second.__exit__(None, None, None)
    first._send(0, np.zeros(1, dtype=np.float32).tobytes())
    with pytest.raises(PeerLostError, match="lost rank 2"):
        leader.barrier()
    leader.__exit__(None, None, None)
    with pytest.raises(PeerLostError, match="lost rank 0"):
        first.barrier()


def test_a_stopped_process_closes_its_connections(groups: Callable[..., list[Group]]) -> None:
    leader, first = groups(2, _stop)
    with pytest.raises(StoppedError), first:
        first.barrier()
    with pytest.raises(PeerLostError, match="lost rank 1"):
        leader.total(np.zeros(2, dtype=np.float32))
