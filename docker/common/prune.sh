#!/bin/sh
# Removes development files from a folder of installed packages: tests, type stubs, headers, and tools to create models.
# A test runs the service without them.
set -eu
cd "$1"
rm -rf bin include share numpy/f2py numpy/distutils numpy/_core/include numpy/_pyinstaller \
    onnxruntime/backend onnxruntime/datasets onnxruntime/quantization onnxruntime/tools onnxruntime/transformers
# A second copy of the library for C programs; the Python module contains it.
rm -f onnxruntime/capi/libonnxruntime.so.*
find . -depth -type d \( -name tests -o -name __pycache__ \) -exec rm -rf {} +
find . -type f \( -name '*.pyi' -o -name '*.pxd' -o -name '*.pyx' -o -name '*.h' -o -name '*.a' \) -delete
