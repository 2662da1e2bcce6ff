"""The inference service, started as in the image, and its client."""

from __future__ import annotations

import http.client
import json
import signal
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from accept.machine import DOCKER, CheckError, Device, Machine
from accept.processes import Started, free_port
from accept.trainer import python_path

READY_SECONDS = 300.0
"""Longest time until /ready. The driver may have to compile kernels for a GPU that is newer than ONNX Runtime."""

ANSWER_SECONDS = 60.0
"""Longest time of an answer. It exceeds the service's own limit of 25 s."""

_STOP_SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    """Status and JSON body of an answer."""

    status: int
    body: Any


class Service:
    """A running service. It ends with the `with` block."""

    def __init__(self, machine: Machine, device: Device, model: Path, handler: str = "handler", **variables: str) -> None:
        """Start the service on the device, and wait until it is ready. `model` is the folder of its model. Raises CheckError."""
        self._port = free_port()
        settings: Mapping[str, str] = {
            "DEVICE": device,
            "HANDLER": handler,
            "MODEL_DIR": str(model),
            "PORT": str(self._port),
            "PYTHONPATH": python_path(DOCKER / "common", DOCKER / "acceptance"),
            **variables,
        }
        name = f"the service (DEVICE={device}, {handler})"
        self._process = Started(name, [machine.inference_python, "-m", "serving"], DOCKER / "inference", settings)
        try:
            self._wait_until_ready()
        except BaseException:
            self._process.__exit__(None, None, None)
            raise

    def connect(self) -> http.client.HTTPConnection:
        """A connection for several requests."""
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_SECONDS)

    def get(self, path: str) -> Answer:
        """The answer to GET. Raises CheckError if the service does not answer."""
        return self._call("GET", path, None)

    def predict(self, body: Any) -> Answer:
        """The answer to POST /predict. Raises CheckError if the service does not answer."""
        return self._call("POST", "/predict", json.dumps(body).encode())

    def metric(self, name: str) -> float:
        """Value of a metric without labels. Raises CheckError if it is missing."""
        with closing(self.connect()) as connection:
            connection.request("GET", "/metrics")
            for line in connection.getresponse().read().decode().splitlines():
                if line.startswith(f"{name} "):
                    return float(line.split()[1])
        raise CheckError(f"/metrics has no {name}")

    def stop(self) -> int:
        """Send SIGTERM; returns the exit status. Raises CheckError if the service does not end."""
        self._process.send(signal.SIGTERM)
        return self._process.finish(_STOP_SECONDS)

    def __enter__(self) -> Service:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._process.__exit__(kind, value, trace)

    def _wait_until_ready(self) -> None:
        self._process.wait_for(r".*listening on", READY_SECONDS)
        deadline = time.monotonic() + READY_SECONDS
        while (answer := self._ready()) is None or answer.status != 200:
            if time.monotonic() > deadline:
                raise CheckError(f"{self._process.name} was not ready within {READY_SECONDS:g} s: {answer}; {self._process.last}")
            time.sleep(0.05)

    def _ready(self) -> Answer | None:
        try:
            return self._send("GET", "/ready", None)
        except (OSError, http.client.HTTPException):
            # The service listens before it can answer, and closes the port if it cannot load the model.
            if self._process.ended:
                raise CheckError(f"{self._process.name} ended with status {self._process.finish(1)}; {self._process.last}") from None
            return None

    def _call(self, method: str, path: str, body: bytes | None) -> Answer:
        try:
            return self._send(method, path, body)
        except TimeoutError:
            raise CheckError(f"{self._process.name} did not answer {method} {path} within {ANSWER_SECONDS:g} s") from None
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise CheckError(f"{self._process.name} did not answer {method} {path}: {problem!r}; {self._process.last}") from None

    def _send(self, method: str, path: str, body: bytes | None) -> Answer:
        with closing(self.connect()) as connection:
            connection.request(method, path, body)
            response = connection.getresponse()
            return Answer(response.status, json.loads(response.read()))
