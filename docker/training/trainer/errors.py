"""Errors of a run, grouped by the user's next action."""

EXIT_RETRYABLE = 1
"""Exit status of a failure that a retry may fix. It counts against the Job's backoffLimit."""

EXIT_UNRECOVERABLE = 42
"""Exit status of a failure that a retry cannot fix, for the Job's pod failure policy."""

EXIT_PEER_LOST = 75
"""Exit status of a healthy process that stopped because another process of its run ended (EX_TEMPFAIL of sysexits.h). The Job's
pod failure policy replaces its pod without counting a failure; only the other process counts."""

EXIT_STOPPED = 143
"""Exit status after SIGTERM (128 + 15): the run is unfinished and its checkpoint is written."""


class UnrecoverableError(Exception):
    """A retry cannot fix this: wrong arguments, unusable data, too little shared memory, no driver."""


class RetryableError(Exception):
    """A retry may succeed."""


class Interruption(Exception):  # noqa: N818 -- no failure of the loop
    """The run must stop between two steps. A loop that catches it saves a checkpoint and raises it again."""


class DeadlineError(UnrecoverableError, Interruption):
    """The run has reached its deadline."""


class StoppedError(Interruption):
    """The process was asked to stop."""

    def __init__(self) -> None:
        super().__init__("asked to stop")


class PeerLostError(Interruption):
    """Another process of the run has stopped or disappeared."""
