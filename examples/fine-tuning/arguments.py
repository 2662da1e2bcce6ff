"""Arguments of the fine-tuning."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from trainer.errors import UnrecoverableError
from trainer.run import Run
from trainer.settings import positive

_WARM_UP = 0.03


@dataclass(frozen=True)
class Arguments:
    """Options from the command line, and the folders of the model and the text."""

    model: Path
    """Folder of the model to start from, with its tokenizer."""
    text: Path
    """Folder with the text."""
    epochs: int
    """Passes over the text."""
    batch_size: int
    """Number of blocks per step, over all processes."""
    context: int
    """Number of tokens per block."""
    learning_rate: float
    """Peak learning rate."""
    seed: int
    """Seed of the order of the text and of dropout."""
    checkpoint_steps: int
    """Number of steps between two checkpoints."""

    @property
    def options(self) -> dict[str, float]:
        """The settings that the weights depend on. A run resumes only with the same settings."""
        return {
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "context": self.context,
            "learning_rate": self.learning_rate,
            "seed": self.seed,
        }

    def rate(self, step: int, steps: int) -> float:
        """The learning rate of a step, counted from 0. It rises during the first 3 % of the steps, then falls to zero."""
        warm_up = max(1, int(steps * _WARM_UP))
        return self.learning_rate * min((step + 1) / warm_up, (steps - step) / max(1, steps - warm_up))


def parse_arguments(run: Run) -> Arguments:
    """The arguments of the run. Raises UnrecoverableError, which names the invalid one."""
    parser = run.parser("Fine-tune a causal language model.")
    parser.add_argument("--epochs", type=positive, default=3, help="passes over the text (default 3)")
    parser.add_argument("--batch-size", type=positive, default=64, help="blocks per step, over all GPUs (default 64)")
    parser.add_argument("--context", type=positive, default=1024, help="tokens per block (default 1024)")
    parser.add_argument("--learning-rate", type=_rate, default=2e-5, help="highest learning rate of AdamW (default 2e-5)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the order of the text (default 1)")
    parser.add_argument("--checkpoint-steps", type=positive, default=100, help="steps between two checkpoints (default 100)")
    parsed = parser.parse_args(list(run.arguments))
    if parsed.batch_size % run.place.size != 0:
        raise UnrecoverableError(f"--batch-size {parsed.batch_size}: it must be a multiple of the run's {run.place.size} processes")
    if run.data_dir is None:
        raise UnrecoverableError("DATA_DIR is not set: give the run data, a bucket or a claim with the folders model and text")
    model = run.data_dir / "model"
    if not run.when_permitted("model", (model / "config.json").is_file):
        raise UnrecoverableError(f"{model} has no config.json: copy a model there, as save_pretrained writes it")
    return Arguments(
        model=model,
        text=run.data_dir / "text",
        epochs=parsed.epochs,
        batch_size=parsed.batch_size,
        context=parsed.context,
        learning_rate=parsed.learning_rate,
        seed=parsed.seed,
        checkpoint_steps=parsed.checkpoint_steps,
    )


def _rate(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text} must be above 0 and at most 1")
    return value
