"""The platform's interface for a training loop."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from shared import cuda
from trainer.checkpoints.of_run import RunCheckpoints
from trainer.errors import DeadlineError, Interruption, PeerLostError, StoppedError, UnrecoverableError
from trainer.heartbeat import Heartbeat
from trainer.permission import when_permitted
from trainer.processes.group import Group
from trainer.processes.place import Place
from trainer.processes.rendezvous import join
from trainer.settings import Parser, Settings, options_parser
from trainer.trackers.client import End, Subject
from trainer.trackers.remote_tracker import END_SECONDS, STOP_SECONDS
from trainer.trackers.selection import Tracker, check_trackers, open_trackers

Result = TypeVar("Result")


class Run:
    """One process of a run. Methods that only rank 0 performs do nothing on other ranks, so a loop need not check its rank."""

    def __init__(self, settings: Settings, stopped: Callable[[], bool]) -> None:
        """`stopped` returns whether the process was asked to stop."""
        self._settings = settings
        self._stopped = stopped
        self._started = time.monotonic()
        self._heartbeat = Heartbeat(settings.heartbeat_file)
        self._group: Group | None = None
        self._trackers: list[Tracker] = []
        self.id = settings.run_id
        """The run's ID."""
        self.arguments = settings.arguments
        """The loop's own arguments."""
        self.place = settings.place
        """Position of this process in the process group."""
        self.device = f"cuda:{self.place.local_rank}" if settings.device == "cuda" else "cpu"
        """The process's device in torch's notation: `cpu`, or `cuda:` and the index of the GPU."""
        self.data_dir = settings.data_dir
        """Folder with the training data, if the run has one."""
        self.directory = settings.checkpoint_dir / settings.run_id
        """The run's folder, for checkpoints and the trained model. It outlives the process."""
        self.checkpoint = RunCheckpoints(self.directory, settings, self._wait, self.join)
        """The run's checkpoints: `load` and `save`."""

    def parser(self, description: str) -> Parser:
        """A parser for the loop's arguments. Its help also lists the platform's options."""
        return Parser(prog="python -m trainer", description=description, parents=[options_parser()], allow_abbrev=False)

    def begin(self, options: Mapping[str, Any]) -> None:
        """Check the driver, and open the checkpoints and the trackers. Call it once, after parsing the arguments.

        `options` are the settings that the weights depend on. Trackers show them, and a run resumes only with the same options. Raises
        UnrecoverableError if a driver, a tracker or a folder is missing.
        """
        check_trackers(self._settings.trackers)
        if self._settings.device == "cuda":
            print(f"NVIDIA driver {_check_driver()}, CUDA {cuda.CUDA_VERSION}", flush=True)
        self.checkpoint.open(options)
        if self.place.leads:
            logs = self._settings.tensorboard_dir or self.directory / "tensorboard"
            self._trackers = open_trackers(self._settings.trackers, Subject(self.id, options, self.directory), logs)

    def heartbeat(self) -> None:
        """Report progress. Call it between steps. Raises an Interruption if the run must stop."""
        self._wait()
        limit = self._settings.deadline_seconds
        # Rank 0 decides for all; the others stop when they lose their peer.
        if self.place.leads and limit is not None and self.checkpoint.seconds >= limit:
            raise DeadlineError(
                f"run {self.id} has trained for {self.checkpoint.seconds:.0f} s, and DEADLINE_SECONDS={limit}: "
                "to resume from the checkpoint, start the same RUN_ID with a higher one"
            )

    def check(self) -> None:
        """Raise StoppedError if the run must stop, without a heartbeat. Use it in waits that may hang."""
        if self._stopped():
            raise StoppedError

    def report(self, step: int, metrics: Mapping[str, float]) -> None:
        """Send metrics to the trackers. Never raises."""
        for tracker in self._trackers:
            tracker.record(step, metrics)

    def log_model(self, path: Path) -> None:
        """Send the trained model to the trackers. Never raises."""
        for tracker in self._trackers:
            tracker.log_model(path)

    def when_permitted(self, what: str, attempt: Callable[[], Result]) -> Result:
        """The result of `attempt`, retried for two minutes while it raises PermissionError, because a new IAM grant takes that long."""
        return when_permitted(what, attempt, self._wait)

    def join(self) -> Group:
        """The process group of the run. Waits until all processes are connected. `checkpoint.load` calls it."""
        if self._group is None:
            self._group = join(self.place, self.id, self._wait)
        return self._group

    def alone(self) -> Group:
        """A group of this process only, for work that needs no other. Pods that have succeeded do not start again to join a group."""
        self._group = Group(Place())
        return self._group

    def finish(self, result: Mapping[str, Any] | None) -> str | None:
        """The report of a run after its loop has returned, as one line of JSON. None on processes other than rank 0."""
        self.checkpoint.flush()
        if self._group is not None:
            # The others wait until rank 0 has written everything: after it has succeeded, a process cannot help to resume from a
            # checkpoint. A process that is gone by now finds the run complete when it restarts.
            with suppress(PeerLostError) if self.place.leads else nullcontext():
                self._group.broadcast(b"")
        if result is None or not self.place.leads:
            return None
        seconds = round(time.monotonic() - self._started, 1)
        about = {"run_id": self.id, "nodes": self.place.nodes, "processes": self.place.size, "checkpoints": self.checkpoint.written}
        return json.dumps({**about, **result, "seconds": seconds})

    def __enter__(self) -> Run:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        # Write the saved checkpoints even if the loop fails.
        with nullcontext() if kind is None else suppress(Exception):
            self.checkpoint.flush()
        if self._group is not None:
            self._group.__exit__(kind, value, trace)
        interrupted = kind is not None and issubclass(kind, Interruption)
        end = End.FINISHED if kind is None else End.KILLED if interrupted else End.FAILED
        for tracker in self._trackers:
            tracker.close(end, END_SECONDS if kind is None else STOP_SECONDS)

    def _wait(self) -> None:
        # Send the heartbeat while waiting for others too: a waiting process does not hang, and only a hanging one must go silent.
        self._heartbeat.beat()
        self.check()


def _check_driver() -> str:
    try:
        return cuda.check_driver()
    except cuda.DriverError as problem:
        raise UnrecoverableError(str(problem)) from None
