"""The input and the results of a check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from accept.nvml import Gpu

Device = Literal["cpu", "cuda"]

DOCKER = Path(__file__).resolve().parents[2]

_CPU_PROCESSES = 2
_BEYOND_ADDRESS_SPACE = 1 << 48
"""Bytes. Linux gives a process on x86-64 and arm64 less address space, so this allocation fails on every machine."""


class CheckError(Exception):
    """A check failed. The message is one line with the expected and the actual result."""


@dataclass(frozen=True)
class Machine:
    """The checked machine."""

    device: Device
    gpus: tuple[Gpu, ...]
    """Visible GPUs; empty for the device `cpu`."""
    inference_python: Path
    """Python with the packages of the inference image."""
    training_python: Path
    """Python with the packages of the training image."""
    folder: Path
    """Folder for checkpoints and models, deleted at the end."""

    @property
    def processes(self) -> int:
        """Maximum number of processes of a training run: one per GPU, or two on the CPU."""
        return len(self.gpus) if self.device == "cuda" else _CPU_PROCESSES

    @property
    def too_much_memory(self) -> int:
        """A number of bytes that exceeds the memory of the device."""
        return 2 * max(gpu.memory_mib for gpu in self.gpus) << 20 if self.device == "cuda" else _BEYOND_ADDRESS_SPACE


@dataclass(frozen=True)
class Line:
    """One measurement of a check."""

    what: str
    value: str
    skipped: bool = False
    """Whether this machine cannot measure it; `value` then has the reason."""


Check = Callable[[Machine], Iterator[Line]]
"""Yields its measurements one by one. Raises CheckError."""
