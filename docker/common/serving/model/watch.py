"""Replaces the model of a running service when the files in its folder change."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from serving.lifecycle import Lifecycle
from serving.model.handler import describe
from serving.model.loaded import Loaded
from serving.observe.logs import fields, log
from serving.observe.metrics import Metrics
from shared.errors import ModelError
from shared.model_version import VERSION_FILE, model_files, model_version

Fingerprint = tuple[object, ...]


def fingerprint(folder: Path) -> Fingerprint:
    """A value that changes with the model: the content of VERSION if the file exists, otherwise names, sizes and times of all files.

    Raises OSError when the folder cannot be read.
    """
    version = folder / VERSION_FILE
    if version.exists():
        return (version.read_bytes(),)
    # The folder may be a symbolic link with a new target. Inode numbers are not compared, because GCS FUSE changes them over time.
    files = [(name, (folder / name).stat()) for name in model_files(folder)]
    return (folder.resolve(), *((name, stat.st_size, stat.st_mtime_ns) for name, stat in files))


class ModelWatch:
    """Loads a changed model next to the current one, then swaps them between two batches."""

    def __init__(self, folder: Path, seconds: float, load: Callable[[], Loaded], lifecycle: Lifecycle, metrics: Metrics) -> None:
        """Check every `seconds`. Later checks compare with the files that exist now, so create the watch before loading the model."""
        self._folder = folder
        self._seconds = seconds
        self._load = load
        self._lifecycle = lifecycle
        self._metrics = metrics
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="watch")
        self._known = self._look()

    async def run(self) -> None:
        """Watch until cancelled. If a model cannot be loaded, log it and keep the current one until the files change again."""
        loop = asyncio.get_running_loop()
        pending: Fingerprint | None = None
        while True:
            await asyncio.sleep(self._seconds)
            now = await loop.run_in_executor(self._executor, self._look)
            if now is None or now == self._known:
                pending = None
            elif now != pending:
                # The files may still be written, so load only when two checks in a row agree.
                pending = now
            else:
                self._known, pending = now, None
                await loop.run_in_executor(self._executor, self._replace)

    def _look(self) -> Fingerprint | None:
        try:
            return fingerprint(self._folder)
        except OSError:
            # The folder may be missing for a moment while it is replaced.
            return None

    def _replace(self) -> None:
        current = self._lifecycle.model
        try:
            if current is not None and model_version(self._folder) == current.version:
                return
            loaded = self._load()
        except Exception as problem:
            self._metrics.swaps.labels(result="failed").inc()
            text = str(problem) if isinstance(problem, ModelError) else describe(problem)
            log.error("the changed model cannot be loaded, so the service keeps the current one: %s", text)
            return
        self._lifecycle.model = loaded
        self._metrics.model(loaded.version)
        self._metrics.swaps.labels(result="loaded").inc()
        log.info("the model was replaced", extra=fields(model_version=loaded.version))
        del current
        # The old model's objects were exempt from collection. Free reference cycles among them, and their GPU memory.
        gc.unfreeze()
        gc.collect()
        gc.freeze()
