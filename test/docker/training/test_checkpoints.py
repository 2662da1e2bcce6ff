"""Checkpoints: whole, or passed over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trainer.checkpoints import Checkpoint, CheckpointStore, newest
from trainer.errors import UnrecoverableError
from trainer.network import initial_state


def _checkpoint(epoch: int) -> Checkpoint:
    return Checkpoint(epoch=epoch, step=epoch * 10, options={"seed": 1.0}, state=initial_state(4, epoch))


def test_round_trip(tmp_path: Path) -> None:
    CheckpointStore(tmp_path / "run", keep=3).save(_checkpoint(2))
    read = newest(tmp_path / "run")
    assert read is not None
    assert (read.epoch, read.step, read.options) == (2, 20, {"seed": 1.0})
    assert all(np.array_equal(read.state[name], array) for name, array in _checkpoint(2).state.items())


def test_none_yet(tmp_path: Path) -> None:
    assert newest(tmp_path / "run") is None
    CheckpointStore(tmp_path / "run", keep=3)
    assert newest(tmp_path / "run") is None


def test_keeps_the_newest(tmp_path: Path) -> None:
    store = CheckpointStore(tmp_path, keep=2)
    for epoch in range(1, 6):
        store.save(_checkpoint(epoch))
    assert [path.name[:12] for path in store.paths()] == ["epoch-000005", "epoch-000004"]
    assert store.written == 5


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "foreign"])
def test_passes_over_a_damaged_one(tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    store = CheckpointStore(tmp_path, keep=3)
    store.save(_checkpoint(1))
    path = store.save(_checkpoint(2))
    content = path.read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    path.write_bytes({"cut": content[:-1], "flip": flipped, "empty": b"", "foreign": b"checkpoint 9 ?\n" + content}[damage])
    whole = newest(tmp_path)
    assert whole is not None
    assert whole.epoch == 1
    assert "is not whole" in capsys.readouterr().out


def test_clears_interrupted_writes(tmp_path: Path) -> None:
    leftover = tmp_path / ".epoch-000001-step-00000010.ckpt.7.tmp"
    leftover.write_bytes(b"half")
    CheckpointStore(tmp_path, keep=3)
    assert not leftover.exists()


def test_refuses_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnrecoverableError, match="cannot be written"):
        CheckpointStore(tmp_path / "file" / "run", keep=3)
