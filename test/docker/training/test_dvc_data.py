"""Data pulls without DVC. Tests with DVC are in test/docker/with_dvc."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import Start, finish
from trainer.errors import UnrecoverableError
from trainer.settings import parse_settings


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"DVC_DATA": "/app/data", "DATA_DIR": "/data"}, "DATA_DIR and DVC_DATA are both set"),
        ({"DVC_DATA": "/app/data", "LOCAL_RANK": "0"}, "start them with PET_NPROC_PER_NODE"),
        ({"DVC_DATA": "data"}, "DVC_DATA=data: it must be an absolute path"),
    ],
)
def test_names_the_invalid_variable(environment: dict[str, str], problem: str) -> None:
    with pytest.raises(UnrecoverableError, match=problem):
        parse_settings([], environment)


def test_reads_dvc_data() -> None:
    assert parse_settings([], {}).dvc_data is None
    assert parse_settings([], {"DVC_DATA": "/app/sets/digits"}).dvc_data == Path("/app/sets/digits")


def test_an_image_without_dvc_names_the_build_argument(start: Start, tmp_path: Path) -> None:
    status, _, err = finish(start("training", "trainer", DVC_DATA=str(tmp_path / "data"), CHECKPOINT_DIR=str(tmp_path)))
    assert (status, err) == (42, "error: DVC_DATA is set, but the image has no DVC: build it with --build-arg DVC=true\n")
