"""The message for a process of a check that does not end as expected."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from accept.machine import CheckError
from accept.processes import Started, output
from support import wait_until

FOREVER = "import time; print('begun', flush=True); time.sleep(600)"


def _start(code: str) -> Started:
    return Started("the script", [sys.executable, "-c", code], Path.cwd(), {})


def test_waits_for_a_line_and_returns_the_exit_status() -> None:
    with _start("print('epoch 1/2'); print('done'); raise SystemExit(3)") as process:
        assert process.wait_for(r"epoch (\d+)/", 60)[1] == "1"
        assert process.finish(60) == 3
        assert process.lines == ["epoch 1/2", "done"]


def test_ends_a_hanging_process_and_its_children() -> None:
    child_of = "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {!r}]); print(child.pid, flush=True); child.wait()"
    with _start(child_of.format(FOREVER)) as process:
        child = int(process.wait_for(r"(\d+)", 60)[1])
        process.wait_for("begun", 60)
        with pytest.raises(CheckError, match=r"^the script did not end within 0\.5 s; its last line: begun$"):
            process.must_finish(0, 0.5)
    wait_until(lambda: not _runs(child))


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_missing_line_is_an_error() -> None:
    with _start(FOREVER) as process:
        process.wait_for("begun", 60)
        with pytest.raises(CheckError, match=r"^the script did not print 'epoch 2/' within 0\.5 s; its last line: begun$"):
            process.wait_for("epoch 2/", 0.5)
    expected = r"^the script ended with status 1 before it printed 'epoch 2/'; its last line: no memory$"
    with _start("raise SystemExit('no memory')") as process, pytest.raises(CheckError, match=expected):
        process.wait_for("epoch 2/", 60)


def test_an_unexpected_exit_status_is_an_error() -> None:
    with (
        pytest.raises(CheckError, match="the script ended with status 42, not 143; it printed nothing"),
        _start("raise SystemExit(42)") as process,
    ):
        process.must_finish(143, 60)
    with (
        pytest.raises(CheckError, match="the script ended with status 137, not 0"),
        _start("import os; os.kill(os.getpid(), 9)") as process,
    ):
        process.must_finish(0, 60)


def test_returns_the_last_line_of_a_command() -> None:
    assert output("the script", [sys.executable, "-c", "print(1); print(2)"], Path.cwd(), {}, 60) == "2"
