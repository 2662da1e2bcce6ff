"""The worker's environment, checked before it connects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shared.cpus import container_cpus
from shared.model import Device

SCHEMES = ("redis://", "rediss://", "sentinel://", "amqp://", "amqps://")


class SettingsError(Exception):
    """A variable is missing or has a value that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """How the worker runs."""

    broker: str = field(repr=False)
    """From BROKER_URL; it may contain a password, so it is never printed and never in the image."""
    results: str = field(repr=False)
    """From RESULT_URL, default the broker."""
    queue: str
    """From QUEUE, default `predictions`."""
    model: Path
    """`model.onnx` in MODEL_DIR, by default the folder with the image's own model."""
    device: Device
    """From DEVICE; by default `cuda` in the CUDA image, which has ENABLE_GPU=true, and `cpu` elsewhere."""
    threads: int
    """Threads that one prediction may use. From INFERENCE_THREADS, default the container's CPU limit, rounded down; 1 without one."""


def parse_settings(environment: Mapping[str, str]) -> Settings:
    """Settings of the worker; raises SettingsError with a sentence that names the wrong variable, and not its value."""
    broker = environment.get("BROKER_URL") or ""
    if not broker.startswith(SCHEMES):
        raise SettingsError(f"BROKER_URL must be set when the worker starts, to an address that begins with one of {' '.join(SCHEMES)}")
    device = environment.get("DEVICE") or ("cuda" if environment.get("ENABLE_GPU") == "true" else "cpu")
    if device not in ("cpu", "cuda"):
        raise SettingsError(f"DEVICE={device}: it must be cpu or cuda")
    threads = environment.get("INFERENCE_THREADS") or str(container_cpus())
    if not threads.isascii() or not threads.isdigit() or int(threads) < 1:
        raise SettingsError(f"INFERENCE_THREADS={threads}: it must be a whole number from 1")
    return Settings(
        broker=broker,
        results=environment.get("RESULT_URL") or broker,
        queue=environment.get("QUEUE") or "predictions",
        model=Path(environment.get("MODEL_DIR") or "model") / "model.onnx",
        device="cuda" if device == "cuda" else "cpu",
        threads=int(threads),
    )
