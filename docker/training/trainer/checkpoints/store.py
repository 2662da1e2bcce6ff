"""The folder of a run's checkpoints."""

from __future__ import annotations

import errno
import os
import re
import threading
import time
from contextlib import suppress
from pathlib import Path

from trainer.checkpoints.format import Checkpoint, read_checkpoint, write_checkpoint
from trainer.errors import UnrecoverableError
from trainer.files import atomic_file

NOTICE_SECONDS = 15
"""Seconds between the preemption notice of a spot node and its end."""

_NAME = re.compile(r"epoch-(\d{6})-step-(\d{8})\.ckpt")

_LASTING = (errno.EEXIST, errno.ENOENT, errno.ENOTDIR, errno.EROFS)
"""Errors of a folder that a retry does not fix, unlike a full disk or a missing permission."""


class _OvertakenError(Exception):
    """A later checkpoint must be written immediately."""


class CheckpointStore:
    """Writes checkpoints in a separate thread while training continues: one at a time, then the newest one saved meanwhile."""

    def __init__(self, directory: Path, keep: int) -> None:
        """Create the folder, and delete the temporary files of interrupted writes.

        Raises UnrecoverableError if the folder can never be written, and PermissionError if the permission is missing.
        """
        self.directory = directory
        self._keep = keep
        self.written = 0
        """Number of checkpoints written by this process."""
        self._lock = threading.Condition()
        self._next: Checkpoint | None = None
        self._writing = False
        self._hurry = False
        self._problem: Exception | None = None
        self._slow = False
        try:
            directory.mkdir(parents=True, exist_ok=True)
            for leftover in directory.glob(".*.tmp"):
                leftover.unlink(missing_ok=True)
            probe = directory / f".probe-{os.getpid()}.tmp"
            probe.touch()
            probe.unlink()
        except OSError as problem:
            if problem.errno in _LASTING:
                raise UnrecoverableError(f"checkpoints cannot be written to {directory}: {problem.strerror}") from None
            raise

    def save(self, checkpoint: Checkpoint, *, wait: bool = False) -> Path:
        """Write a checkpoint in the background and delete old ones; returns its path.

        The arrays are not copied, so they must not change afterwards. With `wait`, an older write in progress is abandoned, and the
        checkpoint is on disk on return. Raises the exception of an earlier write.
        """
        with self._lock:
            self._raise()
            self._next = checkpoint
            self._hurry = wait
            if not self._writing:
                self._writing = True
                threading.Thread(target=self._write_all, name="checkpoints", daemon=True).start()
        if wait:
            self.flush()
        return self._path(checkpoint)

    def flush(self) -> None:
        """Wait until all checkpoints are on disk. Raises the exception of a failed write."""
        with self._lock:
            # Wait in short steps, so that Python can handle signals in between.
            while self._writing:
                self._lock.wait(0.2)
            self._raise()

    def paths(self) -> list[Path]:
        """Checkpoint files, newest first."""
        return _paths(self.directory)

    def _path(self, checkpoint: Checkpoint) -> Path:
        return self.directory / f"epoch-{checkpoint.epoch:06d}-step-{checkpoint.step:08d}.ckpt"

    def _raise(self) -> None:
        problem, self._problem = self._problem, None
        if problem is not None:
            raise problem

    def _write_all(self) -> None:
        while True:
            with self._lock:
                checkpoint, self._next = self._next, None
                if checkpoint is None:
                    self._writing = False
                    self._lock.notify_all()
                    return
            try:
                with suppress(_OvertakenError):
                    self._write(checkpoint)
            # Raised again in the next `save` or `flush`.
            except Exception as problem:
                with self._lock:
                    self._problem = problem

    def _write(self, checkpoint: Checkpoint) -> None:
        begun = time.monotonic()
        with atomic_file(self._path(checkpoint)) as file:
            write_checkpoint(file, checkpoint, self._check)
        self.written += 1
        for old in self.paths()[self._keep :]:
            old.unlink(missing_ok=True)
        seconds = time.monotonic() - begun
        if seconds > NOTICE_SECONDS and not self._slow:
            self._slow = True
            print(
                f"warning: a checkpoint takes {seconds:.0f} s to write, and a spot node ends {NOTICE_SECONDS} s after its notice: "
                "a preemption then loses the progress since the previous checkpoint",
                flush=True,
            )

    def _check(self) -> None:
        if self._hurry and self._next is not None:
            raise _OvertakenError


def newest_path(directory: Path) -> tuple[Path, Checkpoint] | None:
    """The newest valid checkpoint in a run's folder. None if it has none or is missing. Damaged checkpoints are reported and skipped.

    Raises OSError for a checkpoint that cannot be read now: skipping it would repeat completed training.
    """
    for path in _paths(directory):
        try:
            with path.open("rb") as file:
                return path, read_checkpoint(file)
        except (ValueError, KeyError, FileNotFoundError) as problem:
            print(f"checkpoint {path.name} is damaged ({problem}); trying the previous one", flush=True)
    return None


def newest(directory: Path) -> Checkpoint | None:
    """The checkpoint of `newest_path`."""
    found = newest_path(directory)
    return None if found is None else found[1]


def _paths(directory: Path) -> list[Path]:
    if not directory.is_dir():
        return []
    return sorted((path for path in directory.iterdir() if _NAME.fullmatch(path.name)), reverse=True)
