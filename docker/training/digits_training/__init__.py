"""Trains a classifier of handwritten digits, as an example of a training loop."""
