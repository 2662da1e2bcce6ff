"""`python -m workload.difference one.onnx other.onnx`: prints the greatest difference of a weight."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper


def _weights(file: Path) -> dict[str, NDArray[np.float32]]:
    return {tensor.name: np.asarray(numpy_helper.to_array(tensor)) for tensor in onnx.load(file).graph.initializer}


if __name__ == "__main__":
    one, other = (_weights(Path(name)) for name in sys.argv[1:3])
    print(json.dumps(max(float(np.abs(one[name] - other[name]).max()) for name in one.keys() | other.keys())))
