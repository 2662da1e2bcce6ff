#!/bin/sh
# Removes development files from a folder of installed packages: tests, type stubs and headers.
set -eu
cd "$1"
rm -rf bin include share numpy/_core/include numpy/_pyinstaller onnx/backend/test
# Keep those of torch: torch.testing imports its tests, and extensions that are compiled at run time need its headers.
find . -depth -type d -not -path './torch/*' \( -name tests -o -name __pycache__ \) -exec rm -rf {} +
find . -type f -not -path './torch/*' \( -name '*.pyi' -o -name '*.pxd' -o -name '*.pyx' -o -name '*.h' -o -name '*.a' \) -delete
