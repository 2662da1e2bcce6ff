"""The digits loop: resume, train, checkpoint, export. The default of TRAINING_LOOP, and an example to copy."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from digits_training import data
from digits_training.arguments import Arguments, parse_arguments
from digits_training.export import to_onnx
from digits_training.loader import EpochLoader, shared_memory_size
from digits_training.network import Network, NumpyNetwork, State, initial_state
from digits_training.training import Training
from trainer.errors import Interruption, UnrecoverableError
from trainer.files import write_atomically
from trainer.processes.group import Group
from trainer.run import Run


def train(run: Run) -> Mapping[str, Any] | None:
    """Train to the last epoch and export the model. Returns the result for the report."""
    arguments = parse_arguments(run)
    run.begin(arguments.options)
    digits = run.when_permitted("data", lambda: data.load(run.data_dir))
    newest = run.checkpoint.newest()
    if newest is not None and newest.epoch >= arguments.epochs:
        if not run.place.leads:
            print(f"run {run.id} is complete", flush=True)
            return None
        run.alone()
    kept = run.checkpoint.load()
    epoch, step, state = (0, 0, initial_state(arguments.hidden, arguments.seed)) if kept is None else (kept.epoch, kept.step, kept.state)
    with _loader(arguments, digits, epoch + 1) as loader:
        network = _network(run, arguments, dict(state), run.join())
        print(
            f"run {run.id}: {len(digits.train_images)} training images x {arguments.copies}, "
            f"{len(digits.test_images)} held out, on {network.device}, /dev/shm {shared_memory_size() / (1 << 20):.0f} MiB",
            flush=True,
        )
        training = Training(network, arguments.batch_size, epoch, step)
        try:
            _learn(run, arguments, training, network, loader, digits)
        except Interruption:
            path = run.checkpoint.save(network.state(), epoch=training.epoch, step=training.step, wait=True)
            wrote = "" if path is None else f"; wrote {path}"
            print(f"run {run.id}: stopped after epoch {training.epoch}, step {training.step}{wrote}", flush=True)
            raise
    network.close()
    accuracy = round(_accuracy(network, digits), 4)
    model = run.directory / "model.onnx"
    if run.place.leads:
        write_atomically(model, to_onnx(network.state(), {"run_id": run.id, "accuracy": f"{accuracy:.4f}"}))
        run.log_model(model)
    return {
        "accuracy": accuracy,
        "epochs": training.epoch,
        "device": network.device,
        "shm_bytes": shared_memory_size(),
        "shm_used_bytes": loader.size,
        "resumed_from_epoch": None if kept is None else kept.epoch,
        "model": str(model),
    }


def _learn(run: Run, arguments: Arguments, training: Training, network: Network, loader: EpochLoader, digits: data.Digits) -> None:
    for epoch, images, labels in loader.epochs(run.check):
        begun = time.monotonic()
        loss = training.learn(epoch, images, labels, run.heartbeat)
        seconds = time.monotonic() - begun
        run.checkpoint.save(network.state(), epoch=epoch, step=training.step)
        if run.place.leads:
            accuracy = _accuracy(network, digits)
            print(f"epoch {epoch}/{arguments.epochs}  loss {loss:.4f}  accuracy {accuracy:.4f}  {seconds:.1f} s", flush=True)
            run.report(epoch, {"loss": loss, "accuracy": accuracy})


def _accuracy(network: Network, digits: data.Digits) -> float:
    return float((network.classify(digits.test_images) == digits.test_labels).mean())


def _loader(arguments: Arguments, digits: data.Digits, first_epoch: int) -> EpochLoader:
    return EpochLoader(
        digits.train_images,
        digits.train_labels,
        seed=arguments.seed,
        copies=arguments.copies,
        first_epoch=first_epoch,
        last_epoch=arguments.epochs,
        slots=arguments.prefetch,
        minimum=arguments.min_shm,
    )


def _network(run: Run, arguments: Arguments, state: State, group: Group) -> Network:
    if arguments.backend == "numpy":
        return NumpyNetwork(state, arguments.learning_rate, group)
    try:
        from digits_training.torch_network import TorchNetwork
    except ModuleNotFoundError:
        raise UnrecoverableError("torch is not in this image: build it with --build-arg ENABLE_GPU=true") from None
    return TorchNetwork(state, arguments.learning_rate, group, run.device)
