"""One training run: resume, train, checkpoint, export, report."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from shared import cuda
from trainer import data
from trainer.checkpoints import Checkpoint, CheckpointStore, decode, encode, newest
from trainer.errors import (
    DeadlineError,
    PeerLostError,
    StoppedError,
    UnrecoverableError,
)
from trainer.group import Group
from trainer.loader import EpochLoader, shared_memory_size
from trainer.network import Network, NumpyNetwork, State, initial_state
from trainer.permission import when_permitted
from trainer.place import Place
from trainer.records import Records
from trainer.rendezvous import join
from trainer.settings import Settings
from trainer.training import Training

_HEARTBEAT_SECONDS = 1.0


@dataclass(frozen=True)
class Result:
    """The last line of a complete run, as JSON."""

    run_id: str
    accuracy: float
    """Accuracy on the held-out images, 0 to 1."""
    epochs: int
    nodes: int
    """Processes that trained together, one per node."""
    device: str
    shm_bytes: int
    """Size of /dev/shm in the container."""
    shm_used_bytes: int
    """Part of it that the loader uses."""
    checkpoints: int
    """Checkpoints that this process wrote."""
    resumed_from_epoch: int | None
    model: str
    """Path of the exported ONNX model."""
    seconds: float


def run(settings: Settings, stopped: Callable[[], bool]) -> Result | None:
    """Train to the last epoch, with the other processes of the run; None on all but rank 0, which has the result.

    Raises StoppedError when `stopped` said so before the end, and PeerLostError when another process did not go on: rank 0 has written
    a checkpoint then. Raises UnrecoverableError for what a retry cannot change, and RetryableError for what it may.
    """
    started = time.monotonic()
    heartbeat = _Heartbeat(settings.heartbeat_file)

    def check() -> None:
        if stopped():
            raise StoppedError

    def go_on() -> None:
        # While others are waited for as well: that is not to hang, and the one that does is the one that falls silent.
        heartbeat.beat()
        check()

    if settings.device == "cuda":
        print(f"NVIDIA driver {_check_driver()}, CUDA {cuda.CUDA_VERSION}", flush=True)
    digits = when_permitted("data", lambda: data.load(settings.data_dir), go_on)
    directory = settings.checkpoint_dir / settings.run_id
    store = when_permitted("checkpoints", lambda: CheckpointStore(directory, settings.keep), go_on) if settings.place.leads else None
    kept = when_permitted("checkpoints", lambda: newest(directory), go_on)
    if kept is not None:
        _check_same_run(kept, settings)
    start = kept or Checkpoint(0, 0, settings.options, initial_state(settings.hidden, settings.seed))
    place = settings.place
    if start.epoch >= settings.epochs:
        # Each ends for itself: a pod of an Indexed Job that has succeeded does not come back to meet another one.
        if store is None:
            print(f"run {settings.run_id} is complete", flush=True)
            return None
        place = Place()

    with (
        Records(settings, store, digits) if store is not None else nullcontext() as records,
        join(place, settings.run_id, go_on) as group,
    ):
        start = decode(group.broadcast(encode(start)))
        if start.step > 0:
            print(
                f"run {settings.run_id}: resuming after epoch {start.epoch}, step {start.step}",
                flush=True,
            )
        with _loader(settings, digits, start.epoch + 1) as loader:
            network = _network(settings, start.state, group)
            print(
                f"run {settings.run_id}: {len(digits.train_images)} training images x {settings.copies}, "
                f"{len(digits.test_images)} held out, on {network.device}, /dev/shm {shared_memory_size() / (1 << 20):.0f} MiB",
                flush=True,
            )
            training = Training(network, start, settings.batch_size)

            def step() -> None:
                go_on()
                # Rank 0 decides for all: the others lose their peer.
                if records is not None:
                    _check_deadline(training, settings)

            try:
                for epoch, images, labels in loader.epochs(check):
                    begun = time.monotonic()
                    loss = training.learn(epoch, images, labels, step)
                    if records is not None:
                        records.epoch(
                            training.checkpoint(),
                            network,
                            loss,
                            time.monotonic() - begun,
                        )
            except (StoppedError, PeerLostError, DeadlineError):
                wrote = "" if records is None else f"; wrote {records.save(training.checkpoint())}"
                print(
                    f"run {settings.run_id}: stopped after epoch {training.epoch}, step {training.step}{wrote}",
                    flush=True,
                )
                raise
        if records is None:
            # Not before rank 0 has everything on disk: who has succeeded is not there any more when it has to go on from a checkpoint.
            group.broadcast(b"")
            return None
        accuracy, model = records.model(network)
        # One that is gone by now finds the run complete when it comes again.
        with suppress(PeerLostError):
            group.broadcast(b"")
    return Result(
        run_id=settings.run_id,
        accuracy=round(accuracy, 4),
        epochs=training.epoch,
        nodes=settings.place.size,
        device=network.device,
        shm_bytes=shared_memory_size(),
        shm_used_bytes=loader.size,
        checkpoints=records.written,
        resumed_from_epoch=None if kept is None else kept.epoch,
        model=str(model),
        seconds=round(time.monotonic() - started, 1),
    )


def report(result: Result) -> str:
    """The result as one line of JSON."""
    return json.dumps(asdict(result))


def _check_same_run(checkpoint: Checkpoint, settings: Settings) -> None:
    for name, value in settings.options.items():
        if checkpoint.options.get(name) != value:
            flag = name.replace("_", "-")
            raise UnrecoverableError(
                f"run {settings.run_id} was started with --{flag} {checkpoint.options.get(name)}, not {value}: "
                "give a new RUN_ID to change it"
            )


def _check_deadline(training: Training, settings: Settings) -> None:
    if settings.deadline_seconds is not None and training.seconds >= settings.deadline_seconds:
        raise DeadlineError(
            f"run {settings.run_id} has trained for {training.seconds:.0f} s, and DEADLINE_SECONDS={settings.deadline_seconds}: "
            "with a higher one, the same RUN_ID goes on from its checkpoint"
        )


def _loader(settings: Settings, digits: data.Digits, first_epoch: int) -> EpochLoader:
    return EpochLoader(
        digits.train_images,
        digits.train_labels,
        seed=settings.seed,
        copies=settings.copies,
        first_epoch=first_epoch,
        last_epoch=settings.epochs,
        slots=settings.prefetch,
        minimum=settings.min_shm,
    )


def _check_driver() -> str:
    try:
        return cuda.check_driver()
    except cuda.DriverError as problem:
        raise UnrecoverableError(str(problem)) from None


def _network(settings: Settings, state: State, group: Group) -> Network:
    if settings.device == "cpu":
        return NumpyNetwork(state, settings.learning_rate, group)
    try:
        from trainer.torch_network import TorchNetwork
    except ModuleNotFoundError:
        raise UnrecoverableError("torch is not in this image: build it with --build-arg ENABLE_GPU=true") from None
    return TorchNetwork(state, settings.learning_rate, group)


class _Heartbeat:
    """Shows that the run makes progress: it beats between steps, and while others are waited for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = 0.0
        self.beat()

    def beat(self) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._path.touch()
            self._next = now + _HEARTBEAT_SECONDS
