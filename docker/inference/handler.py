"""Classifies 8x8 images of handwritten digits.

This is an example: replace the file to serve another model. docs/docker.md describes the functions. The functions for digits are in
docker/common, because the worker uses the same model.
"""

from __future__ import annotations

from digits.handler import EXAMPLE, format, load, parse, predict

__all__ = ["EXAMPLE", "format", "load", "parse", "predict"]
