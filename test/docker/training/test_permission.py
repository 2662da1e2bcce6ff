"""A request that is refused while a grant propagates is retried, and never ends a run for good."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest

from digits_training import data
from digits_training.loop import train
from digits_training.network import initial_state
from trainer import permission
from trainer.checkpoints.format import Checkpoint
from trainer.checkpoints.store import CheckpointStore, newest
from trainer.errors import RetryableError, StoppedError
from trainer.permission import when_permitted
from trainer.run import Run
from trainer.settings import parse_settings


class _Refusals:
    """Refuses this number of requests."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __call__(self) -> str:
        if self.left > 0:
            self.left -= 1
            raise PermissionError(errno.EACCES, "Permission denied")
        return "granted"


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permission, "_PAUSE_SECONDS", 0.01)


def test_waits_for_a_grant_and_prints_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    waits: list[int] = []
    assert when_permitted("checkpoints", _Refusals(3), lambda: waits.append(1)) == "granted"
    assert len(waits) == 3
    assert (
        capsys.readouterr().out == "checkpoints: Permission denied; retrying for 120 s, because a new grant takes minutes to take effect\n"
    )


def test_gives_up_after_a_time_limit_with_a_retryable_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permission, "GRANT_SECONDS", 0.1)
    with pytest.raises(
        RetryableError, match="checkpoints: Permission denied, after retries for 0 s: check the owner, or the grant on the bucket"
    ):
        when_permitted("checkpoints", _Refusals(1_000_000), lambda: None)


def test_a_stop_ends_the_wait() -> None:
    def stop() -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        when_permitted("checkpoints", _Refusals(1_000_000), stop)


@pytest.mark.parametrize("refused", ["mkdir", "open", "np.load"])
def test_a_whole_run_waits_for_its_folders(refused: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digits = data.load(None)
    images, labels = np.concatenate([digits.train_images, digits.test_images]), np.concatenate([digits.train_labels, digits.test_labels])
    np.savez(tmp_path / "digits.npz", images=images, labels=labels)
    environment = {"CHECKPOINT_DIR": str(tmp_path), "RUN_ID": "r", "DATA_DIR": str(tmp_path), "HEARTBEAT_FILE": str(tmp_path / "alive")}
    first = Run(parse_settings(["--epochs", "1", "--copies", "1"], environment), lambda: False)
    train(first)
    # Otherwise the second run may start before the checkpoint is written.
    first.checkpoint.flush()
    refusals = _Refusals(2)
    target = np if refused == "np.load" else Path
    name = refused.rpartition(".")[2]
    original = getattr(target, name)

    def refusing(*arguments: object, **options: object) -> object:
        refusals()
        return original(*arguments, **options)

    monkeypatch.setattr(target, name, refusing)
    result = train(Run(parse_settings(["--epochs", "2", "--copies", "1"], environment), lambda: False))
    assert result is not None
    assert (result["resumed_from_epoch"], refusals.left) == (1, 0)


def test_does_not_skip_a_checkpoint_that_is_temporarily_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = CheckpointStore(tmp_path, keep=3)
    for epoch in (1, 2):
        store.save(Checkpoint(epoch, epoch, {}, initial_state(4, 1)), wait=True)

    def failing(*_: object) -> object:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "open", failing)
    with pytest.raises(OSError, match="Input/output error"):
        newest(tmp_path)
