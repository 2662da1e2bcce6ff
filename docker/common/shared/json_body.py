"""Reads JSON that a client sent."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from shared.errors import BadInputError


def parse_json(body: bytes) -> Any:
    """The JSON value of a body. Raises BadInputError with status 400 if it is not JSON; NaN and Infinity are not JSON."""
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except RecursionError:
        raise BadInputError("the body is nested too deeply", 400) from None
    except ValueError as problem:
        # ValueError also covers invalid UTF-8, and integers with thousands of digits.
        raise BadInputError(f"the body is not JSON: {problem}", 400) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
