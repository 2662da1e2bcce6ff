"""Errors by what the one who started the run should do about them."""

EXIT_UNRECOVERABLE = 42
"""Exit status that tells the Job's pod failure policy that another attempt would end the same way."""

EXIT_STOPPED = 143
"""Exit status after SIGTERM (128 + 15): the run is unfinished and its checkpoint is written."""


class UnrecoverableError(Exception):
    """A retry cannot mend this: wrong arguments, unusable data, too little shared memory, no driver."""
