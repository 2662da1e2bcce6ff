"""The model on a GPU, with torch. Starts from, and returns, the same state as the numpy backend."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import torch
from numpy.typing import NDArray

from trainer.data import MAXIMUM, Images, Labels
from trainer.errors import UnrecoverableError
from trainer.group import Group
from trainer.network import BETA1, BETA2, EPSILON, WEIGHTS, State

_NCCL_TIMEOUT = timedelta(minutes=2)
"""How long NCCL waits for a peer that was killed during a step; then it ends this process."""


class TorchNetwork:
    """The model on the first visible GPU; several processes add up their gradients with NCCL."""

    def __init__(self, state: State, learning_rate: float, group: Group) -> None:
        if not torch.cuda.is_available():
            raise UnrecoverableError("torch sees no GPU: check nvidia.com/gpu in the pod's limits, and CUDA_VISIBLE_DEVICES")
        self._device = torch.device("cuda", 0)
        self.device = torch.cuda.get_device_name(self._device)
        self._learning_rate = learning_rate
        self._group = group
        self._state = {name: torch.from_numpy(array.copy()).to(self._device) for name, array in state.items()}
        for name in WEIGHTS:
            self._state[name].requires_grad_()
        place = group.place
        if place.size > 1:
            torch.cuda.set_device(self._device)
            meeting = f"tcp://{place.address}:{place.port + 1}"
            torch.distributed.init_process_group("nccl", init_method=meeting, rank=place.rank, world_size=place.size, timeout=_NCCL_TIMEOUT)

    def step(self, images: Images, labels: Labels, number: int) -> float:
        """See Network."""
        count = len(images)
        logits = self._logits(images[self._group.share])
        targets = torch.from_numpy(labels[self._group.share].astype(np.int64)).to(self._device)
        loss = torch.nn.functional.cross_entropy(logits, targets, reduction="sum") / count
        weights = [self._state[name] for name in WEIGHTS]
        shares = [*torch.autograd.grad(loss, weights), loss.detach()]
        total = self._total(torch.cat([part.reshape(-1) for part in shares]))
        *gradients, loss = total.split([part.numel() for part in shares])
        rate = self._learning_rate * (1 - BETA2**number) ** 0.5 / (1 - BETA1**number)
        with torch.no_grad():
            for name, weight, gradient in zip(WEIGHTS, weights, gradients, strict=True):
                gradient = gradient.view_as(weight)
                first = self._state[f"m.{name}"].lerp_(gradient, 1 - BETA1)
                second = self._state[f"v.{name}"].lerp_(gradient * gradient, 1 - BETA2)
                weight -= rate * first / (second.sqrt() + EPSILON)
        return float(loss.item())

    def _total(self, vector: torch.Tensor) -> torch.Tensor:
        if self._group.place.size > 1:
            # NCCL would wait for one that has stopped until its time-out. Here it is known before: who stops does so between steps.
            self._group.barrier()
            torch.distributed.all_reduce(vector)
        return vector

    def classify(self, images: Images) -> NDArray[np.int64]:
        """See Network."""
        with torch.no_grad():
            return np.asarray(self._logits(images).argmax(dim=1).cpu().numpy(), dtype=np.int64)

    def state(self) -> State:
        """See Network."""
        return {name: tensor.detach().cpu().numpy().copy() for name, tensor in self._state.items()}

    def _logits(self, images: Images) -> torch.Tensor:
        inputs = torch.from_numpy(images.copy()).to(self._device) / MAXIMUM
        hidden = torch.relu(inputs @ self._state["w1"] + self._state["b1"])
        return hidden @ self._state["w2"] + self._state["b2"]
