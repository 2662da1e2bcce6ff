"""Atomic checkpoints: written to a temporary file, flushed, renamed, and verified when read."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trainer.errors import UnrecoverableError
from trainer.network import State

_NAME = re.compile(r"epoch-(\d{6})-step-(\d{8})\.ckpt")
_MAGIC = b"checkpoint 1 "

_LASTING = (errno.EEXIST, errno.ENOENT, errno.ENOTDIR, errno.EROFS)
"""Errors of a folder that a retry does not fix. A full disk may be freed by then, and a permission granted."""


@dataclass(frozen=True)
class Checkpoint:
    """A point of a run to resume from."""

    epoch: int
    """Complete epochs."""
    step: int
    """Steps of the whole run, including those of an incomplete epoch."""
    options: Mapping[str, float]
    """The settings that the weights depend on; a run with other settings cannot resume from it."""
    state: State
    seconds: float = 0.0
    """Time trained so far, over all attempts."""


class CheckpointStore:
    """The checkpoints of one run, in one folder."""

    def __init__(self, directory: Path, keep: int) -> None:
        """Make the folder, and clear what an interrupted write left in it.

        Raises UnrecoverableError when the folder can never be written, and PermissionError when it may not be written now.
        """
        self.directory = directory
        self._keep = keep
        self.written = 0
        """Checkpoints written by this process."""
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

    def save(self, checkpoint: Checkpoint) -> Path:
        """Write a checkpoint and delete old ones; returns its path."""
        path = self.directory / f"epoch-{checkpoint.epoch:06d}-step-{checkpoint.step:08d}.ckpt"
        write_atomically(path, encode(checkpoint))
        self.written += 1
        for old in self.paths()[self._keep :]:
            old.unlink(missing_ok=True)
        return path

    def paths(self) -> list[Path]:
        """Checkpoint files, newest first."""
        return _paths(self.directory)


def newest(directory: Path) -> Checkpoint | None:
    """The newest undamaged checkpoint in a run's folder, which may be missing; damaged ones are reported and skipped.

    Raises OSError for one that cannot be read now: a run that passed over it would train again what was trained.
    """
    for path in _paths(directory):
        try:
            return decode(path.read_bytes())
        except (ValueError, KeyError, FileNotFoundError) as problem:
            print(
                f"checkpoint {path.name} is not whole ({problem}); trying the one before",
                flush=True,
            )
    return None


def _paths(directory: Path) -> list[Path]:
    if not directory.is_dir():
        return []
    return sorted(
        (path for path in directory.iterdir() if _NAME.fullmatch(path.name)),
        reverse=True,
    )


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file so that a reader sees either the old or the new content, even after a crash."""
    # Not derived from the file's name: TensorBoard reads every file with "tfevents" in its name.
    temporary = path.with_name(f".{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    except OSError:
        # Cloud Storage FUSE has no directory to flush; the object exists once the rename returns.
        pass
    finally:
        os.close(directory)


def encode(checkpoint: Checkpoint) -> bytes:
    """A checkpoint as bytes with a checksum."""
    payload = io.BytesIO()
    about = {
        "epoch": checkpoint.epoch,
        "step": checkpoint.step,
        "options": dict(checkpoint.options),
        "seconds": checkpoint.seconds,
    }
    np.savez(
        payload,
        allow_pickle=False,
        about=np.array(json.dumps(about)),
        **checkpoint.state,
    )
    body = payload.getvalue()
    return _MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def decode(content: bytes) -> Checkpoint:
    """The checkpoint in bytes from `encode`. Raises ValueError or KeyError for damaged bytes."""
    header, _, body = content.partition(b"\n")
    if not header.startswith(_MAGIC):
        raise ValueError("not a checkpoint")
    if header[len(_MAGIC) :] != hashlib.sha256(body).hexdigest().encode():
        raise ValueError("its checksum does not match")
    with np.load(io.BytesIO(body), allow_pickle=False) as archive:
        about = json.loads(str(archive["about"]))
        state = {name: archive[name] for name in archive.files if name != "about"}
    return Checkpoint(
        about["epoch"],
        about["step"],
        about["options"],
        state,
        about.get("seconds", 0.0),
    )
