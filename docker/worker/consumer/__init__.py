"""Answers queued predictions of an ONNX model."""
