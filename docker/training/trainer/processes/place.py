"""The position of a process in the process group of a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """The rank of a process, and the address of rank 0."""

    rank: int = 0
    """Rank of the process. Rank 0 writes the checkpoints, the model and the report."""
    size: int = 1
    """Number of processes of the run."""
    address: str = ""
    """Host of rank 0."""
    port: int = 0
    """Port on rank 0's host for torch.distributed, which torchrun's agent may use. The run's own messages use the next port."""
    local_rank: int = 0
    """Index of the process on its node, and of its GPU."""
    local_size: int = 1
    """Number of processes on each node."""

    @property
    def leads(self) -> bool:
        """Whether this is rank 0."""
        return self.rank == 0

    @property
    def nodes(self) -> int:
        """Number of nodes of the run."""
        return self.size // self.local_size

    @property
    def message_port(self) -> int:
        """Port on which rank 0 listens for the run's own messages."""
        return self.port + 1
