"""Arguments and environment of a run, checked before anything is loaded."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn

from trainer.errors import UnrecoverableError
from trainer.place import Place

Device = Literal["cpu", "cuda"]

TRACKERS = ("mlflow", "tensorboard", "wandb")

_HOST = re.compile(r"(?!-)[A-Za-z0-9.:-]{1,253}")
_RUN_ID = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)(Ki|Mi|Gi)?")
_UNITS = {None: 1, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}


@dataclass(frozen=True)
class Settings:
    """One run, fully resolved."""

    run_id: str
    """Names the run; its checkpoints are in a folder of this name. From RUN_ID, default `local`."""
    checkpoint_dir: Path
    """Folder for checkpoints and the exported model. From CHECKPOINT_DIR, default `/tmp/checkpoints`."""
    data_dir: Path | None
    """Folder with `digits.npz`. From DATA_DIR; without it, scikit-learn's digits."""
    tensorboard_dir: Path | None
    """Where the tensorboard tracker writes. From TENSORBOARD_DIR, default `tensorboard/` next to the run's checkpoints."""
    heartbeat_file: Path
    """Touched about every second while training makes progress. From HEARTBEAT_FILE, default `/tmp/training_alive`."""
    report_file: Path | None
    """File for the report that is also printed at the end. From REPORT_FILE; a pod names its termination log there, so that its status
    keeps the report."""
    deadline_seconds: int | None
    """Longest training time over all attempts; waiting does not count. From DEADLINE_SECONDS, default no limit."""
    place: Place
    """Position of this process among those that train together: one per node, from RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT,
    by default one alone."""
    device: Device
    """From `--device` or DEVICE; by default `cuda` in the CUDA image, which has ENABLE_GPU=true, and `cpu` elsewhere."""
    trackers: tuple[str, ...]
    """From `--tracker` or TRACKERS (comma-separated), default none."""
    epochs: int
    batch_size: int
    hidden: int
    """Units of the hidden layer."""
    learning_rate: float
    seed: int
    """Decides first weights, augmentation and batch order. The held-out split does not depend on it."""
    copies: int
    """Augmented copies of every training image in an epoch."""
    prefetch: int
    """Epochs kept ready in shared memory."""
    keep: int
    """Number of newest checkpoints that are kept."""
    min_shm: int
    """Smallest accepted size of /dev/shm, in bytes; 0 only checks that the loader fits."""

    @property
    def options(self) -> dict[str, float]:
        """The settings that the weights depend on: a run goes on from its checkpoints only with the same ones."""
        return {
            "batch_size": self.batch_size,
            "copies": self.copies,
            "hidden": self.hidden,
            "learning_rate": self.learning_rate,
            "seed": self.seed,
        }


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UnrecoverableError(f"{message} (see python -m trainer --help)")


