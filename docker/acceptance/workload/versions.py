"""`python -m workload.versions`: prints the versions of Python and of the packages that use the GPU as one line of JSON."""

from __future__ import annotations

import json
import platform
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = (
    "numpy",
    "onnxruntime",
    "onnxruntime-gpu",
    "torch",
    "nvidia-cublas-cu12",
    "nvidia-cuda-runtime-cu12",
    "nvidia-cudnn-cu12",
    "nvidia-nccl-cu12",
)


def _installed() -> dict[str, str]:
    found = {"Python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    print(json.dumps(_installed()))
