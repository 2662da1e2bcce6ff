"""The model: its handler, and the queue in front of it."""
