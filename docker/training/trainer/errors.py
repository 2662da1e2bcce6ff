"""Errors, by what the user of the run should do about them."""

EXIT_RETRYABLE = 1
"""Exit status of a failure that a retry may fix. It counts as one of the Job's attempts (backoffLimit)."""

EXIT_UNRECOVERABLE = 42
"""Exit status that tells the Job's pod failure policy that a retry would fail in the same way."""

EXIT_PEER_LOST = 75
"""Exit status of a healthy process that stopped because another process of its run did (EX_TEMPFAIL of sysexits.h). The Job's
pod failure policy replaces it without counting a failure: only the end of the other process counts."""

EXIT_STOPPED = 143
"""Exit status after SIGTERM (128 + 15): the run is unfinished and its checkpoint is written."""


class UnrecoverableError(Exception):
    """A retry cannot fix this: wrong arguments, unusable data, too little shared memory, no driver."""


class RetryableError(Exception):
    """A retry may succeed."""


class DeadlineError(UnrecoverableError):
    """The run has reached its deadline."""


class StoppedError(Exception):
    """The process was asked to stop."""

    def __init__(self) -> None:
        super().__init__("asked to stop")


class PeerLostError(Exception):
    """Another process of the run has stopped or disappeared."""
