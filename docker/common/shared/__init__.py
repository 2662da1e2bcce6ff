"""Code that the images share; each image copies it next to its own package."""
