"""Checkpoints that are whole or not there: written aside, flushed, renamed, and checked when read."""

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
"""What is wrong with a folder now, and at the next attempt. A full disk may be emptied by then, and a permission may be granted."""


@dataclass(frozen=True)
class Checkpoint:
    """A place in a run to go on from."""

    epoch: int
    """Epochs that are complete."""
    step: int
    """Steps over the whole run, those of an incomplete epoch included."""
    options: Mapping[str, float]
    """The settings that the weights depend on; a run with others cannot go on from here."""
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
        """Write a checkpoint and drop those beyond the newest ones; returns its path."""
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
    """The newest whole checkpoint of a run's folder, which may be missing; torn or altered ones are reported and passed over.

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
    """Put a file in place so that a reader sees the old content or the new, also after a crash."""
    # Without the file's own name: TensorBoard takes every file with "tfevents" in its name for one of its own.
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
        # Cloud Storage FUSE has no directory to flush; the object is there once the rename returns.
        pass
    finally:
        os.close(directory)


def encode(checkpoint: Checkpoint) -> bytes:
    """A checkpoint as bytes that tell whether they are whole."""
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
    """The checkpoint that `encode` was given. Raises ValueError or KeyError for bytes that are not whole."""
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
