"""One training run: resume, train, checkpoint, export, report."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from trainer import cuda, data
from trainer.checkpoints import Checkpoint, CheckpointStore, write_atomically
from trainer.errors import UnrecoverableError
from trainer.export import to_onnx
from trainer.loader import EpochLoader, shared_memory_size
from trainer.network import Network, NumpyNetwork, State, initial_state
from trainer.settings import Settings
from trainer.trackers import open_trackers

_HEARTBEAT_SECONDS = 1.0


@dataclass(frozen=True)
class Result:
    """The last line of a complete run, as JSON."""

    run_id: str
    accuracy: float
    """Share of the held-out images that are classified rightly, 0 to 1."""
    epochs: int
    device: str
    shm_bytes: int
    """Size of /dev/shm as seen from inside."""
    shm_used_bytes: int
    """What the loader takes of it."""
    checkpoints: int
    """Checkpoints that this process wrote."""
    resumed_from_epoch: int | None
    model: str
    """Path of the exported ONNX model."""
    seconds: float


def run(settings: Settings, stopped: Callable[[], bool]) -> Result | None:
    """Train to the last epoch; None when `stopped` said so before, with a checkpoint written.

    Raises UnrecoverableError for what a retry cannot mend.
    """
    started = time.monotonic()
    heartbeat = _Heartbeat(settings.heartbeat_file)
    if settings.device == "cuda":
        print(f"NVIDIA driver {_check_driver()}, CUDA {cuda.CUDA_VERSION}", flush=True)
    digits = data.load(settings.data_dir)
    store = CheckpointStore(settings.checkpoint_dir / settings.run_id, settings.keep)
    options = _options(settings)
    checkpoint = store.newest()
    if checkpoint is None:
        start = Checkpoint(epoch=0, step=0, options=options, state=initial_state(settings.hidden, settings.seed))
    else:
        _check_same_run(checkpoint, options, settings.run_id)
        start = checkpoint
        print(f"run {settings.run_id}: resuming after epoch {start.epoch}, step {start.step}", flush=True)
    logs = settings.tensorboard_dir or store.directory / "tensorboard"
    trackers = open_trackers(settings.trackers, settings.run_id, options, logs)

    with EpochLoader(
        digits.train_images,
        digits.train_labels,
        seed=settings.seed,
        copies=settings.copies,
        first_epoch=start.epoch + 1,
        last_epoch=settings.epochs,
        slots=settings.prefetch,
        minimum=settings.min_shm,
    ) as loader:
        network = _network(settings, start.state)
        shm = shared_memory_size()
        print(
            f"run {settings.run_id}: {len(digits.train_images)} training images x {settings.copies}, "
            f"{len(digits.test_images)} held out, on {network.device}, /dev/shm {shm / (1 << 20):.0f} MiB",
            flush=True,
        )
        step = start.step
        epoch = start.epoch
        for number, images, labels in loader.epochs(stopped):
            begun = time.monotonic()
            losses = []
            batches = range(0, len(images), settings.batch_size)
            # A checkpoint made on SIGTERM lies within an epoch: the batches before it are not learnt twice.
            for first in batches[step - (number - 1) * len(batches) :]:
                if stopped():
                    break
                step += 1
                batch = slice(first, first + settings.batch_size)
                losses.append(network.step(images[batch], labels[batch], step))
                heartbeat.beat()
            if step < number * len(batches):
                break
            epoch = number
            store.save(Checkpoint(epoch, step, options, network.state()))
            accuracy = _accuracy(network, digits)
            loss = float(np.mean(losses)) if losses else 0.0
            print(
                f"epoch {epoch}/{settings.epochs}  loss {loss:.4f}  accuracy {accuracy:.4f}  {time.monotonic() - begun:.1f} s",
                flush=True,
            )
            for tracker in trackers:
                tracker.record(epoch, {"loss": loss, "accuracy": accuracy})
    for tracker in trackers:
        tracker.close()

    if epoch < settings.epochs:
        path = store.save(Checkpoint(epoch, step, options, network.state()))
        print(f"run {settings.run_id}: stopped after epoch {epoch}, step {step}; wrote {path}", flush=True)
        return None

    accuracy = _accuracy(network, digits)
    model = store.directory / "model.onnx"
    write_atomically(model, to_onnx(network.state(), {"run_id": settings.run_id, "accuracy": f"{accuracy:.4f}"}))
    return Result(
        run_id=settings.run_id,
        accuracy=round(accuracy, 4),
        epochs=epoch,
        device=network.device,
        shm_bytes=shm,
        shm_used_bytes=loader.size,
        checkpoints=store.written,
        resumed_from_epoch=None if checkpoint is None else checkpoint.epoch,
        model=str(model),
        seconds=round(time.monotonic() - started, 1),
    )


def report(result: Result) -> str:
    """The result as one line of JSON."""
    return json.dumps(asdict(result))


def _options(settings: Settings) -> dict[str, float]:
    return {
        "batch_size": settings.batch_size,
        "copies": settings.copies,
        "hidden": settings.hidden,
        "learning_rate": settings.learning_rate,
        "seed": settings.seed,
    }


def _check_same_run(checkpoint: Checkpoint, options: dict[str, float], run_id: str) -> None:
    for name, value in options.items():
        if checkpoint.options.get(name) != value:
            flag = name.replace("_", "-")
            raise UnrecoverableError(
                f"run {run_id} was started with --{flag} {checkpoint.options.get(name)}, not {value}: give a new RUN_ID to change it"
            )


def _check_driver() -> str:
    try:
        return cuda.check_driver()
    except cuda.DriverError as problem:
        raise UnrecoverableError(str(problem)) from None


def _network(settings: Settings, state: State) -> Network:
    if settings.device == "cpu":
        return NumpyNetwork(state, settings.learning_rate)
    try:
        from trainer.torch_network import TorchNetwork
    except ModuleNotFoundError:
        raise UnrecoverableError("torch is not in this image: build it with --build-arg ENABLE_GPU=true") from None
    return TorchNetwork(state, settings.learning_rate)


def _accuracy(network: Network, digits: data.Digits) -> float:
    return float((network.classify(digits.test_images) == digits.test_labels).mean())


class _Heartbeat:
    """Shows that the run makes progress; beats only when a step is done."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = 0.0
        self.beat()

    def beat(self) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._path.touch()
            self._next = now + _HEARTBEAT_SECONDS
