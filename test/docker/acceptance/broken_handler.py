"""A handler with the failures that the checks must detect. `FAILURE` selects one."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from workload.handler import EXAMPLE, load, parse
from workload.handler import predict as right

__all__ = ["EXAMPLE", "load", "parse", "predict"]

_LARGE = 1 << 40
_KIND = os.environ.get("FAILURE", "")
_seen = Path(os.environ.get("MODEL_DIR", "/tmp")) / "seen"


def predict(model: Any, batch: list[dict[str, Any]]) -> list[dict[str, float]]:
    """Return the correct answer unless FAILURE is set."""
    large = any(request.get("bytes", 0) > _LARGE for request in batch)
    if large and _KIND == "answers":
        return [{"sum": 0.0} for _ in batch]
    if large and _KIND == "hangs":
        time.sleep(600)
    if large and _KIND == "stays-broken":
        _seen.touch()
    if _seen.exists():
        raise MemoryError("the memory was not given back")
    if any(request.get("fail") for request in batch) and _KIND == "unnoticed":
        raise ValueError("an error that names no device")
    return right(model, batch)
