"""Reads settings from environment variables."""

from __future__ import annotations

from collections.abc import Mapping

from shared.cpus import prediction_threads


class SettingsError(Exception):
    """A variable is missing or invalid. The message is one sentence that names it."""


def choice(environment: Mapping[str, str], name: str, default: str, other: str) -> str:
    """A variable with one of two values."""
    value = environment.get(name) or default
    if value not in (default, other):
        raise SettingsError(f"{name}={value}: it must be {default} or {other}")
    return value


def number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """An integer variable between `least` and `most`."""
    text = environment.get(name)
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise SettingsError(f"{name}={text}: it must be a whole number from {least} to {most}")
    return value


def threads(environment: Mapping[str, str]) -> int:
    """Threads that one prediction may use."""
    try:
        return prediction_threads(environment)
    except ValueError as problem:
        raise SettingsError(str(problem)) from None
