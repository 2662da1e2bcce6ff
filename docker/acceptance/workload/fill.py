"""`python -m workload.fill FOLDER`: writes fill.onnx, a model that uses as much memory as a request names."""

from __future__ import annotations

import sys
from pathlib import Path

from onnx import TensorProto, checker, helper

# As in digits_training/export.py.
_OPSET = 17
_IR_VERSION = 8

if __name__ == "__main__":
    graph = helper.make_graph(
        [
            helper.make_node("Expand", ["value", "count"], ["filled"]),
            helper.make_node("ReduceSum", ["filled"], ["sum"]),
        ],
        "fill",
        [helper.make_tensor_value_info("value", TensorProto.FLOAT, [1]), helper.make_tensor_value_info("count", TensorProto.INT64, [1])],
        [helper.make_tensor_value_info("sum", TensorProto.FLOAT, [1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], producer_name="acceptance")
    model.ir_version = _IR_VERSION
    checker.check_model(model, full_check=True)
    (Path(sys.argv[1]) / "fill.onnx").write_bytes(model.SerializeToString(deterministic=True))
