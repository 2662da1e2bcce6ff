"""The model in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shared.model import DeviceError, Model
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
