"""The CPUs of a container."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.cpus import container_cpus


@pytest.mark.parametrize(
    ("text", "cpus"), [("400000 100000\n", 4), ("250000 100000", 2), ("50000 100000", 1), ("max 100000\n", 1), ("", 1)]
)
def test_rounds_the_limit_down_to_whole_cpus(tmp_path: Path, text: str, cpus: int) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(text)
    assert container_cpus(file) == cpus


def test_is_one_without_cgroup_v2(tmp_path: Path) -> None:
    assert container_cpus(tmp_path / "none") == 1
