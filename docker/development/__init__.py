"""What `docker/dev.py` shares among its commands: folders, processes, environments, lock files."""
