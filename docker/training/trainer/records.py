"""The records of a run: checkpoints, metrics, the model. Rank 0 writes them."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from trainer.checkpoints import Checkpoint, CheckpointStore, write_atomically
from trainer.data import Digits
from trainer.export import to_onnx
from trainer.network import Network
from trainer.remote_tracker import END_SECONDS, STOP_SECONDS
from trainer.settings import Settings
from trainer.trackers import open_trackers


class Records:
    """The records of one run, in the folder of its checkpoints and in its trackers."""

    def __init__(self, settings: Settings, store: CheckpointStore, digits: Digits) -> None:
        """Open the trackers. Raises UnrecoverableError for one that is not in the image."""
        self._run_id = settings.run_id
        self._epochs = settings.epochs
        self._store = store
        self._digits = digits
        logs = settings.tensorboard_dir or store.directory / "tensorboard"
        self._trackers = open_trackers(settings.trackers, settings.run_id, settings.options, logs)

    def __enter__(self) -> Records:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        seconds = END_SECONDS if kind is None else STOP_SECONDS
        for tracker in self._trackers:
            tracker.close(seconds)

    @property
    def written(self) -> int:
        """Checkpoints written by this process."""
        return self._store.written

    def save(self, checkpoint: Checkpoint) -> Path:
        """Write a checkpoint; returns its path."""
        return self._store.save(checkpoint)

    def epoch(self, checkpoint: Checkpoint, network: Network, loss: float, seconds: float) -> None:
        """Record a complete epoch: its checkpoint and its metrics."""
        self.save(checkpoint)
        accuracy = self._accuracy(network)
        print(
            f"epoch {checkpoint.epoch}/{self._epochs}  loss {loss:.4f}  accuracy {accuracy:.4f}  {seconds:.1f} s",
            flush=True,
        )
        for tracker in self._trackers:
            tracker.record(checkpoint.epoch, {"loss": loss, "accuracy": accuracy})

    def model(self, network: Network) -> tuple[float, Path]:
        """Export the model; returns its accuracy on the held-out images, 0 to 1, and its path."""
        accuracy = self._accuracy(network)
        path = self._store.directory / "model.onnx"
        write_atomically(
            path,
            to_onnx(network.state(), {"run_id": self._run_id, "accuracy": f"{accuracy:.4f}"}),
        )
        return accuracy, path

    def _accuracy(self, network: Network) -> float:
        return float((network.classify(self._digits.test_images) == self._digits.test_labels).mean())
