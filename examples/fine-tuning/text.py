"""The training text: documents in files, split into blocks of tokens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.errors import UnrecoverableError

Blocks = NDArray[np.int32]
"""Tokens, one block per row."""

_HELD_OUT = 20


def documents(folder: Path) -> Iterator[str]:
    """The documents of all `*.jsonl` files in the folder, by file name. Each line is an object with a `text`.

    Raises UnrecoverableError if the folder has no such files, or a line is not such an object.
    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise UnrecoverableError(f'{folder} has no *.jsonl files: put the text there, each line an object such as {{"text": "..."}}')
    for file in files:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    text = json.loads(line)["text"]
                except (ValueError, KeyError, TypeError):
                    text = None
                if not isinstance(text, str):
                    raise UnrecoverableError(f'{file.name}, line {number}: it must be an object such as {{"text": "..."}}')
                yield text


def blocks(texts: Iterable[str], encode: Callable[[str], list[int]], end: int, length: int) -> Blocks:
    """The texts as rows of `length` tokens, with the token `end` after each text. Drops the incomplete last row."""
    rows: list[NDArray[np.int32]] = []
    rest: list[int] = []
    for text in texts:
        rest += [*encode(text), end]
        whole = len(rest) // length * length
        if whole > 0:
            rows.append(np.array(rest[:whole], dtype=np.int32).reshape(-1, length))
            rest = rest[whole:]
    return np.concatenate(rows) if rows else np.zeros((0, length), dtype=np.int32)


def split(rows: Blocks) -> tuple[Blocks, Blocks]:
    """The training blocks, and every twentieth block, which is held out to measure the loss."""
    held_out = np.arange(len(rows)) % _HELD_OUT == 0
    return rows[~held_out], rows[held_out]


def batch(rows: Blocks, size: int, step: int, seed: int) -> Blocks:
    """The blocks of a step, counted from 0. Each epoch uses every block once, in an order that depends on the seed and the epoch.

    An epoch skips the blocks at its end that do not fill a batch.
    """
    epoch, position = divmod(step, len(rows) // size)
    order = np.random.default_rng([seed, epoch]).permutation(len(rows))
    return rows[order[position * size : (position + 1) * size]]
