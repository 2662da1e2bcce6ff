"""Trains a classifier of handwritten digits, checkpoints it and exports it as ONNX."""
