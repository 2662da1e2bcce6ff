"""Trains a language model of Hugging Face transformers, on one GPU per process or on the CPU."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForCausalLM, AutoTokenizer

from text import Blocks
from trainer.errors import UnrecoverableError
from trainer.processes.group import Group
from trainer.processes.with_torch import distributed, noticing_lost_peers, torch_device
from trainer.run import Run

State = dict[str, NDArray[Any]]
"""The weights and AdamW's state of each, in float32, by the names of the model's parameters."""

_KEPT = ("step", "exp_avg", "exp_avg_sq")
_EXPERTS = ("num_local_experts", "num_experts", "n_routed_experts")
"""Settings that identify the configuration of a mixture of experts."""

_MOST_NORM = 1.0


def load_tokenizer(folder: Path) -> Any:
    """The tokenizer in the model's folder. Raises UnrecoverableError if it has no end-of-text token."""
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    if tokenizer.eos_token_id is None:
        raise UnrecoverableError(f"the tokenizer in {folder} has no eos_token, which separates the texts")
    return tokenizer


class CausalModel:
    """The model and its optimizer. DistributedDataParallel averages the gradients across processes."""

    def __init__(self, folder: Path, run: Run, *, group: Group, seed: int) -> None:
        """Load the model from its folder to the process's device."""
        self._group = group
        self._seed = seed
        self._device = torch_device(run.device, run.place)
        # Keep the weights in float32, so that small updates are not lost. Exclude emulation: GPUs before Ampere compute bf16 more slowly.
        self._bf16 = self._device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
        self._model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype=torch.float32).to(self._device)
        self._parameters = {name: value for name, value in self._model.named_parameters() if value.requires_grad}
        self._optimizer = torch.optim.AdamW(self._parameters.values())
        self._learner = self._model

    @property
    def longest(self) -> int:
        """The model's maximum number of tokens per block."""
        return int(getattr(self._model.config, "max_position_embeddings", 1 << 31))

    def start(self, state: State | None) -> None:
        """Start from the state of a checkpoint, or from the weights of the folder."""
        if state is not None:
            with torch.no_grad():
                for name, parameter in self._parameters.items():
                    parameter.copy_(torch.from_numpy(state[name]))
                    kept = {key: torch.from_numpy(state[f"{key}.{name}"]) for key in _KEPT if f"{key}.{name}" in state}
                    # AdamW keeps the step count of a parameter on the CPU.
                    self._optimizer.state[parameter] = {
                        key: value.to(self._device) if key != "step" else value for key, value in kept.items()
                    }
        sparse = any(getattr(self._model.config, name, None) is not None for name in _EXPERTS)
        self._learner = distributed(self._model, self._device, self._group.place, sparse=sparse)

    def step(self, rows: Blocks, number: int, rate: float) -> float:
        """Train on the rows; each process takes its share. Returns the mean loss.

        Randomness depends only on the step number, so a resumed run draws the same values. Raises PeerLostError if another process has
        ended.
        """
        self._model.train()
        place = self._group.place
        torch.manual_seed(self._seed + number * place.size + place.rank)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        # Detect a stopped process before the step, because NCCL would wait for it until its timeout. Processes stop between steps.
        self._group.barrier()
        with noticing_lost_peers(place):
            loss = self._loss(self._learner, rows[self._group.share])
            self._optimizer.zero_grad()
            loss.backward()
        mean = self._total(loss.item() / place.size)
        # Update after the last message, so that a step that loses a process does not change weights.
        torch.nn.utils.clip_grad_norm_(self._parameters.values(), _MOST_NORM)
        self._optimizer.step()
        return mean

    def measure(self, rows: Blocks, go_on: Callable[[], None]) -> float:
        """The mean loss of the rows; each process takes its share. Calls `go_on` before each row."""
        self._model.eval()
        total = 0.0
        for row in rows[self._group.share]:
            go_on()
            with torch.no_grad():
                total += self._loss(self._model, row[None]).item()
        return self._total(total) / len(rows)

    def state(self) -> State:
        """A copy of the state that a later attempt resumes from."""
        state: State = {}
        for name, parameter in self._parameters.items():
            state[name] = _array(parameter)
            # The optimizer has no state for a parameter that no step has used yet.
            state |= {f"{key}.{name}": _array(value) for key, value in self._optimizer.state.get(parameter, {}).items()}
        return state

    def save(self, folder: Path) -> None:
        """Write the model in the format of `from_pretrained`."""
        self._model.save_pretrained(folder)

    def close(self) -> None:
        """Leave the process group."""
        if self._group.place.size > 1:
            torch.distributed.destroy_process_group()

    def _total(self, value: float) -> float:
        return float(self._group.total(np.array([value], dtype=np.float32))[0])

    def _loss(self, model: Any, rows: Blocks) -> Any:
        tokens = torch.from_numpy(rows.astype(np.int64)).to(self._device)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._bf16):
            logits = model(input_ids=tokens, attention_mask=torch.ones_like(tokens)).logits
        return torch.nn.functional.cross_entropy(logits[:, :-1].float().flatten(0, 1), tokens[:, 1:].flatten())


def _array(tensor: Any) -> NDArray[np.float32]:
    return np.array(tensor.detach().cpu().numpy(), dtype=np.float32)
