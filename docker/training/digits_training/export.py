"""Exports the trained weights as an ONNX model with raw pixels as input and probabilities as output."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from digits_training.data import CLASSES, MAXIMUM, PIXELS
from digits_training.network import WEIGHTS, State

# Supported by every ONNX Runtime since 1.15.
_OPSET = 17
_IR_VERSION = 8


def to_onnx(state: State, about: dict[str, str]) -> bytes:
    """Model with input `pixels` (n, 64; 0 to 16) and output `probabilities` (n, 10). The same state gives the same bytes.

    `about` goes into the model's metadata.
    """
    nodes = [
        helper.make_node("Div", ["pixels", "maximum"], ["inputs"]),
        helper.make_node("Gemm", ["inputs", "w1", "b1"], ["sums"]),
        helper.make_node("Relu", ["sums"], ["hidden"]),
        helper.make_node("Gemm", ["hidden", "w2", "b2"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    constants = [numpy_helper.from_array(np.array(MAXIMUM, dtype=np.float32), "maximum")]
    constants += [numpy_helper.from_array(state[name], name) for name in WEIGHTS]
    graph = helper.make_graph(
        nodes,
        "digits",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", PIXELS])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", CLASSES])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], producer_name="trainer")
    model.ir_version = _IR_VERSION
    helper.set_model_props(model, about)
    checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))
