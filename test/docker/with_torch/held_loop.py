"""The loop of examples/fine-tuning. It waits at a step, so that a test can act during a run, however fast the machine is.

HOLD is the step. GATE is a file: rank 0 creates `<GATE>.begun`, and the run continues once GATE exists.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import loop
from trainer.run import Run


def train(run: Run) -> Mapping[str, Any] | None:
    """Train, and wait after the step HOLD."""
    gate, report = Path(os.environ["GATE"]), run.report

    def hold(step: int, metrics: Mapping[str, float]) -> None:
        report(step, metrics)
        if step != int(os.environ["HOLD"]):
            return
        if run.place.leads:
            Path(f"{gate}.begun").touch()
        while not gate.exists():
            run.heartbeat()
            time.sleep(0.02)

    run.report = hold  # type: ignore[method-assign]
    return loop.train(run)
