#!/bin/sh
# Removes from a folder of installed packages what only their developers need: tests, type stubs and headers.
set -eu
cd "$1"
rm -rf bin include share numpy/_core/include numpy/_pyinstaller onnx/backend/test
# torch's own tests are imported by torch.testing, and its headers are those of extensions that are compiled on the spot.
find . -depth -type d -not -path './torch/*' \( -name tests -o -name __pycache__ \) -exec rm -rf {} +
find . -type f -not -path './torch/*' \( -name '*.pyi' -o -name '*.pxd' -o -name '*.pyx' -o -name '*.h' -o -name '*.a' \) -delete
