"""The current state of the service."""

from __future__ import annotations

from serving.model.loaded import Loaded


class Lifecycle:
    """Loading, serving or draining."""

    def __init__(self) -> None:
        self.model: Loaded | None = None
        self.draining = False
        """Set on SIGTERM. /ready then answers 503, and every response closes its connection."""
        self.failure: Exception | None = None
        """Why the model could not be loaded."""
