"""Exceptions that a handler raises to tell the service why it failed."""

from __future__ import annotations


class BadInputError(Exception):
    """The request is invalid, and the client must change it."""

    def __init__(self, reason: str, status: int = 422) -> None:
        super().__init__(reason)
        self.reason = reason
        """One line for the client, in the field `error` of the response."""
        self.status = status
        """HTTP status of the response, 400 to 499. Default 422."""


class DeviceError(Exception):
    """The GPU failed, so no later prediction of this process can succeed. `/health` fails from then on."""


class ModelError(Exception):
    """The model is missing, unreadable, or has the wrong shape. The message is one line with the reason."""
