"""What the checks run in the environments of the images."""
