"""Atomic file writes, on a disk and in a bucket."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def atomic_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that replaces `path` at the end of the block.

    A reader sees either the old or the new content, even after a crash. If the block raises, `path` is unchanged.
    """
    # The temporary name must not contain the file's name: TensorBoard reads every file with "tfevents" in its name.
    temporary = path.with_name(f".{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        # Rename after closing: Cloud Storage FUSE creates the object when the file is closed, not on fsync.
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    except OSError:
        # Cloud Storage FUSE has no directory to flush; the object exists once the rename returns.
        pass
    finally:
        os.close(directory)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file so that a reader sees either the old or the new content, even after a crash."""
    with atomic_file(path) as file:
        file.write(content)
