"""Numbers and names from environment variables."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trainer.errors import UnrecoverableError

_HOST = re.compile(r"(?!-)[A-Za-z0-9.:-]{1,253}")


def whole(environment: Mapping[str, str], name: str, least: int, most: int | None, default: str = "", when: str = "") -> int:
    """An integer within the limits. `default` replaces a missing or empty variable.

    Raises UnrecoverableError; `when` gives the reason for the limits.
    """
    text = environment.get(name) or default
    if not (text.isascii() and text.isdigit()) or int(text) < least or (most is not None and int(text) > most):
        limits = f"at least {least}" if most is None else f"from {least} to {most}"
        raise UnrecoverableError(f"{name}={text}: {when}it must be a whole number {limits}")
    return int(text)


def host(environment: Mapping[str, str], name: str, default: str = "", when: str = "") -> str:
    """A host name or an IP address. Raises UnrecoverableError; `when` gives the reason for the requirement."""
    text = environment.get(name) or default
    if _HOST.fullmatch(text) is None:
        raise UnrecoverableError(f"{name}={text!r}: {when}it must be the name or address of rank 0's host")
    return text
