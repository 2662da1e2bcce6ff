"""Classifies 8x8 images of handwritten digits, as the service does.

This is an example: replace the file to use another model. A service and a worker can use the same handler.
"""

from __future__ import annotations

from digits.handler import EXAMPLE, format, load, parse, predict

__all__ = ["EXAMPLE", "format", "load", "parse", "predict"]
