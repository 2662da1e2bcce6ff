"""The training loop: a function that takes the run."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

from trainer.errors import UnrecoverableError
from trainer.run import Run
from trainer.settings import DEFAULT_LOOP

Loop = Callable[[Run], Mapping[str, Any] | None]
"""Trains to the end and returns the result for the report, as JSON values. All processes call it, and the report uses the result of
rank 0."""

_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")


def load_loop(name: str) -> Loop:
    """The function that `package.module:function` names.

    Raises UnrecoverableError if the module or function does not exist. Errors inside the module propagate unchanged.
    """
    if _NAME.fullmatch(name) is None:
        raise UnrecoverableError(f"TRAINING_LOOP={name}: it must be package.module:function, such as {DEFAULT_LOOP}")
    module_name, _, function_name = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as problem:
        # If the module imports a missing package, the original message names it.
        if problem.name is None or not f"{module_name}.".startswith(f"{problem.name}."):
            raise
        raise UnrecoverableError(
            f"TRAINING_LOOP={name}: no module {module_name} in {':'.join(path for path in sys.path if path)}"
        ) from None
    loop = getattr(module, function_name, None)
    if not callable(loop):
        raise UnrecoverableError(f"TRAINING_LOOP={name}: {module.__name__} has no function {function_name}")
    chosen: Loop = loop
    return chosen
