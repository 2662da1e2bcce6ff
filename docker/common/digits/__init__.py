"""The example model of the images. It classifies handwritten digits."""
