"""The checkpoints of a run. Rank 0 writes them, and every process loads the same one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trainer.checkpoints.format import Checkpoint, State, decode
from trainer.checkpoints.store import CheckpointStore, newest, newest_path
from trainer.errors import UnrecoverableError
from trainer.permission import when_permitted
from trainer.processes.group import Group
from trainer.settings import Settings


class RunCheckpoints:
    """Loads and saves the checkpoints of one run."""

    def __init__(self, directory: Path, settings: Settings, waiting: Callable[[], None], join: Callable[[], Group]) -> None:
        """`waiting` is called about every second while waiting for a permission. `join` returns the process group of the run."""
        self._directory = directory
        self._settings = settings
        self._waiting = waiting
        self._join = join
        self._store: CheckpointStore | None = None
        self._options: Mapping[str, Any] = {}
        self._begun = time.monotonic()

    @property
    def written(self) -> int:
        """Number of checkpoints written by this process."""
        return 0 if self._store is None else self._store.written

    @property
    def seconds(self) -> float:
        """Training time so far in seconds, over all attempts. This attempt's time counts from `load`."""
        return time.monotonic() - self._begun

    def open(self, options: Mapping[str, Any]) -> None:
        """Create the folder. Raises UnrecoverableError if it can never be written, RetryableError if the permission is missing."""
        self._options = options
        if self._settings.place.leads:
            self._store = when_permitted("checkpoints", lambda: CheckpointStore(self._directory, self._settings.keep), self._waiting)

    def newest(self) -> Checkpoint | None:
        """The newest checkpoint that this process sees. None if the run is new.

        Raises UnrecoverableError if it was written with other options.
        """
        kept = when_permitted("checkpoints", lambda: newest(self._directory), self._waiting)
        if kept is not None:
            self._check_same_run(kept)
        return kept

    def load(self) -> Checkpoint | None:
        """The newest checkpoint of rank 0, for every process. None if the run is new. Waits for all processes.

        Raises UnrecoverableError if it was written with other options.
        """
        self._opened()
        group = self._join()
        kept = self.newest() if group.place.size == 1 else self._agreed(group)
        self._begun = time.monotonic() - (0.0 if kept is None else kept.seconds)
        if kept is not None:
            print(f"run {self._settings.run_id}: resuming after epoch {kept.epoch}, step {kept.step}", flush=True)
        return kept

    def save(self, state: State, *, epoch: int, step: int, wait: bool = False) -> Path | None:
        """Write a checkpoint after `epoch` completed epochs and `step` steps of the whole run, in the background.

        The arrays are not copied, so they must not change afterwards. With `wait`, the checkpoint is on disk on return. Returns its
        path. Does nothing on processes other than rank 0. Raises OSError if an earlier checkpoint could not be written.
        """
        store = self._opened()
        return None if store is None else store.save(Checkpoint(epoch, step, self._options, state, self.seconds), wait=wait)

    def flush(self) -> None:
        """Wait until all checkpoints are on disk. Raises OSError if one could not be written."""
        if self._store is not None:
            self._store.flush()

    def _opened(self) -> CheckpointStore | None:
        if self._settings.place.leads and self._store is None:
            raise RuntimeError("the loop must call run.begin(options) before it uses checkpoints")
        return self._store

    def _agreed(self, group: Group) -> Checkpoint | None:
        """Rank 0's checkpoint, sent as bytes, because another process may see an older state of the bucket."""
        if not group.place.leads:
            content = group.broadcast(b"")
            return decode(content) if content else None
        found = when_permitted("checkpoints", lambda: newest_path(self._directory), self._waiting)
        if found is None:
            group.broadcast(b"")
            return None
        self._check_same_run(found[1])
        group.broadcast(found[0].read_bytes())
        return found[1]

    def _check_same_run(self, checkpoint: Checkpoint) -> None:
        for name, value in self._options.items():
            if checkpoint.options.get(name) != value:
                flag = name.replace("_", "-")
                raise UnrecoverableError(
                    f"run {self._settings.run_id} was started with --{flag} {checkpoint.options.get(name)}, not {value}: "
                    "give a new RUN_ID to change it"
                )
