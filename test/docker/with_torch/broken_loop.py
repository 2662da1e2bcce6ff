"""The loops of the checks, with the failures that the checks must detect. `FAILURE` selects one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from digits_training.loop import train as digits
from trainer.errors import Interruption
from trainer.run import Run
from workload.loop import train as large

_KIND = os.environ.get("FAILURE", "")


def train(run: Run) -> Mapping[str, Any] | None:
    """Run the digits loop, with the failure in FAILURE."""
    try:
        result = digits(run)
    # After SIGTERM, a process may first detect that the other one stopped.
    except Interruption:
        if _KIND == "status":
            sys.exit(1)
        if _KIND == "hangs":
            time.sleep(600)
        if _KIND == "forgets" and run.place.leads:
            for checkpoint in run.directory.glob("*.ckpt"):
                checkpoint.unlink()
        raise
    if result is not None and _KIND == "device":
        return {**result, "device": "NVIDIA L4"}
    if result is not None and _KIND == "model" and result["resumed_from_epoch"]:
        _spoil(run)
    return result


def train_large(run: Run) -> Mapping[str, Any]:
    """Run the large loop, with the failure in FAILURE."""
    if _KIND == "swallows-memory":
        try:
            return large(run)
        except RuntimeError:
            return {"device": "cpu"}
    if _KIND == "no-message":
        sys.exit(1)
    result = large(run)
    losses = list(result["losses"])
    if _KIND == "loss" and run.place.size > 1:
        losses[-1] += 0.01
    if _KIND == "learns-nothing":
        losses = [losses[0]] * len(losses)
    return {**result, "losses": losses}


def _spoil(run: Run) -> None:
    from digits_training.export import to_onnx
    from trainer.checkpoints.store import newest

    checkpoint = newest(run.directory)
    assert checkpoint is not None
    state = {**checkpoint.state, "b2": checkpoint.state["b2"] + 0.1}
    (run.directory / "model.onnx").write_bytes(to_onnx(state, {}))
