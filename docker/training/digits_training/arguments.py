"""Arguments of the digits loop."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from typing import Literal

from trainer.errors import UnrecoverableError
from trainer.run import Run
from trainer.settings import positive

Backend = Literal["numpy", "torch"]

_SIZE = re.compile(r"(\d+(?:\.\d+)?)(Ki|Mi|Gi)?")
_UNITS = {None: 1, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}


@dataclass(frozen=True)
class Arguments:
    """The loop's options from the command line."""

    epochs: int
    batch_size: int
    hidden: int
    """Units of the hidden layer."""
    learning_rate: float
    seed: int
    """Seed of the initial weights, the augmentation and the batch order. The held-out split does not depend on it."""
    copies: int
    """Augmented copies of every training image in an epoch."""
    prefetch: int
    """Epochs kept ready in shared memory."""
    min_shm: int
    """Smallest accepted size of /dev/shm, in bytes; 0 only checks that the loader fits."""
    backend: Backend
    """Library that computes the training steps."""

    @property
    def options(self) -> dict[str, float]:
        """The settings that the weights depend on."""
        return {
            "batch_size": self.batch_size,
            "copies": self.copies,
            "hidden": self.hidden,
            "learning_rate": self.learning_rate,
            "seed": self.seed,
        }


def parse_size(text: str) -> int:
    """Bytes of a Kubernetes-style quantity: `8Gi`, `512Mi`, `1024`."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 8Gi, 512Mi or 1024")
    return int(float(match[1]) * _UNITS[match[2]])


def _rate(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text} must be above 0 and at most 1")
    return value


def parse_arguments(run: Run) -> Arguments:
    """The arguments of the run. Raises UnrecoverableError, which names the invalid one."""
    parser = run.parser("Train the digit classifier and export it as ONNX.")
    parser.add_argument("--epochs", type=positive, default=20, help="passes over the training data (default 20)")
    parser.add_argument("--batch-size", type=positive, default=256, help="images per step (default 256)")
    parser.add_argument("--hidden", type=positive, default=128, help="units of the hidden layer (default 128)")
    parser.add_argument(
        "--learning-rate", type=_rate, default=0.002, help="learning rate of the Adam optimizer, above 0 and at most 1 (default 0.002)"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the random numbers; the same seed gives the same model (default 1)")
    parser.add_argument("--copies", type=positive, default=64, help="augmented copies of each training image per epoch (default 64)")
    parser.add_argument("--prefetch", type=positive, default=4, help="epochs to prepare in shared memory (default 4)")
    parser.add_argument(
        "--min-shm",
        type=parse_size,
        default=0,
        help="smallest accepted size of /dev/shm, such as 8Gi (default: what the data loader needs)",
    )
    parser.add_argument(
        "--backend", choices=("numpy", "torch"), help="library for the training steps (default: torch on a GPU, numpy on the CPU)"
    )
    parsed = parser.parse_args(list(run.arguments))
    on_gpu = run.device != "cpu"
    if on_gpu and parsed.backend == "numpy":
        raise UnrecoverableError("--backend numpy computes on the CPU: add --device cpu")
    return Arguments(
        epochs=parsed.epochs,
        batch_size=parsed.batch_size,
        hidden=parsed.hidden,
        learning_rate=parsed.learning_rate,
        seed=parsed.seed,
        copies=parsed.copies,
        prefetch=parsed.prefetch,
        min_shm=parsed.min_shm,
        backend=parsed.backend or ("torch" if on_gpu else "numpy"),
    )
