"""The version of a model, as shown in responses, metrics and logs."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from shared.errors import ModelError

VERSION_FILE = "VERSION"

_MOST_CHARACTERS = 128


def model_version(folder: Path) -> str:
    """The first line of the file VERSION in the folder. Without it, the SHA-256 of the only file, or of the names and digests of all files.

    Hidden files and folders are ignored. Large models should have the file VERSION, because a digest reads every byte.
    Raises ModelError if the folder cannot be read or the content of VERSION is invalid.
    """
    try:
        named = _named_version(folder)
        if named is not None:
            return named
        files = model_files(folder)
        digests = {name: _file_digest(folder / name) for name in files}
    except OSError as problem:
        raise ModelError(f"the model {problem.filename} cannot be read: {problem.strerror}") from None
    if not digests:
        raise ModelError(f"the folder {folder} contains no model file")
    if len(digests) == 1:
        return next(iter(digests.values()))
    return hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in digests.items()).encode()).hexdigest()


def model_files(folder: Path) -> list[str]:
    """Paths of the model's files in its folder, sorted. Raises OSError when the folder cannot be read."""

    def fail(problem: OSError) -> None:
        raise problem

    found: list[str] = []
    for place, folders, files in os.walk(folder, onerror=fail, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [os.path.relpath(Path(place) / name, folder) for name in files if not name.startswith(".")]
    return sorted(found)


def _named_version(folder: Path) -> str | None:
    try:
        text = (folder / VERSION_FILE).read_text(errors="replace")
    except FileNotFoundError:
        return None
    version = text.strip().partition("\n")[0].strip()
    # The version becomes an HTTP header and a metric label.
    if not 0 < len(version) <= _MOST_CHARACTERS or not version.isascii() or not version.isprintable():
        raise ModelError(f"{folder / VERSION_FILE}: its first line must be 1 to {_MOST_CHARACTERS} printable ASCII characters")
    return version


def _file_digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
