"""The version of a model."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from shared.errors import ModelError
from shared.model_version import model_version


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_is_the_hash_of_the_only_file(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")
    assert model_version(tmp_path) == sha256(b"weights")


def test_is_a_hash_of_all_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two").write_bytes(b"2")
    (tmp_path / "a").write_bytes(b"1")
    expected = sha256(f"{sha256(b'1')}  a\n{sha256(b'2')}  b/two\n".encode())
    assert model_version(tmp_path) == expected
    (tmp_path / "a").rename(tmp_path / "c")
    assert model_version(tmp_path) != expected


def test_ignores_hidden_files_and_follows_links(tmp_path: Path) -> None:
    """A ConfigMap volume keeps its files in a hidden folder and links to them."""
    (tmp_path / "..data").mkdir()
    (tmp_path / "..data" / "model.onnx").write_bytes(b"weights")
    (tmp_path / "model.onnx").symlink_to("..data/model.onnx")
    assert model_version(tmp_path) == sha256(b"weights")


def test_is_the_first_line_of_the_file_version(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")
    (tmp_path / "VERSION").write_text(" 2026-11-30 \nmore\n")
    assert model_version(tmp_path) == "2026-11-30"


@pytest.mark.parametrize("text", ["", "\n", "v\x01", "é", "v" * 129])
def test_refuses_an_invalid_version(tmp_path: Path, text: str) -> None:
    (tmp_path / "VERSION").write_text(text)
    with pytest.raises(ModelError, match="its first line must be 1 to 128 printable ASCII characters"):
        model_version(tmp_path)


def test_names_the_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"the folder {tmp_path} contains no model file"):
        model_version(tmp_path)
    with pytest.raises(ModelError, match="/none cannot be read: No such file or directory"):
        model_version(tmp_path / "none")
    (tmp_path / "gone").symlink_to("nowhere")
    with pytest.raises(ModelError, match="/gone cannot be read: No such file or directory"):
        model_version(tmp_path)
