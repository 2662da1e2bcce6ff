"""Answers predictions of an ONNX model over HTTP."""
