"""`python -m trainer`: exits 0 on success, 42 if a retry cannot help, 1 if it may, 143 after SIGTERM with a checkpoint written.

If one of several training processes ends early, the others exit with 75. With PET_NPROC_PER_NODE above 1, this process starts that
many others, one per GPU, and exits with a status for all of them.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from types import FrameType

from trainer.dvc_data import pull_data
from trainer.errors import (
    EXIT_PEER_LOST,
    EXIT_RETRYABLE,
    EXIT_STOPPED,
    EXIT_UNRECOVERABLE,
    PeerLostError,
    RetryableError,
    StoppedError,
    UnrecoverableError,
)
from trainer.processes.launch import launch, parse_layout
from trainer.settings import Settings, parse_settings


def main() -> int:
    """Run the trainer with the process's arguments and environment; returns the exit status."""
    write_whole_lines()
    stop = False

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        nonlocal stop
        stop = True

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    try:
        settings = parse_settings(sys.argv[1:], os.environ)
        layout = parse_layout(os.environ)
        if settings.dvc_data is not None:
            data = pull_data(settings.dvc_data, Path(tempfile.gettempdir(), "dvc"), settings.heartbeat_file, lambda: stop)
            settings = replace(settings, data_dir=data, dvc_data=None)
            # The processes that this one starts inherit the variable.
            os.environ["DATA_DIR"] = str(data)
            del os.environ["DVC_DATA"]
        if layout is not None:
            return launch([sys.executable, "-m", "trainer", *sys.argv[1:]], layout, os.environ, settings.heartbeat_file, lambda: stop)
        train(settings, lambda: stop)
    except (UnrecoverableError, RetryableError) as problem:
        print(f"error: {problem}", file=sys.stderr, flush=True)
        return EXIT_RETRYABLE if isinstance(problem, RetryableError) else EXIT_UNRECOVERABLE
    except (StoppedError, PeerLostError) as reason:
        print(reason, flush=True)
        # SIGTERM may reach several processes at once. This one reports its own stop, even if a peer stopped first.
        return EXIT_STOPPED if stop else EXIT_PEER_LOST
    return 0


def write_whole_lines() -> None:
    """Write each line in one call. The processes of a pod share a log, and PYTHONUNBUFFERED splits a line into several writes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(line_buffering=True, write_through=False)


def train(settings: Settings, stopped: Callable[[], bool]) -> None:
    """Call the loop and print its report. Raises the loop's exceptions."""
    # Imported after the settings are checked, because importing the loop's libraries takes a while.
    from trainer.loop import load_loop
    from trainer.run import Run

    with Run(settings, stopped) as run:
        line = run.finish(load_loop(settings.loop)(run))
    if line is not None:
        print(line, flush=True)
        if settings.report_file is not None:
            settings.report_file.write_text(line)


if __name__ == "__main__":
    sys.exit(main())
