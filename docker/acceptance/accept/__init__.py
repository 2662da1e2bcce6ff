"""Checks inference and training on this machine's GPUs, and prints a table. Started by `python3 docker/dev.py accept-gpu`.

Uses only the standard library. The service and the trainer run in Python environments with the packages of their images.
"""
