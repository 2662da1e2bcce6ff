"""The NumPy backend: its gradients, and its export compared with itself."""

from __future__ import annotations

import numpy as np
import onnxruntime

from digits_training import data
from digits_training.export import to_onnx
from digits_training.network import WEIGHTS, NumpyNetwork, State, initial_state
from trainer.processes.group import Group
from trainer.processes.place import Place

ALONE = Group(Place())


def _loss(state: State, images: data.Images, labels: data.Labels) -> float:
    exact = {name: array.astype(np.float64) for name, array in state.items()}
    hidden = np.maximum(images / 16 @ exact["w1"] + exact["b1"], 0)
    logits = hidden @ exact["w2"] + exact["b2"]
    logits -= logits.max(axis=1, keepdims=True)
    chosen = logits[np.arange(len(labels)), labels]
    return float((np.log(np.exp(logits).sum(axis=1)) - chosen).mean())


def test_computes_the_gradients_of_the_loss() -> None:
    digits = data.load(None)
    images, labels = digits.train_images[:32], digits.train_labels[:32]
    before = initial_state(6, 1)
    network = NumpyNetwork(before, 0.001, ALONE)
    network.step(images, labels, 1)
    after = network.state()
    generator = np.random.default_rng(0)
    for name in WEIGHTS:
        # Adam's first moment after its first step is a tenth of the gradient.
        gradient = after[f"m.{name}"] / np.float32(0.1)
        for _ in range(5):
            place = tuple(int(generator.integers(size)) for size in gradient.shape)
            nudged = {key: array.astype(np.float64) for key, array in before.items()}
            nudged[name][place] += 1e-4
            up = _loss(nudged, images, labels)  # type: ignore[arg-type]
            nudged[name][place] -= 2e-4
            down = _loss(nudged, images, labels)  # type: ignore[arg-type]
            assert np.isclose(gradient[place], (up - down) / 2e-4, rtol=1e-2, atol=1e-4)


def test_computes_adam_steps_for_gradients_as_small_as_epsilon() -> None:
    state = initial_state(6, 1)
    images, labels = np.zeros((4, data.PIXELS), dtype=np.float32), np.zeros(4, dtype=np.uint8)
    # The correct class has almost all of the probability, so gradients are between 1e-9 and 1e-7.
    state["b2"] = np.array([0, -16, -17, -18, -19, -20, -21, -16, -17, -18], dtype=np.float32)
    network = NumpyNetwork(state, 0.01, ALONE)
    # Algorithm 1 of https://arxiv.org/abs/1412.6980 in double precision, with the gradients derived from the first moment.
    expected, first, second = state["b2"].astype(float), np.zeros(10), np.zeros(10)
    for number in range(1, 6):
        before = network.state()["m.b2"].astype(float)
        network.step(images, labels, number)
        after = network.state()
        gradient = (after["m.b2"].astype(float) - 0.9 * before) / 0.1
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        expected -= 0.01 * (first / (1 - 0.9**number)) / (np.sqrt(second / (1 - 0.999**number)) + 1e-8)
        assert np.allclose(after["b2"][1:] - state["b2"][1:], expected[1:] - state["b2"][1:], rtol=0, atol=1e-5)
    assert 0.001 < state["b2"][6] - after["b2"][6] < 0.02


def test_the_loss_falls() -> None:
    digits = data.load(None)
    network = NumpyNetwork(initial_state(32, 1), 0.01, ALONE)
    losses = [network.step(digits.train_images, digits.train_labels, number) for number in range(1, 101)]
    assert losses[-1] < 0.2 < losses[0]


def test_the_export_is_deterministic_and_computes_probabilities() -> None:
    digits = data.load(None)
    network = NumpyNetwork(initial_state(32, 1), 0.01, ALONE)
    for number in range(1, 51):
        network.step(digits.train_images, digits.train_labels, number)
    model = to_onnx(network.state(), {"run_id": "test"})
    assert model == to_onnx(network.state(), {"run_id": "test"})
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    (probabilities,) = session.run(None, {"pixels": digits.test_images})
    assert np.allclose(np.asarray(probabilities).sum(axis=1), 1, atol=1e-5)
    assert np.array_equal(np.asarray(probabilities).argmax(axis=1), network.classify(digits.test_images))
    assert session.get_modelmeta().custom_metadata_map == {"run_id": "test"}
