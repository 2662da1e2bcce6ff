"""What every Dockerfile must be, so that each builder that the documents name can read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import DOCKER

DOCKERFILES = sorted(DOCKER.glob("**/Dockerfile"))


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: str(path.parent.relative_to(DOCKER)))
def test_modes_are_octal(dockerfile: Path) -> None:
    """`COPY --chmod` takes `u=rwX` only since Dockerfile 1.14, which is newer than the frontend of Docker 24 to 27."""
    modes = re.findall(r"--chmod=(\S+)", dockerfile.read_text())
    assert [mode for mode in modes if not mode.isdigit()] == []


def test_every_image_is_read() -> None:
    assert len(DOCKERFILES) == 4
