"""The service's environment, checked before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.cpus import container_cpus
from shared.model import Device


class SettingsError(Exception):
    """A variable has a value that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """How the service runs."""

    port: int
    """From PORT, default 8000."""
    model: Path
    """`model.onnx` in MODEL_DIR, by default the folder with the image's own model."""
    device: Device
    """From DEVICE, default `cpu` (the `gpu` target sets `cuda`)."""
    threads: int
    """Threads that one prediction may use. From INFERENCE_THREADS, default the container's CPU limit, rounded down; 1 without one."""
    queue: int
    """Most images that wait for a prediction; further ones get 429. From QUEUE_SIZE, default 64."""
    batch: int
    """Largest batch. From BATCH_SIZE, default 16; 1 if the model's batch axis is fixed."""
    request_seconds: int
    """Longest time of a request in seconds; then it gets 503. From REQUEST_SECONDS, default DRAIN_SECONDS and at least 25."""
    drain_seconds: int
    """Longest time from SIGTERM to the last answer, in seconds. From DRAIN_SECONDS, default 25."""
    max_failures: int
    """Failed predictions in a row after which /health fails. From MAX_FAILURES, default 5."""


def parse_settings(environment: Mapping[str, str]) -> Settings:
    """Settings of the service; raises SettingsError with a sentence that names the wrong variable."""
    device = environment.get("DEVICE") or "cpu"
    if device not in ("cpu", "cuda"):
        raise SettingsError(f"DEVICE={device}: it must be cpu or cuda")
    drain_seconds = _number(environment, "DRAIN_SECONDS", 25, 0, 3600)
    return Settings(
        port=_number(environment, "PORT", 8000, 1, 65535),
        model=Path(environment.get("MODEL_DIR") or "model") / "model.onnx",
        device="cuda" if device == "cuda" else "cpu",
        threads=_number(environment, "INFERENCE_THREADS", container_cpus(), 1, 1024),
        queue=_number(environment, "QUEUE_SIZE", 64, 1, 100_000),
        batch=_number(environment, "BATCH_SIZE", 16, 1, 1024),
        request_seconds=_number(environment, "REQUEST_SECONDS", max(25, drain_seconds), 1, 3600),
        drain_seconds=drain_seconds,
        max_failures=_number(environment, "MAX_FAILURES", 5, 1, 1000),
    )


def _number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name)
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise SettingsError(f"{name}={text}: it must be a whole number from {least} to {most}")
    return value
