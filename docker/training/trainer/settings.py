"""Options and environment variables of the platform, validated before anything is loaded."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn

from trainer.errors import UnrecoverableError
from trainer.processes.place import Place
from trainer.variables import host, whole

Device = Literal["cpu", "cuda"]

TRACKERS = ("mlflow", "tensorboard", "wandb")

DEFAULT_LOOP = "digits_training.loop:train"

_RUN_ID = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


@dataclass(frozen=True)
class Settings:
    """The platform's settings of a run, fully resolved."""

    run_id: str
    """ID of the run, and name of its checkpoint folder. From RUN_ID, default `local`."""
    loop: str
    """The training loop, as `package.module:function`. From TRAINING_LOOP, default DEFAULT_LOOP."""
    arguments: tuple[str, ...]
    """The loop's own arguments."""
    checkpoint_dir: Path
    """Folder for checkpoints and the exported model. From CHECKPOINT_DIR, default `/tmp/checkpoints`."""
    data_dir: Path | None
    """Folder with the training data. From DATA_DIR, default none."""
    dvc_data: Path | None
    """Folder with the training data, in a DVC repository, to pull before the run starts. From DVC_DATA, default none."""
    tensorboard_dir: Path | None
    """Where the tensorboard tracker writes. From TENSORBOARD_DIR, default `tensorboard/` next to the run's checkpoints."""
    heartbeat_file: Path
    """Touched about every second while training makes progress. From HEARTBEAT_FILE, default `/tmp/training_alive`."""
    report_file: Path | None
    """File for a copy of the printed report. From REPORT_FILE, default none. A pod sets it to its termination log, so that the pod status
    contains the report."""
    deadline_seconds: int | None
    """Longest training time over all attempts, without waiting times. From DEADLINE_SECONDS, default no limit."""
    place: Place
    """Position of this process in the process group, from torchrun's variables RANK, WORLD_SIZE, LOCAL_RANK, LOCAL_WORLD_SIZE,
    MASTER_ADDR and MASTER_PORT. Default: a single process."""
    device: Device
    """From `--device` or DEVICE, default `cuda` in the CUDA image, which has ENABLE_GPU=true, and `cpu` elsewhere."""
    trackers: tuple[str, ...]
    """From `--tracker` or TRACKERS (comma-separated), default none."""
    keep: int
    """Number of newest checkpoints to keep. From `--keep`, default 3."""


class Parser(argparse.ArgumentParser):
    """A parser that raises UnrecoverableError."""

    def error(self, message: str) -> NoReturn:
        """Raise UnrecoverableError instead of exiting with 2, which the Job would retry."""
        raise UnrecoverableError(f"{message} (see python -m trainer --help)")


def positive(text: str) -> int:
    """A whole number of at least 1."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def options_parser() -> Parser:
    """The platform's options, which are the same for every loop."""
    parser = Parser(prog="python -m trainer", add_help=False, allow_abbrev=False)
    group = parser.add_argument_group("platform")
    group.add_argument("--device", choices=("cpu", "cuda"), help="default: DEVICE, or by the image")
    group.add_argument("--tracker", choices=TRACKERS, action="append", help="may be repeated")
    group.add_argument("--keep", type=positive, default=3, help="newest checkpoints to keep (default 3)")
    return parser


def parse_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Settings of a run. Other arguments are passed on to the loop.

    Raises UnrecoverableError, which names the invalid argument or variable.
    """
    parsed, rest = options_parser().parse_known_args(list(arguments))
    run_id = environment.get("RUN_ID") or "local"
    if _RUN_ID.fullmatch(run_id) is None:
        raise UnrecoverableError(f"RUN_ID={run_id!r}: it must be at most 63 letters, digits, dots, dashes and underscores")
    trackers = parsed.tracker or [name for name in environment.get("TRACKERS", "").split(",") if name]
    for name in trackers:
        if name not in TRACKERS:
            raise UnrecoverableError(f"TRACKERS={environment.get('TRACKERS')}: unknown tracker {name}, use {', '.join(TRACKERS)}")
    return Settings(
        run_id=run_id,
        loop=environment.get("TRAINING_LOOP") or DEFAULT_LOOP,
        arguments=tuple(rest),
        checkpoint_dir=Path(environment.get("CHECKPOINT_DIR") or "/tmp/checkpoints"),
        data_dir=_path(environment, "DATA_DIR"),
        dvc_data=_dvc_data(environment),
        tensorboard_dir=_path(environment, "TENSORBOARD_DIR"),
        report_file=_path(environment, "REPORT_FILE"),
        heartbeat_file=Path(environment.get("HEARTBEAT_FILE") or "/tmp/training_alive"),
        deadline_seconds=whole(environment, "DEADLINE_SECONDS", 1, None) if environment.get("DEADLINE_SECONDS") else None,
        place=_place(environment),
        device=_device(parsed.device, environment),
        trackers=tuple(dict.fromkeys(trackers)),
        keep=parsed.keep,
    )


def _device(chosen: Device | None, environment: Mapping[str, str]) -> Device:
    device = chosen or environment.get("DEVICE") or ("cuda" if environment.get("ENABLE_GPU") == "true" else "cpu")
    if device not in ("cpu", "cuda"):
        raise UnrecoverableError(f"DEVICE={device}: it must be cpu or cuda")
    return "cuda" if device == "cuda" else "cpu"


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(name)
    return Path(value) if value else None


def _dvc_data(environment: Mapping[str, str]) -> Path | None:
    tracked = _path(environment, "DVC_DATA")
    if tracked is None:
        return None
    if environment.get("DATA_DIR"):
        raise UnrecoverableError("DATA_DIR and DVC_DATA are both set: set only one of them")
    if "LOCAL_RANK" in environment:
        raise UnrecoverableError("DVC_DATA cannot be pulled by each process of torchrun: start them with PET_NPROC_PER_NODE")
    if not tracked.is_absolute():
        raise UnrecoverableError(f"DVC_DATA={tracked}: it must be an absolute path")
    return tracked


def _place(environment: Mapping[str, str]) -> Place:
    size = whole(environment, "WORLD_SIZE", 1, None, "1")
    if size == 1:
        return Place()
    when = f"with WORLD_SIZE={size} "
    local_size = whole(environment, "LOCAL_WORLD_SIZE", 1, size, "1", when)
    return Place(
        whole(environment, "RANK", 0, size - 1, when=when),
        size,
        host(environment, "MASTER_ADDR", when=when),
        whole(environment, "MASTER_PORT", 1, 65534, when=when),
        whole(environment, "LOCAL_RANK", 0, local_size - 1, "0", f"with LOCAL_WORLD_SIZE={local_size} "),
        local_size,
    )
