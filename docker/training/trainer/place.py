"""The position of a process among those that train together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One process of a run, and how it reaches the others."""

    rank: int = 0
    """Number of the process; 0 writes the checkpoints, the model and the report."""
    size: int = 1
    """Processes that train together."""
    address: str = ""
    """Host of rank 0."""
    port: int = 0
    """Port that rank 0 listens on."""

    @property
    def leads(self) -> bool:
        """Whether this is rank 0."""
        return self.rank == 0
