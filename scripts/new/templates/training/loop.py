"""The training loop of the run {{name}}. docs/docker.md describes `run` under "Your own training"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from model import EXAMPLES, improved, loss
from trainer.errors import Interruption
from trainer.files import write_atomically
from trainer.run import Run

RATE = 0.1
CHECKPOINT_STEPS = 50


def train(run: Run) -> Mapping[str, Any]:
    """Train to the last step and write the model. Returns the result for the report."""
    parser = run.parser("Trains {{name}}.")
    parser.add_argument("--steps", type=int, default=500)
    arguments = parser.parse_args(list(run.arguments))
    # The settings that the weights depend on. A run resumes only with the same values.
    run.begin({"rate": RATE})
    kept = run.checkpoint.load()
    parameters, step = ([0.0, 0.0, 0.0], 0) if kept is None else (kept.state["parameters"].tolist(), kept.step)

    def save(*, wait: bool = False) -> None:
        run.checkpoint.save({"parameters": np.array(parameters)}, epoch=0, step=step, wait=wait)

    try:
        while step < arguments.steps:
            run.heartbeat()
            parameters = improved(parameters, EXAMPLES, RATE)
            step += 1
            if step % CHECKPOINT_STEPS == 0:
                save()
                metrics = {"loss": loss(parameters, EXAMPLES)}
                run.report(step, metrics)
                if run.place.leads:
                    print(f"step {step}/{arguments.steps}  loss {metrics['loss']:.6f}", flush=True)
    except Interruption:
        # After SIGTERM, the deadline, or the loss of a process, the next start resumes from here.
        save(wait=True)
        raise
    save()
    *weights, bias = parameters
    model = run.directory / "weights.json"
    if run.place.leads:
        write_atomically(model, json.dumps({"weights": weights, "bias": bias}).encode())
        run.log_model(model)
    return {"steps": step, "loss": loss(parameters, EXAMPLES), "resumed": kept is not None, "model": str(model)}
