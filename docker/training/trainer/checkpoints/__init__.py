"""Checkpoints: format, folder, saving and loading."""
