"""`python -m trainer`: exits 0 when trained, 42 when a retry cannot help, 1 when it may, 143 after SIGTERM with a checkpoint written.

Of several processes that train together, those that are left when one has ended exit with 75.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

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
from trainer.settings import parse_settings


def main() -> int:
    """Run with the process's arguments and environment; returns the exit status."""
    stop = False

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        nonlocal stop
        stop = True

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    try:
        settings = parse_settings(sys.argv[1:], os.environ)
        # Imported after the arguments are checked, because numpy and onnx take a while.
        from trainer.run import report, run

        result = run(settings, lambda: stop)
    except (UnrecoverableError, RetryableError) as problem:
        print(f"error: {problem}", file=sys.stderr, flush=True)
        return EXIT_RETRYABLE if isinstance(problem, RetryableError) else EXIT_UNRECOVERABLE
    except (StoppedError, PeerLostError) as reason:
        print(reason, flush=True)
        # Who was asked to stop says so, also where a peer was faster: both may be told at once.
        return EXIT_STOPPED if stop else EXIT_PEER_LOST
    if result is not None:
        line = report(result)
        print(line, flush=True)
        if settings.report_file is not None:
            settings.report_file.write_text(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
