"""Whether predictions still work. After a GPU failure, the service must be restarted."""

from __future__ import annotations

import re
import time

from serving.observe.logs import fields, log
from serving.observe.request_id import RequestId, log_fields
from shared.errors import DeviceError

# Neither ONNX Runtime nor PyTorch has an exception class for these errors. Their messages name the failed call, as in `CUDA failure 700: an
# illegal memory access was encountered` and `CUDA error: device-side assert triggered`. Out of memory is excluded; it may pass.
# https://github.com/microsoft/onnxruntime/blob/v1.22.0/onnxruntime/core/providers/cuda/cuda_call.cc
# https://github.com/pytorch/pytorch/blob/v2.10.0/c10/cuda/CUDAException.cpp
_DEVICE_FAILURE = re.compile(r"\b(CUDA|CUDNN|CUDNN_FE|CUBLAS|CUBLASLT|CURAND|CUFFT) (failure \d+|error): (?!out of memory)")


def is_device_failure(problem: BaseException) -> bool:
    """Whether the GPU failed permanently, so that no later prediction of this process can succeed."""
    return isinstance(problem, DeviceError) or _DEVICE_FAILURE.search(str(problem)) is not None


class Failures:
    """Fails after a device error, after a number of failed predictions in a row, or while one prediction hangs."""

    def __init__(self, most: int, stuck_seconds: float) -> None:
        self._most = most
        self._stuck_seconds = stuck_seconds
        self._in_a_row = 0
        self._device: str | None = None
        self._started: float | None = None

    def started(self) -> None:
        """Record that a prediction starts."""
        self._started = time.monotonic()

    def ended(self) -> None:
        """Record that a prediction ended, successfully or not."""
        self._started = None

    def succeeded(self) -> None:
        """Record that a request was answered."""
        self._in_a_row = 0

    def failed(self, problem: Exception, description: str, requests: list[RequestId]) -> None:
        """Record and log that the handler failed to answer these requests."""
        self._in_a_row += 1
        if is_device_failure(problem):
            self._device = str(problem)
        log.error("a prediction failed: %s", description, extra=fields(**log_fields(requests)))

    def reason(self) -> str | None:
        """Why the service is unhealthy; None while it is healthy."""
        if self._device is not None:
            return f"the device failed: {self._device}"
        if self._in_a_row >= self._most:
            return f"{self._in_a_row} predictions in a row failed"
        if self._started is not None and time.monotonic() - self._started > self._stuck_seconds:
            return f"a prediction has been running for more than {self._stuck_seconds:g} s"
        return None
