"""The worker's environment, validated before it connects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from shared.environment import SettingsError, choice, number, threads

SCHEMES = ("redis://", "rediss://", "sentinel://", "amqp://", "amqps://")


@dataclass(frozen=True)
class Settings:
    """Settings of the worker."""

    broker: str = field(repr=False)
    """From BROKER_URL. It may contain a password, so it is never printed or stored in the image."""
    results: str = field(repr=False)
    """From RESULT_URL, default the broker."""
    queue: str
    """From QUEUE, default `predictions`."""
    handler: str
    """Name of the Python module with the model's functions. From HANDLER, default `handler`: `handler.py` in the image."""
    model_dir: Path
    """Folder with the model's files. From MODEL_DIR, default `model`, the folder with the image's own model."""
    device: Literal["cpu", "cuda"]
    """From DEVICE, default `cuda` in the CUDA image, which has ENABLE_GPU=true, and `cpu` elsewhere."""
    threads: int
    """Threads that one prediction may use. From INFERENCE_THREADS, default the container's CPU limit, rounded down; 1 without one."""
    drain_seconds: int
    """Seconds after SIGTERM until an unfinished task returns to the queue. From DRAIN_SECONDS, default 25."""


def parse_settings(environment: Mapping[str, str]) -> Settings:
    """Settings of the worker. Raises SettingsError, which names the invalid variable but not its value."""
    broker = environment.get("BROKER_URL") or ""
    if not broker.startswith(SCHEMES):
        raise SettingsError(f"BROKER_URL must be set when the worker starts, to an address that begins with one of {' '.join(SCHEMES)}")
    cuda = environment.get("ENABLE_GPU") == "true"
    device = choice(environment, "DEVICE", *(("cuda", "cpu") if cuda else ("cpu", "cuda")))
    return Settings(
        broker=broker,
        results=environment.get("RESULT_URL") or broker,
        queue=environment.get("QUEUE") or "predictions",
        handler=environment.get("HANDLER") or "handler",
        model_dir=Path(environment.get("MODEL_DIR") or "model"),
        device="cuda" if device == "cuda" else "cpu",
        threads=threads(environment),
        drain_seconds=number(environment, "DRAIN_SECONDS", 25, 0, 86_400),
    )
