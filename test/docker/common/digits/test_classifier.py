"""The digit classifier in memory."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from digits.classifier import Classifier
from shared.errors import ModelError
from support import DOCKER

FOLDER = DOCKER / "common" / "model"
PATH = FOLDER / "model.onnx"


def test_predicts_a_batch_like_single_images(held_out: list[dict[str, Any]]) -> None:
    model = Classifier(FOLDER, "cpu", 1)
    images = np.array([digit["image"] for digit in held_out], dtype=np.float32).reshape(-1, 64)
    together = model.predict_batch(images)
    assert len(together) == 20
    for image, prediction in zip(images, together, strict=True):
        alone = model.predict(image)
        assert prediction.digit == alone.digit
        assert prediction.probabilities == pytest.approx(alone.probabilities, abs=1e-6)


def _with_external_weights(folder: Path, factor: float) -> Path:
    """The reference model with multiplied weights in a separate file."""
    folder.mkdir()
    model = onnx.load(PATH)
    for tensor in model.graph.initializer:
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor) * np.float32(factor), tensor.name))
    onnx.save_model(model, folder / "model.onnx", save_as_external_data=True, location="model.onnx.data", size_threshold=0)
    return folder / "model.onnx"


def test_reads_external_weights_next_to_the_model(tmp_path: Path) -> None:
    pixels = np.arange(64, dtype=np.float32) % 17
    path = _with_external_weights(tmp_path / "one", 1)
    assert path.with_name("model.onnx.data").stat().st_size > path.stat().st_size
    expected = Classifier(FOLDER, "cpu", 1).predict(pixels)
    model = Classifier(path.parent, "cpu", 1)
    assert model.predict(pixels).probabilities == pytest.approx(expected.probabilities, abs=1e-6)
    other = _with_external_weights(tmp_path / "other", 0.5)
    assert other.read_bytes() == path.read_bytes()
    assert Classifier(other.parent, "cpu", 1).version != model.version


def test_the_version_is_the_hash_of_the_only_file() -> None:
    assert Classifier(FOLDER, "cpu", 1).version == hashlib.sha256(PATH.read_bytes()).hexdigest()


def test_splits_a_batch_for_a_model_with_a_fixed_batch_axis(tmp_path: Path, held_out: list[dict[str, Any]]) -> None:
    model = onnx.load(PATH)
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_value = 3
    onnx.save_model(model, tmp_path / "model.onnx")
    images = np.array([digit["image"] for digit in held_out], dtype=np.float32).reshape(-1, 64)
    expected = Classifier(FOLDER, "cpu", 1).predict_batch(images)
    for number in (1, 3, 20):
        got = Classifier(tmp_path, "cpu", 1).predict_batch(images[:number])
        assert [prediction.digit for prediction in got] == [prediction.digit for prediction in expected[:number]]


def test_refuses_a_model_without_its_external_weights(tmp_path: Path) -> None:
    path = _with_external_weights(tmp_path / "one", 1)
    path.with_name("model.onnx.data").unlink()
    with pytest.raises(ModelError, match="is not a model that ONNX Runtime can load"):
        Classifier(path.parent, "cpu", 1)
