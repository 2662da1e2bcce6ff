"""Runs a training loop on the platform: processes, checkpoints, heartbeat, trackers, report and exit status."""
