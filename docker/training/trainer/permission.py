"""Waits for a permission, because an IAM grant takes minutes to take effect."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from trainer.errors import RetryableError

GRANT_SECONDS = 120.0
"""How long to retry after a permission error. Most grants take effect within two minutes, some after seven or more
(https://cloud.google.com/iam/docs/access-change-propagation); the Job's retries cover those."""

_PAUSE_SECONDS = 1.0

Result = TypeVar("Result")


def when_permitted(what: str, attempt: Callable[[], Result], waiting: Callable[[], None]) -> Result:
    """The result of `attempt`, which is retried while it raises PermissionError.

    Calls `waiting` about every second; an exception from it ends the wait. Raises RetryableError after GRANT_SECONDS.
    """
    deadline: float | None = None
    while True:
        try:
            return attempt()
        except PermissionError as problem:
            if deadline is None:
                deadline = time.monotonic() + GRANT_SECONDS
                print(
                    f"{what}: {problem.strerror}; retrying for {GRANT_SECONDS:.0f} s, because a new grant takes minutes to take effect",
                    flush=True,
                )
            if time.monotonic() >= deadline:
                raise RetryableError(
                    f"{what}: {problem.strerror}, after retries for {GRANT_SECONDS:.0f} s: check the owner, or the grant on the bucket"
                ) from None
        waiting()
        time.sleep(_PAUSE_SECONDS)
