"""Programs that the checks run in the Python environments of the images."""
