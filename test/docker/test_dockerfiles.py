"""Requirements of every Dockerfile, so that each documented builder can read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import DOCKER

ROOT = DOCKER.parent
DOCKERFILES = [*sorted(DOCKER.glob("**/Dockerfile")), *sorted((ROOT / "examples").glob("*/Dockerfile"))]


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_file_modes_are_octal(dockerfile: Path) -> None:
    """`COPY --chmod` accepts `u=rwX` only since Dockerfile 1.14, which is newer than the frontend of Docker 24 to 27."""
    modes = re.findall(r"--chmod=(\S+)", dockerfile.read_text())
    assert [mode for mode in modes if not mode.isdigit()] == []


def test_reads_every_dockerfile() -> None:
    assert len(DOCKERFILES) == 6


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_works_with_the_dockerfile_frontend_of_docker_24(dockerfile: Path) -> None:
    """Docker 24.0 has BuildKit 0.11, which has Dockerfile 1.5. https://docs.docker.com/build/buildkit/dockerfile-release-notes/."""
    text = dockerfile.read_text()
    # BuildKit would pull another frontend from Docker Hub.
    assert "syntax=" not in text.splitlines()[0]
    # `COPY --parents` and `--exclude`, `ADD --unpack`, secrets as variables, `RUN --device`, and `HEALTHCHECK --start-interval` are newer.
    assert re.findall(r"--parents|--exclude|--unpack|--mount=type=secret\S*,env=|--device|--start-interval", text) == []
    # `COPY --link` works since 1.4, and expansions like ${name#pattern} only since 1.7.
    assert re.findall(r"^(?:FROM|COPY|ENV|ARG|LABEL).*\$\{\w+[#%/]", text, re.MULTILINE) == []
