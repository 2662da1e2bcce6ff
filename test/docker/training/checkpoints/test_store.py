"""The folder of checkpoints: complete ones, damaged ones that are skipped, and writes during training."""

from __future__ import annotations

import errno
import re
import threading
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest

from digits_training.network import initial_state
from support import PATIENCE_SECONDS
from trainer.checkpoints import store as store_module
from trainer.checkpoints.format import Checkpoint, write_checkpoint
from trainer.checkpoints.store import CheckpointStore, newest
from trainer.errors import UnrecoverableError


def _checkpoint(epoch: int) -> Checkpoint:
    return Checkpoint(epoch=epoch, step=epoch * 10, options={"seed": 1.0}, state=initial_state(4, epoch))


def test_round_trip(tmp_path: Path) -> None:
    path = CheckpointStore(tmp_path / "run", keep=3).save(_checkpoint(2), wait=True)
    assert path.name == "epoch-000002-step-00000020.ckpt"
    read = newest(tmp_path / "run")
    assert read is not None
    assert (read.epoch, read.step, read.options) == (2, 20, {"seed": 1.0})
    assert all(np.array_equal(read.state[name], array) for name, array in _checkpoint(2).state.items())


def test_a_new_run_has_no_checkpoint(tmp_path: Path) -> None:
    assert newest(tmp_path / "run") is None
    CheckpointStore(tmp_path / "run", keep=3)
    assert newest(tmp_path / "run") is None


def test_keeps_only_the_newest_checkpoints(tmp_path: Path) -> None:
    store = CheckpointStore(tmp_path, keep=2)
    for epoch in range(1, 6):
        store.save(_checkpoint(epoch), wait=True)
    assert [path.name[:12] for path in store.paths()] == ["epoch-000005", "epoch-000004"]
    assert store.written == 5


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "foreign"])
def test_skips_a_damaged_checkpoint(tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    store = CheckpointStore(tmp_path, keep=3)
    store.save(_checkpoint(1), wait=True)
    path = store.save(_checkpoint(2), wait=True)
    content = path.read_bytes()
    # In the middle of the first layer's weights.
    middle = content.index(initial_state(4, 2)["w1"].tobytes()) + 100
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    path.write_bytes({"cut": content[:-1], "flip": flipped, "empty": b"", "foreign": b"checkpoint 9 ?\n"}[damage])
    whole = newest(tmp_path)
    assert whole is not None
    assert whole.epoch == 1
    assert "is damaged" in capsys.readouterr().out


def test_deletes_files_of_interrupted_writes(tmp_path: Path) -> None:
    leftover = tmp_path / ".epoch-000001-step-00000010.ckpt.7.tmp"
    leftover.write_bytes(b"half")
    CheckpointStore(tmp_path, keep=3)
    assert not leftover.exists()


def test_refuses_a_folder_that_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnrecoverableError, match="cannot be written"):
        CheckpointStore(tmp_path / "file" / "run", keep=3)


class _Slow:
    """A writer that waits for a signal before each checkpoint."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)
        monkeypatch.setattr(store_module, "write_checkpoint", self._write)

    def _write(self, file: IO[bytes], checkpoint: Checkpoint, check: Any) -> None:
        self.begun.release()
        assert self.go_on.acquire(timeout=PATIENCE_SECONDS)
        check()
        write_checkpoint(file, checkpoint, check)


def test_training_continues_during_a_write_and_the_newest_checkpoint_is_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = _Slow(monkeypatch)
    store = CheckpointStore(tmp_path, keep=9)
    store.save(_checkpoint(1))
    assert slow.begun.acquire(timeout=PATIENCE_SECONDS)
    # None of these calls waits, and only the last checkpoint stays in memory.
    for epoch in (2, 3, 4):
        store.save(_checkpoint(epoch))
    assert store.paths() == []
    slow.go_on.release(2)
    store.flush()
    assert [path.name[:12] for path in store.paths()] == ["epoch-000004", "epoch-000001"]
    assert store.written == 2


def test_the_last_checkpoint_does_not_wait_for_an_older_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = _Slow(monkeypatch)
    store = CheckpointStore(tmp_path, keep=9)
    store.save(_checkpoint(1))
    assert slow.begun.acquire(timeout=PATIENCE_SECONDS)
    slow.go_on.release(2)
    store.save(_checkpoint(2), wait=True)
    assert store.paths()[0].name[:12] == "epoch-000002"
    assert list(tmp_path.glob(".*")) == []


def test_a_failed_write_is_raised_by_the_next_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store = CheckpointStore(tmp_path, keep=3)
    with monkeypatch.context() as patch:
        patch.setattr(store_module, "write_checkpoint", full)
        store.save(_checkpoint(1))
        with pytest.raises(OSError, match="No space left"):
            store.flush()
        with pytest.raises(OSError, match="No space left"):
            store.save(_checkpoint(2), wait=True)
    # Fails once. Later checkpoints are written.
    store.save(_checkpoint(3), wait=True)
    assert [path.name[:12] for path in store.paths()] == ["epoch-000003"]
    assert list(tmp_path.glob(".*")) == []


def test_warns_once_if_a_write_takes_longer_than_a_spot_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(store_module, "NOTICE_SECONDS", -1)
    store = CheckpointStore(tmp_path, keep=3)
    for epoch in (1, 2):
        store.save(_checkpoint(epoch), wait=True)
    assert (
        len(re.findall(r"^warning: a checkpoint takes \d+ s to write, and a spot node ends ", capsys.readouterr().out, re.MULTILINE)) == 1
    )
