"""Converts the body of a request or task to the handler's input, and the handler's result to the response."""

from __future__ import annotations

import json
from typing import Any

from serving.model.handler import describe, guarded
from serving.model.loaded import Loaded
from shared.errors import BadInputError


class FormatError(Exception):
    """The handler's `format` raised, or returned a value that is not JSON."""

    def __init__(self, cause: Exception, file: str) -> None:
        super().__init__(describe(cause, file))
        self.cause = cause
        self.description = describe(cause, file)


def parse_body(loaded: Loaded, body: bytes) -> Any:
    """The input in a body. Raises BadInputError."""
    try:
        return guarded(loaded.handler.parse, body)
    except BadInputError:
        raise
    except ValueError as problem:
        raise BadInputError(" ".join(str(problem).split()), 400) from None
    except Exception as problem:
        # A client can make `parse` fail at will, so this does not count as a failure of the model.
        raise BadInputError(f"the body cannot be read: {describe(problem)}", 400) from None


def format_result(loaded: Loaded, result: Any) -> bytes:
    """The response as JSON. Raises FormatError."""
    try:
        value = guarded(loaded.handler.format, result)
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain).encode()
    except Exception as problem:
        raise FormatError(problem, loaded.handler.file) from None


def _plain(value: Any) -> Any:
    """Converts NumPy arrays and numbers and PyTorch tensors to lists and numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is not JSON")
