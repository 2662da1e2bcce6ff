"""torch in the processes of a run: the GPU of each process, the process group, and the loss of a peer during a step.

Only loops that use torch import this module, because the CPU image has no torch.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import torch

from trainer.errors import PeerLostError, UnrecoverableError
from trainer.processes.place import Place

_TIMEOUT = timedelta(minutes=2)
"""How long a step waits for a peer that was killed during the step. Then NCCL ends this process."""

# Gloo has no exception class for these errors. NCCL raises DistBackendError.
_PEER_GONE = re.compile(r"[Cc]onnection (closed|reset|refused)|Broken pipe|[Tt]imed out")


def torch_device(name: str, place: Place) -> Any:
    """The torch device for `run.device`. Makes it torch's current device. Raises UnrecoverableError if the process has no GPU."""
    if name == "cpu":
        return torch.device("cpu")
    count = torch.cuda.device_count()
    if count == 0:
        raise UnrecoverableError("torch sees no GPU: check nvidia.com/gpu in the pod's limits, and CUDA_VISIBLE_DEVICES")
    if place.local_size > count:
        raise UnrecoverableError(
            f"{place.local_size} processes on this node, but torch sees {count} GPUs: lower PET_NPROC_PER_NODE, or raise nvidia.com/gpu"
        )
    if place.local_size < count and place.local_rank == 0:
        unused = count - place.local_size
        print(f"warning: {unused} of {count} GPUs are idle: set PET_NPROC_PER_NODE={count}", file=sys.stderr, flush=True)
    device = torch.device("cuda", place.local_rank)
    torch.cuda.set_device(device)
    return device


def distributed(module: Any, device: Any, place: Place, *, sparse: bool = False) -> Any:
    """Wrap a module to average its gradients over the processes of the run. A single process gets the module itself.

    Set `sparse` if a step may use only some of the parameters, as in a mixture of experts.
    Joins the process group at MASTER_ADDR and MASTER_PORT, with NCCL on GPUs and Gloo on the CPU.
    """
    if place.size == 1:
        return module
    on_gpu = device.type == "cuda"
    torch.distributed.init_process_group("nccl" if on_gpu else "gloo", timeout=_TIMEOUT)
    devices = [device.index] if on_gpu else None
    return torch.nn.parallel.DistributedDataParallel(module, device_ids=devices, find_unused_parameters=sparse)


@contextmanager
def noticing_lost_peers(place: Place) -> Iterator[None]:
    """Convert the errors that a step raises when another process ends during it to PeerLostError."""
    try:
        yield
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as problem:
        if place.size > 1 and _PEER_GONE.search(str(problem)):
            raise PeerLostError(f"lost a process during a step ({str(problem).splitlines()[0]})") from None
        raise
