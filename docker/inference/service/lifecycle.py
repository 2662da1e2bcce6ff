"""The current state of the service."""

from __future__ import annotations

from shared.model import Model


class Lifecycle:
    """Loading, serving or draining."""

    def __init__(self) -> None:
        self.model: Model | None = None
        self.draining = False
        """Set on SIGTERM; /ready then answers 503 and every answer closes its connection."""
        self.failure: Exception | None = None
        """Why the model could not be loaded."""
