"""The model in memory."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from shared.model import DeviceError, Model, ModelError
from support import DOCKER

PATH = DOCKER / "common" / "model" / "model.onnx"


def test_a_batch_answers_as_its_images_alone(held_out: list[dict[str, Any]]) -> None:
    model = Model(PATH, "cpu", 1)
    assert model.largest_batch is None
    images = np.array([digit["image"] for digit in held_out], dtype=np.float32).reshape(-1, 64)
    together = model.predict_batch(images)
    assert len(together) == 20
    for image, prediction in zip(images, together, strict=True):
        alone = model.predict(image)
        assert prediction.digit == alone.digit
        assert prediction.probabilities == pytest.approx(alone.probabilities, abs=1e-6)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("CUDA failure 700: an illegal memory access was encountered ; GPU=0", DeviceError),
        ("CUBLAS failure 14: CUBLAS_STATUS_INTERNAL_ERROR", DeviceError),
        ("Failed to allocate memory for requested buffer of size 4096", RuntimeError),
    ],
)
def test_knows_an_error_of_the_device(message: str, kind: type[Exception]) -> None:
    model = Model(PATH, "cpu", 1)

    class Broken:
        def run(self, *_: object) -> None:
            raise RuntimeError(message)

    model._session = Broken()
    with pytest.raises(kind, match=message[:20]) as caught:
        model.predict(np.zeros(64, dtype=np.float32))
    assert type(caught.value) is kind


def _with_external_weights(folder: Path, factor: float) -> Path:
    """The reference model with its weights in a file of their own, multiplied."""
    folder.mkdir()
    model = onnx.load(PATH)
    for tensor in model.graph.initializer:
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor) * np.float32(factor), tensor.name))
    onnx.save_model(model, folder / "model.onnx", save_as_external_data=True, location="model.onnx.data", size_threshold=0)
    return folder / "model.onnx"


def test_reads_weights_beside_the_model(tmp_path: Path) -> None:
    pixels = np.arange(64, dtype=np.float32) % 17
    path = _with_external_weights(tmp_path / "one", 1)
    assert path.with_name("model.onnx.data").stat().st_size > path.stat().st_size
    expected = Model(PATH, "cpu", 1).predict(pixels)
    model = Model(path, "cpu", 1)
    assert model.predict(pixels).probabilities == pytest.approx(expected.probabilities, abs=1e-6)
    other = _with_external_weights(tmp_path / "other", 0.5)
    assert other.read_bytes() == path.read_bytes()
    assert Model(other, "cpu", 1).digest != model.digest


def test_is_known_by_the_hash_of_its_one_file(tmp_path: Path) -> None:
    path = Path(shutil.copy(PATH, tmp_path / "model.onnx"))
    (tmp_path / "notes.txt").write_text("not of the model")
    assert Model(path, "cpu", 1).digest == hashlib.sha256(PATH.read_bytes()).hexdigest()


def test_says_that_weights_are_missing(tmp_path: Path) -> None:
    path = _with_external_weights(tmp_path / "one", 1)
    path.with_name("model.onnx.data").unlink()
    with pytest.raises(ModelError, match="is not a model that ONNX Runtime can load"):
        Model(path, "cpu", 1)
