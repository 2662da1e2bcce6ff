"""The handler: a Python file with the functions of a model."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.json_body import parse_json

_REQUIRED = {"load": "load(model_dir, device)", "predict": "predict(model, batch)"}
_OPTIONAL = {"parse": "parse(body)", "format": "format(result)", "warm_up": "warm_up(model)"}


class HandlerError(Exception):
    """The handler cannot be used. The message is one line with the reason."""


@dataclass(frozen=True)
class Handler:
    """The functions of a handler's module, with defaults for those it does not define."""

    name: str
    """Name of the module."""
    title: str
    """First line of the module's docstring."""
    file: str
    """Path of the module."""
    load: Callable[[Path, str], Any]
    """Loads the model from its folder, on `cpu` or `cuda`."""
    predict: Callable[[Any, list[Any]], list[Any]]
    """Returns one result per input, in order."""
    parse: Callable[[bytes], Any]
    """Returns the input in a request's body. Default: the parsed JSON."""
    format: Callable[[Any], Any]
    """Returns the response as a JSON value. Default: the result."""
    warm_up: Callable[[Any], Any]
    """Prepares a model for its first request. Default: nothing."""
    example: Any
    """A JSON body that `parse` accepts, from the module's EXAMPLE. Default: None."""


def find_handler(name: str) -> Handler:
    """The handler in the module of this name. Raises HandlerError when it is missing, cannot be imported, or lacks a function."""
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as problem:
        if problem.name is not None and (name == problem.name or name.startswith(f"{problem.name}.")):
            raise HandlerError(f"HANDLER={name}: there is no Python module of this name in {Path.cwd()}") from None
        raise HandlerError(f"HANDLER={name} cannot be imported: {problem}") from problem
    except (Exception, SystemExit) as problem:
        raise HandlerError(f"HANDLER={name} cannot be imported: {describe(problem)}") from problem
    functions: dict[str, Any] = {}
    for function, form in {**_REQUIRED, **_OPTIONAL}.items():
        found = getattr(module, function, None)
        if found is not None and not _takes(found, form.count(",") + 1):
            raise HandlerError(f"HANDLER={name}: {function} must be a function {form}")
        if found is None and function in _REQUIRED:
            raise HandlerError(f"HANDLER={name} has no function {form}")
        functions[function] = found
    return Handler(
        name=name,
        title=(module.__doc__ or name).strip().partition("\n")[0],
        file=module.__file__ or "",
        load=functions["load"],
        predict=functions["predict"],
        parse=functions["parse"] or parse_json,
        format=functions["format"] or (lambda result: result),
        warm_up=functions["warm_up"] or (lambda _: None),
        example=getattr(module, "EXAMPLE", None),
    )


def describe(problem: BaseException, file: str = "") -> str:
    """An exception in one line: class, message, and the last line of `file` in its traceback."""
    text = " ".join(str(problem).split())
    line = None
    trace = problem.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    kind = type(problem).__name__
    return f"{kind}: {text}" + ("" if line is None else f" ({Path(file).name}:{line})")


def guarded(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function of a handler. Raises its exceptions, and HandlerError for those that would stop or block the event loop."""
    try:
        return function(*arguments)
    except StopIteration as problem:
        # asyncio cannot pass StopIteration from a thread: https://github.com/python/cpython/issues/112182
        raise HandlerError(describe(problem)) from problem
    except Exception:
        raise
    except BaseException as problem:
        raise HandlerError(describe(problem)) from problem


def _takes(function: Any, arguments: int) -> bool:
    if not callable(function) or inspect.iscoroutinefunction(function):
        return False
    try:
        inspect.signature(function).bind(*range(arguments))
    except TypeError:
        return False
    except ValueError:
        # Functions of extension modules may have no signature.
        return True
    return True
