"""Writes some held-out digits as JSON, and prints the accuracy of a model on all of them.

`python held_out.py model.onnx held-out-digits.json`; `python3 docker/dev.py model` runs it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

from digits_training import data

_EACH = 2


def main(model: Path, target: Path) -> None:
    """Score the model, and keep the first two held-out images of each digit, with right and wrong predictions alike."""
    digits = data.load(None)
    session = onnxruntime.InferenceSession(model.read_bytes(), providers=["CPUExecutionProvider"])
    (probabilities,) = session.run(["probabilities"], {"pixels": digits.test_images})
    accuracy = float((np.asarray(probabilities).argmax(axis=1) == digits.test_labels).mean())
    chosen = sorted(int(index) for digit in range(data.CLASSES) for index in np.flatnonzero(digits.test_labels == digit)[:_EACH])
    kept = [
        {"digit": int(digits.test_labels[index]), "image": digits.test_images[index].astype(int).reshape(data.SIDE, data.SIDE).tolist()}
        for index in chosen
    ]
    target.write_text("[\n" + ",\n".join(f"    {json.dumps(digit)}" for digit in kept) + "\n]\n")
    print(f"{model.name}: {model.stat().st_size} bytes, accuracy {accuracy:.4f} on {len(digits.test_labels)} held-out images")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
