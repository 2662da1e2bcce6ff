"""The text of examples/fine-tuning: files to blocks of tokens, and blocks to batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from text import Blocks, batch, blocks, documents, split
from trainer.errors import UnrecoverableError

END = 0


def encoded(text: str) -> list[int]:
    return [ord(letter) for letter in text]


def test_reads_documents_in_the_order_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"text": "third"}\n')
    (tmp_path / "a.jsonl").write_text('{"text": "first", "source": 1}\n{"text": "z\\u00fc\\n"}\n')
    (tmp_path / "notes.txt").write_text("not read")
    assert list(documents(tmp_path)) == ["first", "zü\n", "third"]


@pytest.mark.parametrize("line", ["", "text", '"text"', "[1]", "{}", '{"text": 1}', '{"text": null}'])
def test_names_a_line_that_is_not_a_document(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"text": "first"}}\n{line}\n')
    with pytest.raises(UnrecoverableError, match=r"^a\.jsonl, line 2: it must be an object"):
        list(documents(tmp_path))


def test_names_a_folder_without_text(tmp_path: Path) -> None:
    with pytest.raises(UnrecoverableError, match=rf"^{tmp_path} has no \*\.jsonl files"):
        list(documents(tmp_path))


def test_blocks_span_texts_and_drop_the_incomplete_last_row() -> None:
    a, b, c, d = encoded("abcd")
    assert blocks(["ab", "c", "", "d"], encoded, END, 3).tolist() == [[a, b, END], [c, END, END]]
    assert blocks(["abcdabcd"], encoded, END, 3).tolist() == [[a, b, c], [d, a, b], [c, d, END]]
    assert blocks([], encoded, END, 3).shape == (0, 3)


def test_holds_out_every_twentieth_block() -> None:
    rows = np.arange(82, dtype=np.int32).reshape(41, 2)
    learned, held_out = split(rows)
    assert held_out[:, 0].tolist() == [0, 40, 80]
    assert len(learned) == 38


def taken(rows: Blocks, steps: range, seed: int) -> list[int]:
    """The first token of each block in the steps."""
    return [int(token) for step in steps for token in batch(rows, 4, step, seed)[:, 0]]


def test_each_epoch_uses_every_block_once_in_its_own_order() -> None:
    rows = np.arange(12, dtype=np.int32).reshape(12, 1)
    first, second = taken(rows, range(3), 7), taken(rows, range(3, 6), 7)
    assert sorted(first) == sorted(second) == list(range(12))
    assert first != second
    assert taken(rows, range(3), 8) != first


def test_each_epoch_skips_other_blocks_that_do_not_fill_a_batch() -> None:
    rows = np.arange(10, dtype=np.int32).reshape(10, 1)
    epochs = [taken(rows, range(2 * epoch, 2 * epoch + 2), 1) for epoch in range(20)]
    assert [len(set(epoch)) for epoch in epochs] == [8] * 20
    assert {token for epoch in epochs for token in epoch} == set(range(10))
