"""A loader process that prepares whole epochs in /dev/shm ahead of the training process.

Like other data loaders with worker processes, it needs more shared memory than the 64 MB that container runtimes
provide by default.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

import numpy as np

from digits_training.data import PIXELS, Images, Labels, augment
from trainer.errors import UnrecoverableError

SHARED_MEMORY = Path("/dev/shm")

_POLL_SECONDS = 0.2


def shared_memory_size(directory: Path = SHARED_MEMORY) -> int:
    """Size in bytes of the file system at /dev/shm."""
    state = os.statvfs(directory)
    return state.f_frsize * state.f_blocks


class EpochLoader:
    """Epochs of augmented images. A second process writes them to a ring of slots in shared memory.

    The n-th epoch depends only on the seed, not on where a run resumes.
    """

    def __init__(
        self,
        images: Images,
        labels: Labels,
        *,
        seed: int,
        copies: int,
        first_epoch: int,
        last_epoch: int,
        slots: int,
        minimum: int = 0,
        directory: Path = SHARED_MEMORY,
    ) -> None:
        """Reserve the ring and start the process.

        Raises UnrecoverableError when the shared memory is smaller than `minimum` bytes or than the ring.
        """
        self._count = len(images) * copies
        # Whole pages, so that each slot is aligned.
        self._slot = -(-self._count * (PIXELS * 4 + 1) // mmap.PAGESIZE) * mmap.PAGESIZE
        self.size = self._slot * slots
        """Bytes of shared memory in use."""
        self._buffer = _reserve(directory, self.size, minimum)
        self._epochs = range(first_epoch, last_epoch + 1)
        context = multiprocessing.get_context("fork")
        self._connection, other = context.Pipe()

        def produce() -> None:
            # The parent decides when to stop: it writes a checkpoint first, and this process ends when the pipe closes.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            self._connection.close()
            self._produce(other, images, labels, seed, copies)

        self._process = context.Process(target=produce, name="loader", daemon=True)
        self._process.start()
        other.close()
        for slot in range(slots):
            self._connection.send(slot)

    def __enter__(self) -> EpochLoader:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def epochs(self, waiting: Callable[[], None]) -> Iterator[tuple[int, Images, Labels]]:
        """Each epoch's number, images and labels. The arrays are views into the ring, valid until the next epoch is requested.

        Calls `waiting` while waiting for the next epoch; an exception from it ends the wait. Raises RuntimeError if the
        loader process has died, for example out of memory.
        """
        for epoch in self._epochs:
            while not self._connection.poll(_POLL_SECONDS):
                waiting()
            try:
                slot = self._connection.recv()
            except (EOFError, ConnectionResetError):
                self._process.join(timeout=1)
                raise RuntimeError(f"the loader process ended with status {self._process.exitcode}") from None
            images, labels = self._views(slot)
            yield epoch, images, labels
            # The pipe is closed after the loader's last epoch.
            with suppress(BrokenPipeError):
                self._connection.send(slot)

    def _produce(self, connection: Connection, images: Images, labels: Labels, seed: int, copies: int) -> None:
        try:
            for epoch in self._epochs:
                slot = connection.recv()
                generator = np.random.default_rng((seed, epoch))
                slot_images, slot_labels = self._views(slot)
                slot_images[:], slot_labels[:] = augment(images, labels, copies, generator)
                connection.send(slot)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return

    def _views(self, slot: int) -> tuple[Images, Labels]:
        start = slot * self._slot
        pixels = self._count * PIXELS
        images = np.frombuffer(self._buffer, dtype=np.float32, count=pixels, offset=start)
        labels = np.frombuffer(self._buffer, dtype=np.uint8, count=self._count, offset=start + pixels * 4)
        return images.reshape(self._count, PIXELS), labels


def _reserve(directory: Path, size: int, minimum: int) -> mmap.mmap:
    total = shared_memory_size(directory)
    if total < minimum:
        raise UnrecoverableError(f"{directory} has {_mib(total)}, less than the required {_mib(minimum)}: {_REMEDY}")
    # The file has no name, so nothing remains after the run, even after a crash. Allocate all of it now: otherwise a full
    # /dev/shm would kill the process with SIGBUS at the first write that does not fit.
    with tempfile.TemporaryFile(dir=directory) as file:
        try:
            os.posix_fallocate(file.fileno(), 0, size)
        except OSError as problem:
            raise UnrecoverableError(
                f"{directory} has {_mib(total)}, but the loader needs {_mib(size)} ({problem.strerror}): {_REMEDY}"
            ) from None
        return mmap.mmap(file.fileno(), size)


_REMEDY = "run with --shm-size 8g, or mount an emptyDir with medium Memory and sizeLimit 8Gi there"


def _mib(size: int) -> str:
    return f"{size / (1 << 20):.0f} MiB"
