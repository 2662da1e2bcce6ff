"""The rows and the table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accept.machine import CheckError, Line, Machine
from accept.report import rows, run_checks, table


def _passes(_: Machine) -> Iterator[Line]:
    yield Line("digits", "360 | 360")
    yield Line("NCCL", "one GPU", skipped=True)


def _fails(_: Machine) -> Iterator[Line]:
    yield Line("first", "1")
    raise CheckError("the loss differs")


def _breaks(_: Machine) -> Iterator[Line]:
    raise KeyError("losses")
    yield


def test_a_failed_check_does_not_stop_the_others(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    found = run_checks({"one": _fails, "two": _breaks, "three": _passes}, machine)
    assert [(row.check, row.what, row.result, row.value) for row in found] == [
        ("one", "first", "passed", "1"),
        ("one", "", "failed", "the loss differs"),
        ("two", "", "failed", "KeyError: 'losses'"),
        ("three", "digits", "passed", "360 | 360"),
        ("three", "NCCL", "skipped", "one GPU"),
    ]
    printed = capsys.readouterr()
    assert "failed   the loss differs" in printed.err
    assert "passed   digits: 360 | 360" in printed.out


def test_the_table_contains_the_versions_and_every_row(machine: Machine) -> None:
    text = table([*rows("one", _fails, machine), *rows("three", _passes, machine)], machine)
    assert "| packages of training  | Python 3." in text
    assert "| the loss differs |" in text
    assert "| 360 \\| 360 " in text
    assert all(len(line.split(" | ")) in (2, 5) for line in text.splitlines() if line)