def parse_size(text: str) -> int:
    """Bytes of a Kubernetes-style quantity: `8Gi`, `512Mi`, `1024`."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 8Gi, 512Mi or 1024")
    return int(float(match[1]) * _UNITS[match[2]])


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and at most 1")
    return value


def parse_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Settings of a run.

    Raises UnrecoverableError with a sentence that names the wrong argument or variable.
    """
    default_device = "cuda" if environment.get("ENABLE_GPU") == "true" else "cpu"
    parser = _Parser(
        prog="python -m trainer",
        description="Train the digit classifier and export it as ONNX.",
    )
    parser.add_argument(
        "--epochs",
        type=_positive,
        default=20,
        help="passes over the training data (default 20)",
    )
    parser.add_argument("--batch-size", type=_positive, default=256, help="images a step (default 256)")
    parser.add_argument(
        "--hidden",
        type=_positive,
        default=128,
        help="units of the hidden layer (default 128)",
    )
    parser.add_argument(
        "--learning-rate",
        type=_rate,
        default=0.002,
        help="of the Adam optimiser (default 0.002)",
    )
    parser.add_argument("--seed", type=int, default=1, help="same seed, same model (default 1)")
    parser.add_argument(
        "--copies",
        type=_positive,
        default=64,
        help="augmented copies of an image an epoch (default 64)",
    )
    parser.add_argument(
        "--prefetch",
        type=_positive,
        default=4,
        help="epochs ready in shared memory (default 4)",
    )
    parser.add_argument(
        "--keep",
        type=_positive,
        default=3,
        help="newest checkpoints to keep (default 3)",
    )
    parser.add_argument(
        "--min-shm",
        type=parse_size,
        default=0,
        help="fail at once when /dev/shm is smaller, e.g. 8Gi",
    )
    parser.add_argument(
        "--device",
        choices=("cpu", "cuda"),
        default=environment.get("DEVICE") or default_device,
    )
    parser.add_argument(
        "--tracker",
        choices=TRACKERS,
        action="append",
        default=None,
        help="may be repeated",
    )
    parsed = parser.parse_args(list(arguments))

    if parsed.device not in ("cpu", "cuda"):
        raise UnrecoverableError(f"DEVICE={parsed.device}: it must be cpu or cuda")
    run_id = environment.get("RUN_ID") or "local"
    if _RUN_ID.fullmatch(run_id) is None:
        raise UnrecoverableError(f"RUN_ID={run_id!r}: letters, digits, dots, dashes and underscores, at most 63")
    trackers = parsed.tracker or [name for name in environment.get("TRACKERS", "").split(",") if name]
    for name in trackers:
        if name not in TRACKERS:
            raise UnrecoverableError(f"TRACKERS={environment.get('TRACKERS')}: {name} is none of {', '.join(TRACKERS)}")
    return Settings(
        run_id=run_id,
        checkpoint_dir=Path(environment.get("CHECKPOINT_DIR") or "/tmp/checkpoints"),
        data_dir=_path(environment, "DATA_DIR"),
        tensorboard_dir=_path(environment, "TENSORBOARD_DIR"),
        report_file=Path(report) if (report := environment.get("REPORT_FILE")) else None,
        heartbeat_file=Path(environment.get("HEARTBEAT_FILE") or "/tmp/training_alive"),
        deadline_seconds=_whole(environment, "DEADLINE_SECONDS", 1, None) if environment.get("DEADLINE_SECONDS") else None,
        place=_place(environment),
        device=parsed.device,
        trackers=tuple(dict.fromkeys(trackers)),
        epochs=parsed.epochs,
        batch_size=parsed.batch_size,
        hidden=parsed.hidden,
        learning_rate=parsed.learning_rate,
        seed=parsed.seed,
        copies=parsed.copies,
        prefetch=parsed.prefetch,
        keep=parsed.keep,
        min_shm=parsed.min_shm,
    )


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(name)
    return Path(value) if value else None


def _place(environment: Mapping[str, str]) -> Place:
    size = _whole(environment, "WORLD_SIZE", 1, None, "1")
    if size == 1:
        return Place()
    address = environment.get("MASTER_ADDR", "")
    if _HOST.fullmatch(address) is None:
        raise UnrecoverableError(f"MASTER_ADDR={address!r}: with WORLD_SIZE={size} it must be the name or address of rank 0's host")
    # NCCL uses the next port.
    return Place(
        _whole(environment, "RANK", 0, size - 1),
        size,
        address,
        _whole(environment, "MASTER_PORT", 1, 65534),
    )


def _whole(
    environment: Mapping[str, str],
    name: str,
    least: int,
    most: int | None,
    default: str = "",
) -> int:
    text = environment.get(name) or default
    if not (text.isascii() and text.isdigit()) or int(text) < least or (most is not None and int(text) > most):
        size = f"with WORLD_SIZE={environment['WORLD_SIZE']} " if name in ("RANK", "MASTER_PORT") else ""
        limits = f"at least {least}" if most is None else f"from {least} to {most}"
        raise UnrecoverableError(f"{name}={text}: {size}it must be a whole number {limits}")
    return int(text)
