"""Threads for the functions of a handler."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from serving.model.threads import Threads
from support import PATIENCE_SECONDS


def with_threads(number: int, do: Callable[[Threads], Awaitable[None]]) -> None:
    """Run a function with this number of threads."""

    async def run() -> None:
        await asyncio.wait_for(do(Threads(number, "test")), PATIENCE_SECONDS)

    asyncio.run(run())


def test_answers_every_call() -> None:
    async def do(threads: Threads) -> None:
        assert await asyncio.gather(*(threads.run(pow, n, 2) for n in range(5000))) == [n**2 for n in range(5000)]
        for n in range(200):
            assert await threads.run(pow, n, 2) == n**2

    with_threads(3, do)


def test_raises_the_exception_of_a_call_and_serves_the_next_call() -> None:
    def fail(problem: BaseException) -> None:
        raise problem

    async def do(threads: Threads) -> None:
        for problem in (ValueError("no"), KeyError("k"), GeneratorExit()):
            with pytest.raises(type(problem)):
                await threads.run(fail, problem)
        assert await threads.run(pow, 2, 3) == 8

    with_threads(1, do)


def test_runs_slow_calls_in_parallel_with_the_event_loop() -> None:
    async def do(threads: Threads) -> None:
        # Opens for four calls and the loop.
        together = threading.Barrier(5)
        calls = [threads.run(together.wait, PATIENCE_SECONDS) for _ in range(4)]
        while together.n_waiting < 4:
            await asyncio.sleep(0.01)
        together.wait(PATIENCE_SECONDS)
        await asyncio.gather(*calls)

    with_threads(4, do)


def test_one_thread_keeps_the_order() -> None:
    async def do(threads: Threads) -> None:
        seen: list[int] = []
        await asyncio.gather(*(threads.run(seen.append, n) for n in range(100)))
        assert seen == list(range(100))

    with_threads(1, do)


def test_skips_a_call_that_is_cancelled_before_it_starts() -> None:
    async def do(threads: Threads) -> None:
        seen: list[str] = []
        started, go = threading.Event(), threading.Event()

        def first() -> None:
            started.set()
            go.wait(PATIENCE_SECONDS)
            seen.append("first")

        running = threads.run(first)
        waiting = threads.run(seen.append, "second")
        while not started.is_set():
            await asyncio.sleep(0.01)
        waiting.cancel()
        running.cancel()
        go.set()
        await threads.run(seen.append, "third")
        assert seen == ["first", "third"]

    with_threads(1, do)
