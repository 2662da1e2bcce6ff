"""What the images share; copied beside the code of each."""
