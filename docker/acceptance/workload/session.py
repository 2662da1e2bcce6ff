"""`python -m workload.session model.onnx DEVICE`: prints the execution provider of each node, and the throughput by batch size."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnxruntime

from shared.cpus import prediction_threads
from shared.onnx_session import Device, open_session

BATCH_SIZES = (1, 16, 256, 4096)

_SECONDS = 1.0


def nodes_by_provider(path: Path, device: Device) -> dict[str, int]:
    """Number of nodes on each execution provider, from ONNX Runtime's profile of one prediction."""
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.enable_profiling = True
        options.profile_file_prefix = f"{folder}/profile"
        session = onnxruntime.InferenceSession(path, options, providers=open_session(path, device, 1).get_providers())
        session.run(None, _inputs(session, 1))
        events = json.loads(Path(session.end_profiling()).read_text())
    return dict(Counter(event["args"]["provider"] for event in events if event.get("args", {}).get("provider")))


def images_a_second(path: Path, device: Device) -> dict[int, float]:
    """Throughput of the model without the service, by batch size."""
    session = open_session(path, device, prediction_threads(os.environ))
    measured = {}
    for size in BATCH_SIZES:
        inputs = _inputs(session, size)
        for _ in range(5):
            session.run(None, inputs)
        begun, done = time.monotonic(), 0
        while time.monotonic() < begun + _SECONDS:
            session.run(None, inputs)
            done += size
        measured[size] = done / (time.monotonic() - begun)
    return measured


def _inputs(session: Any, size: int) -> dict[str, Any]:
    generator = np.random.default_rng(0)
    return {"pixels": generator.uniform(0, 16, (size, session.get_inputs()[0].shape[1])).astype(np.float32)}


if __name__ == "__main__":
    model, chosen = Path(sys.argv[1]), cast(Device, sys.argv[2])
    print(json.dumps({"nodes": nodes_by_provider(model, chosen), "images_a_second": images_a_second(model, chosen)}))
