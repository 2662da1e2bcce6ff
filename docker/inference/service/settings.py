"""The service's environment, checked before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
    """Threads that one prediction may use. From INFERENCE_THREADS, default 1; the host's core count is not the pod's."""
    drain_seconds: int
    """Most seconds that requests in flight get after SIGTERM. From DRAIN_SECONDS, default 25."""


def parse_settings(environment: Mapping[str, str]) -> Settings:
    """Settings of the service; raises SettingsError with a sentence that names the wrong variable."""
    device = environment.get("DEVICE") or "cpu"
    if device not in ("cpu", "cuda"):
        raise SettingsError(f"DEVICE={device}: it must be cpu or cuda")
    return Settings(
        port=_number(environment, "PORT", 8000, 1, 65535),
        model=Path(environment.get("MODEL_DIR") or "model") / "model.onnx",
        device="cuda" if device == "cuda" else "cpu",
        threads=_number(environment, "INFERENCE_THREADS", 1, 1, 1024),
        drain_seconds=_number(environment, "DRAIN_SECONDS", 25, 0, 3600),
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
