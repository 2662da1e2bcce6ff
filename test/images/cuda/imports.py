"""Loads the CUDA libraries of an image without a GPU, and prints what they report as one line of JSON. Ends with the reason if one is missing."""

import ctypes
import importlib.util
import json
import sys
from pathlib import Path

found = {}
if importlib.util.find_spec("torch"):
    import torch

    if torch.version.cuda is None:
        sys.exit("torch is built without CUDA")
    found["torch"] = {"cuda": torch.version.cuda, "architectures": torch._C._cuda_getArchFlags().split()}
if importlib.util.find_spec("onnxruntime"):
    import onnxruntime

    found["providers"] = onnxruntime.get_available_providers()
    if "CUDAExecutionProvider" not in found["providers"]:
        sys.exit(f"onnxruntime is built without CUDA: {found['providers']}")
    # The provider is a library that ONNX Runtime loads for the first session on a GPU. It needs cuDNN and the others, but no driver.
    onnxruntime.preload_dlls()
    libraries = Path(onnxruntime.__file__).parent / "capi"
    for name in ("shared", "cuda"):
        ctypes.CDLL(str(libraries / f"libonnxruntime_providers_{name}.so"), ctypes.RTLD_GLOBAL)
if not found:
    sys.exit("the image has neither torch nor onnxruntime")
print(json.dumps(found))
