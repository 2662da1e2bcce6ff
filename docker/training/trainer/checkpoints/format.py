"""The file format of checkpoints: a NumPy archive, written and read array by array.

The archive has a CRC of each array, so reading detects damage. It is written sequentially, without seeks, so that Cloud Storage FUSE
can stream it to the bucket (https://cloud.google.com/storage/docs/cloud-storage-fuse/file-operations#writes).
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

State = Mapping[str, NDArray[Any]]
"""Arrays by name: the state that a later attempt resumes from."""

_ABOUT = "about"
_MAGIC = b"checkpoint 1 "
"""First bytes of a checkpoint in the earlier format, followed by the archive's SHA-256 and the archive."""


@dataclass(frozen=True)
class Checkpoint:
    """A point of a run to resume from."""

    epoch: int
    """Number of completed epochs."""
    step: int
    """Number of steps of the whole run, including those of an incomplete epoch."""
    options: Mapping[str, Any]
    """The settings that the weights depend on. A run with other settings cannot resume from the checkpoint."""
    state: State
    seconds: float = 0.0
    """Training time so far in seconds, over all attempts."""


class _Forward:
    """A write-only file without seek, so that zipfile does not seek back to fill in sizes."""

    def __init__(self, file: IO[bytes], check: Callable[[], None]) -> None:
        self._file = file
        self._check = check

    def read(self, _size: int = -1) -> bytes:
        """Never called. NumPy treats an object without `read` as a path."""
        raise io.UnsupportedOperation("read")

    def write(self, content: bytes) -> int:
        self._check()
        return self._file.write(content)

    def flush(self) -> None:
        self._file.flush()


def write_checkpoint(file: IO[bytes], checkpoint: Checkpoint, check: Callable[[], None] = lambda: None) -> None:
    """Write a checkpoint. Calls `check` before each part of at most 16 MiB; an exception from it ends the write.

    Raises ValueError for an array with the reserved name `about`, and for arrays of Python objects.
    """
    if _ABOUT in checkpoint.state:
        raise ValueError(f"a checkpoint cannot have an array named {_ABOUT}")
    about = {
        "epoch": checkpoint.epoch,
        "step": checkpoint.step,
        "options": dict(checkpoint.options),
        "seconds": checkpoint.seconds,
        # The archive's directory has no checksum, so the names reveal a missing array.
        "arrays": sorted(checkpoint.state),
    }
    arrays: dict[str, Any] = {_ABOUT: np.array(json.dumps(about)), **checkpoint.state}
    np.savez(_Forward(file, check), allow_pickle=False, **arrays)


def read_checkpoint(file: IO[bytes]) -> Checkpoint:
    """The checkpoint in a file. Raises ValueError or KeyError if it is damaged or truncated."""
    begin = file.read(len(_MAGIC))
    file.seek(0)
    if begin == _MAGIC:
        return _read_archive(_earlier(file.read()))
    return _read_archive(file)


def _earlier(content: bytes) -> IO[bytes]:
    header, _, body = content.partition(b"\n")
    if header[len(_MAGIC) :] != hashlib.sha256(body).hexdigest().encode():
        raise ValueError("its checksum does not match")
    return io.BytesIO(body)


def _read_archive(file: IO[bytes]) -> Checkpoint:
    try:
        archive = np.load(file, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise ValueError("not a checkpoint")  # noqa: TRY004 -- a damaged file, not a wrong argument
        with archive:
            about = json.loads(str(archive[_ABOUT]))
            state = {name: archive[name] for name in archive.files if name != _ABOUT}
        if sorted(state) != about.get("arrays", sorted(state)):
            raise ValueError("arrays are missing")
    except (BadZipFile, EOFError, NotImplementedError) as problem:
        raise ValueError(str(problem) or "it is truncated") from None
    return Checkpoint(about["epoch"], about["step"], about["options"], state, about.get("seconds", 0.0))


def decode(content: bytes) -> Checkpoint:
    """The checkpoint in the bytes of a file. Raises ValueError or KeyError if they are damaged."""
    return read_checkpoint(io.BytesIO(content))
