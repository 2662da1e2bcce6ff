"""A training loop that uses a GPU fully: a network of large layers, with data that is generated on the device."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from typing import Any

import torch

from trainer.processes.with_torch import distributed, noticing_lost_peers, torch_device
from trainer.run import Run
from trainer.settings import positive

_CLASSES = 10
_STEPS = 20
_WARM_UP = 5
"""Steps that do not count for the throughput: libraries choose kernels, and NCCL connects."""


def train(run: Run) -> Mapping[str, Any]:
    """Train a fixed number of steps. The report has the losses, the throughput and the memory."""
    arguments = _arguments(run)
    run.begin(vars(arguments))
    run.join()
    device = torch_device(run.device, run.place)
    # A step must compute the same with any number of processes, so all processes have the same initial weights and batches.
    torch.manual_seed(1)
    model = _network(arguments, device)
    learner = distributed(model, device, run.place)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    losses: list[float] = []
    begun = 0.0
    for step in range(_STEPS):
        run.heartbeat()
        if step == _WARM_UP:
            begun = time.monotonic()
        with noticing_lost_peers(run.place):
            losses.append(_step(run, arguments, learner, optimizer, device, step))
    seconds = time.monotonic() - begun
    if run.place.size > 1:
        torch.distributed.destroy_process_group()
    rate = (_STEPS - _WARM_UP) * arguments.batch_size / seconds
    weights = sum(parameter.numel() for parameter in model.parameters())
    return {
        "device": "cpu" if device.type == "cpu" else torch.cuda.get_device_name(device),
        "losses": [round(loss, 6) for loss in losses],
        "samples_a_second": rate,
        # Each weight takes two operations in the forward pass and four in the backward pass.
        "teraflops": 6 * weights * rate / 1e12,
        "memory_gib": 0.0 if device.type == "cpu" else torch.cuda.max_memory_allocated(device) / 2**30,
    }


def _arguments(run: Run) -> argparse.Namespace:
    parser = run.parser("Train a network of large layers.")
    parser.add_argument("--width", type=positive, default=4096, help="inputs and outputs of a layer (default 4096)")
    parser.add_argument("--layers", type=positive, default=1, help="hidden layers (default 1)")
    parser.add_argument("--batch-size", type=positive, default=8192, help="samples per step, over all processes (default 8192)")
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32", help="of the matrix products (default fp32)")
    return parser.parse_args(list(run.arguments))


def _network(arguments: argparse.Namespace, device: Any) -> Any:
    layers: list[Any] = []
    for _ in range(arguments.layers):
        layer = torch.nn.Linear(arguments.width, arguments.width, device=device)
        torch.nn.init.kaiming_normal_(layer.weight)
        layers += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(arguments.width, _CLASSES, device=device))


def _step(run: Run, arguments: argparse.Namespace, learner: Any, optimizer: Any, device: Any, step: int) -> float:
    place, group = run.place, run.join()
    generator = torch.Generator(device).manual_seed(step)
    inputs = torch.randn(arguments.batch_size, arguments.width, generator=generator, device=device)[group.share]
    targets = inputs[:, :_CLASSES].argmax(dim=1)
    group.barrier()
    with torch.autocast(device.type, torch.bfloat16, enabled=arguments.precision == "bf16"):
        total = torch.nn.functional.cross_entropy(learner(inputs), targets, reduction="sum")
    # DistributedDataParallel divides by the number of processes, so scale the loss to the mean over the whole batch.
    loss = total * (place.size / arguments.batch_size)
    optimizer.zero_grad()
    loss.backward()
    mean = loss.detach() / place.size
    if place.size > 1:
        torch.distributed.all_reduce(mean)
    optimizer.step()
    # Wait for the GPU, so that the measured time includes the computation.
    return float(mean.item())
