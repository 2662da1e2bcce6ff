"""`python -m workload.held_out`: prints the held-out images of the digits loop and their digits as one line of JSON."""

from __future__ import annotations

import json

from digits_training.data import load

if __name__ == "__main__":
    digits = load(None)
    pairs = zip(digits.test_images, digits.test_labels, strict=True)
    print(json.dumps([{"digit": int(label), "image": image.tolist()} for image, label in pairs]))
