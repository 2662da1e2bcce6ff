"""Runs that pull data with the real DVC from local remotes. `python3 docker/dev.py test-dvc` runs these tests."""

from __future__ import annotations

import http.server
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from support import PATIENCE_SECONDS, Start, finish, read_until, result_of, wait_until

SHORT = ("--epochs", "2", "--copies", "2", "--hidden", "8")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The files of a DVC repository in an image: those that git tracks, without git's history and without the data."""
    author, image = tmp_path / "author", tmp_path / "image"
    digits = load_digits()
    (author / "sets" / "digits").mkdir(parents=True)
    np.savez(author / "sets" / "digits" / "digits.npz", images=digits.images[:400], labels=digits.target[:400])
    (author / "sets" / "other.bin").write_bytes(os.urandom(1000))
    dvc(author, "init", "--no-scm")
    dvc(author, "remote", "add", "--default", "store", str(tmp_path / "remote"))
    dvc(author, "add", "sets/digits", "sets/other.bin")
    dvc(author, "push")
    ignore = shutil.ignore_patterns("cache", "tmp", "digits", "other.bin")
    shutil.copytree(author, image, ignore=ignore)
    config = image / ".dvc" / "config"
    config.write_text("".join(line for line in config.read_text().splitlines(keepends=True) if "no_scm" not in line))
    return image


def dvc(folder: Path, *arguments: str) -> None:
    """Run DVC in a folder."""
    subprocess.run(
        [sys.executable, "-m", "dvc", *arguments, "--quiet"], cwd=folder, check=True, env={**os.environ, "DVC_NO_ANALYTICS": "1"}
    )


def variables(tmp_path: Path, tracked: Path, **more: str) -> dict[str, str]:
    """Variables of a run without git on its PATH, as in the image."""
    home, empty = tmp_path / "home", tmp_path / "bin"
    home.mkdir(exist_ok=True)
    empty.mkdir(exist_ok=True)
    return {
        "PATH": str(empty),
        "HOME": str(home),
        "DVC_DATA": str(tracked),
        "CHECKPOINT_DIR": str(tmp_path / "checkpoints"),
        "HEARTBEAT_FILE": str(tmp_path / "alive"),
        **more,
    }


def test_a_run_trains_on_the_pulled_data_only(start: Start, repository: Path, tmp_path: Path, temporary: Path) -> None:
    before = sorted(path.relative_to(repository) for path in repository.rglob("*"))
    for attempt in range(2):
        environment = variables(tmp_path, repository / "sets" / "digits", RUN_ID=f"run-{attempt}")
        status, out, err = finish(start("training", "trainer", *SHORT, **environment))
        assert (status, err) == (0, "")
        assert out.startswith("pulling sets/digits with DVC\n")
        assert result_of(out)["epochs"] == 2
    assert (temporary / "dvc" / "sets" / "digits" / "digits.npz").is_file()
    assert not (temporary / "dvc" / "sets" / "other.bin").exists()
    # The repository may be read-only.
    assert sorted(path.relative_to(repository) for path in repository.rglob("*")) == before


def test_the_processes_of_a_pod_share_one_pull(start: Start, repository: Path, tmp_path: Path, free_port: int) -> None:
    environment = variables(tmp_path, repository / "sets" / "digits", PET_NPROC_PER_NODE="2", PET_MASTER_PORT=str(free_port))
    status, out, err = finish(start("training", "trainer", *SHORT, **environment))
    assert (status, err) == (0, "")
    assert out.count("pulling sets/digits with DVC\n") == 1
    assert result_of(out)["processes"] == 2


def test_missing_data_on_the_remote_ends_the_attempt_with_one_line(start: Start, repository: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "remote")
    status, _, err = finish(start("training", "trainer", *SHORT, **variables(tmp_path, repository / "sets" / "digits")))
    assert status == 1
    assert err.startswith("error: dvc pull sets/digits failed: ")
    assert err.count("\n") == 1


def test_an_untracked_path_ends_the_attempt_with_one_line(start: Start, repository: Path, tmp_path: Path) -> None:
    status, _, err = finish(start("training", "trainer", *SHORT, **variables(tmp_path, repository / "unheard")))
    assert status == 1
    assert err.startswith("error: dvc pull unheard failed: ")
    assert err.count("\n") == 1
    status, _, err = finish(start("training", "trainer", *SHORT, **variables(tmp_path, tmp_path / "nowhere")))
    assert (status, err) == (42, f"error: DVC_DATA={tmp_path}/nowhere is not in a DVC repository: no parent folder has .dvc/config\n")


def test_sigterm_ends_a_hanging_pull(start: Start, repository: Path, tmp_path: Path) -> None:
    class Hanging(http.server.BaseHTTPRequestHandler):
        def handle(self) -> None:
            asked.set()
            time.sleep(3600)

    asked = threading.Event()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hanging) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        dvc(repository, "remote", "modify", "store", "url", f"http://127.0.0.1:{server.server_address[1]}")
        process = start("training", "trainer", *SHORT, **variables(tmp_path, repository / "sets" / "digits"))
        read_until(process, "pulling")
        assert asked.wait(PATIENCE_SECONDS)
        wait_until((tmp_path / "alive").exists)
        process.send_signal(signal.SIGTERM)
        status, _, err = finish(process)
        server.shutdown()
    assert (status, err) == (143, "")
