"""The model in PyTorch, on one GPU per process. Its state is compatible with the NumPy backend."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from digits_training.data import CLASSES, MAXIMUM, PIXELS, Images, Labels
from digits_training.network import BETA1, BETA2, EPSILON, State
from trainer.processes.group import Group
from trainer.processes.with_torch import distributed, noticing_lost_peers, torch_device


class TorchNetwork:
    """The model on the process's GPU or on the CPU. DistributedDataParallel averages the gradients across processes."""

    def __init__(self, state: State, learning_rate: float, group: Group, device: str) -> None:
        """Join the process group at MASTER_ADDR and MASTER_PORT. Raises UnrecoverableError if the process has no GPU."""
        self._group = group
        self._device = torch_device(device, group.place)
        self.device = torch.cuda.get_device_name(self._device) if device != "cpu" else "cpu"
        # Exclude emulation: GPUs before Ampere compute bf16 more slowly than float32.
        self._bf16 = device != "cpu" and torch.cuda.is_bf16_supported(including_emulation=False)
        first, second = torch.nn.Linear(PIXELS, len(state["b1"])), torch.nn.Linear(len(state["b1"]), CLASSES)
        # torch.nn.Linear stores its weights transposed, as (outputs, inputs).
        self._parameters = {"w1": first.weight, "b1": first.bias, "w2": second.weight, "b2": second.bias}
        self._module = torch.nn.Sequential(first, torch.nn.ReLU(), second)
        for name, parameter in self._parameters.items():
            parameter.data = self._tensor(state[name])
        self._optimizer = torch.optim.Adam(self._parameters.values(), lr=learning_rate, betas=(BETA1, BETA2), eps=EPSILON)
        for name, parameter in self._parameters.items():
            moments = {"exp_avg": self._tensor(state[f"m.{name}"]), "exp_avg_sq": self._tensor(state[f"v.{name}"])}
            self._optimizer.state[parameter] = {"step": torch.tensor(0.0), **moments}
        self._learner = distributed(self._module, self._device, group.place)

    def step(self, images: Images, labels: Labels, number: int) -> float:
        """See Network."""
        with noticing_lost_peers(self._group.place):
            return self._step(images, labels, number)

    def _step(self, images: Images, labels: Labels, number: int) -> float:
        place, share = self._group.place, self._group.share
        targets = torch.from_numpy(labels[share].astype(np.int64)).to(self._device)
        # Detect a stopped process before the step, because NCCL would wait for it until its timeout. Processes stop between steps.
        if place.size > 1:
            self._group.barrier()
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._bf16):
            logits = self._learner(self._inputs(images[share]))
            total = torch.nn.functional.cross_entropy(logits, targets, reduction="sum")
        # DistributedDataParallel divides by the number of processes, so scale the loss to the mean over the whole batch.
        loss = total * (place.size / len(images))
        self._optimizer.zero_grad()
        loss.backward()
        mean = loss.detach() / place.size
        if place.size > 1:
            torch.distributed.all_reduce(mean)
        for parameter in self._parameters.values():
            self._optimizer.state[parameter]["step"].fill_(number - 1)
        self._optimizer.step()
        return float(mean.item())

    def classify(self, images: Images) -> NDArray[np.int64]:
        """See Network."""
        with torch.no_grad():
            return np.asarray(self._module(self._inputs(images)).argmax(dim=1).cpu().numpy(), dtype=np.int64)

    def state(self) -> State:
        """See Network."""
        state: State = {}
        for name, parameter in self._parameters.items():
            moments = self._optimizer.state[parameter]
            state[name] = self._array(parameter)
            state[f"m.{name}"], state[f"v.{name}"] = self._array(moments["exp_avg"]), self._array(moments["exp_avg_sq"])
        return state

    def close(self) -> None:
        """See Network."""
        if self._group.place.size > 1:
            torch.distributed.destroy_process_group()

    def _inputs(self, images: Images) -> Any:
        return torch.from_numpy(images.copy()).to(self._device) / MAXIMUM

    def _tensor(self, array: NDArray[np.float32]) -> Any:
        return torch.from_numpy(array.T.copy()).to(self._device)

    @staticmethod
    def _array(tensor: Any) -> NDArray[np.float32]:
        return np.asarray(tensor.detach().cpu().numpy().T.copy(), dtype=np.float32)
