"""Inference: correct answers on the requested device, latency and throughput."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from accept.machine import DOCKER, CheckError, Line, Machine
from accept.processes import output
from accept.service import Service
from accept.trainer import python_path

MODEL = DOCKER / "common" / "model"
"""The model of the image."""

PROBABILITY_TOLERANCE = 0.01
"""Greatest difference of a probability between the device and the CPU.

On Ampere and newer GPUs, ONNX Runtime multiplies in TF32, which has 11 significant bits. The two most probable digits of every held-out
image differ by more than ten times as much.
"""

BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64)

_REQUESTS = 300
_LOAD_SECONDS = 3.0
_SCRIPT_SECONDS = 300.0


def check(machine: Machine) -> Iterator[Line]:
    """Compare the answers with the CPU and with the labels, then measure. Raises CheckError."""
    alone = session(machine, MODEL)
    yield Line("execution provider", ran_on(machine, alone["nodes"]))
    digits = held_out(machine)
    with Service(machine, "cpu", MODEL) as service:
        expected = answers(service, digits)
    with Service(machine, machine.device, MODEL) as service:
        yield Line("held-out digits", compare(expected, answers(service, digits), [digit["digit"] for digit in digits]))
        yield Line("latency, one client", latency(service, digits))
    for size in BATCH_SIZES:
        # Twice as many clients as inputs in a batch, so that a full batch waits during each prediction.
        with Service(machine, machine.device, MODEL, BATCH_SIZE=str(size), QUEUE_SIZE="1024") as service:
            yield Line(f"batches of up to {size}, {2 * size} clients", throughput(service, digits, 2 * size))
    for images, rate in alone["images_a_second"].items():
        yield Line(f"model alone, batches of {images}", f"{rate:,.0f} images/s")


def session(machine: Machine, model: Path) -> dict[str, Any]:
    """The measurements of workload/session.py: ONNX Runtime in one process. Raises CheckError."""
    command: list[str | Path] = [machine.inference_python, "-m", "workload.session", model / "model.onnx", machine.device]
    line = output("ONNX Runtime", command, DOCKER / "acceptance", _variables(), _SCRIPT_SECONDS)
    measured: dict[str, Any] = json.loads(line)
    return measured


def ran_on(machine: Machine, nodes: Mapping[str, int]) -> str:
    """A description of the execution provider that ran the model. Raises CheckError if a node ran on another device."""
    provider = "CUDAExecutionProvider" if machine.device == "cuda" else "CPUExecutionProvider"
    text = ", ".join(f"{count} nodes on {name}" for name, count in sorted(nodes.items())) or "no nodes ran"
    if set(nodes) != {provider}:
        raise CheckError(f"every node of the model must run on {provider}: {text}")
    return text


def held_out(machine: Machine) -> list[dict[str, Any]]:
    """The held-out images and their digits. Raises CheckError."""
    command: list[str | Path] = [machine.training_python, "-m", "workload.held_out"]
    digits: list[dict[str, Any]] = json.loads(output("the held-out digits", command, DOCKER / "acceptance", _variables(), _SCRIPT_SECONDS))
    return digits


def answers(service: Service, digits: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The service's answer for each image. Raises CheckError for every status but 200."""
    found = []
    for digit in digits:
        answer = service.predict({"image": digit["image"]})
        if answer.status != 200:
            raise CheckError(f"the service answered {answer.status} for a held-out digit: {answer.body}")
        found.append(answer.body)
    return found


def compare(expected: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]], labels: Sequence[int]) -> str:
    """The accuracy of the answers. Raises CheckError if a digit or a probability differs from the one of the CPU."""
    different = sum(one["digit"] != other["digit"] for one, other in zip(expected, found, strict=True))
    pairs = [zip(one["probabilities"], other["probabilities"], strict=True) for one, other in zip(expected, found, strict=True)]
    greatest = max(abs(first - second) for pair in pairs for first, second in pair)
    right = sum(answer["digit"] == label for answer, label in zip(found, labels, strict=True))
    text = f"{right} of {len(labels)} right ({right / len(labels):.4f}), probabilities within {greatest:.1g} of the CPU's"
    if different or not greatest <= PROBABILITY_TOLERANCE:
        raise CheckError(f"{different} digits differ from those of the CPU, and {text}; allowed: 0 digits, {PROBABILITY_TOLERANCE:g}")
    if right < 0.95 * len(labels):
        raise CheckError(f"the model is not the trained one: {text}")
    return text


def latency(service: Service, digits: Sequence[dict[str, Any]]) -> str:
    """Percentiles of the request time, with one request at a time on one connection. Raises CheckError."""
    with closing(service.connect()) as connection:
        seconds = [_timed(connection, digits[number % len(digits)]) for number in range(_REQUESTS)]
    percentiles = statistics.quantiles(seconds, n=100)
    return f"p50 {percentiles[49] * 1000:.2f} ms, p99 {percentiles[98] * 1000:.2f} ms"


def throughput(service: Service, digits: Sequence[dict[str, Any]], clients: int) -> str:
    """Requests per second with this number of clients. Raises CheckError if a request fails."""
    before = [service.metric(f"inference_batch_size_{part}") for part in ("sum", "count")]
    begun = time.monotonic()

    def client(number: int) -> list[float]:
        with closing(service.connect()) as connection:
            times: list[float] = []
            while time.monotonic() < begun + _LOAD_SECONDS:
                times.append(_timed(connection, digits[(number + len(times)) % len(digits)]))
            return times

    with ThreadPoolExecutor(clients) as pool:
        times = [seconds for done in pool.map(client, range(clients)) for seconds in done]
    elapsed = time.monotonic() - begun
    inputs, batches = (service.metric(f"inference_batch_size_{part}") - past for part, past in zip(("sum", "count"), before, strict=True))
    p99 = statistics.quantiles(times, n=100)[98] if len(times) > 1 else times[0]
    return f"{len(times) / elapsed:,.0f} requests/s, p99 {p99 * 1000:.1f} ms, {inputs / batches:.1f} inputs a batch"


def _timed(connection: http.client.HTTPConnection, digit: dict[str, Any]) -> float:
    begun = time.monotonic()
    try:
        connection.request("POST", "/predict", json.dumps({"image": digit["image"]}).encode())
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as problem:
        raise CheckError(f"a request under load failed: {problem!r}") from None
    if response.status != 200:
        raise CheckError(f"a request under load got {response.status}: {body.decode(errors='replace')}")
    return time.monotonic() - begun


def _variables() -> dict[str, str]:
    return {"PYTHONPATH": python_path(DOCKER / "common", DOCKER / "training", DOCKER / "acceptance")}
