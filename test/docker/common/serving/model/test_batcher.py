"""Back-pressure: a bounded queue, deadlines, batches, and clients that disconnect."""

from __future__ import annotations

import asyncio
import concurrent.futures
import http.client
import subprocess
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from gate import Gate
from service_client import BAD_IMAGE, IMAGE, at_once, metric, predict
from serving.model.batcher import Batcher, PredictionError, Steps
from serving.model.failures import Failures
from serving.model.threads import Threads
from serving.observe.metrics import Metrics
from serving.observe.request_id import RequestId
from support import PATIENCE_SECONDS, wait_until

Slow = Callable[..., subprocess.Popen[str]]


class Model:
    """Doubles numbers and records its batches. The first batch waits until it is released."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.handler = SimpleNamespace(file="")

    def predict(self, batch: list[int]) -> list[int]:
        """Fails for a batch with a negative number."""
        self.batches.append(batch)
        self.begun.set()
        assert self.go_on.wait(PATIENCE_SECONDS)
        if min(batch) < 0:
            raise ValueError
        return [number * 2 for number in batch]


def predicted(first: int, waiting: list[int]) -> tuple[Model, list[Any], list[Steps]]:
    """The outcome for numbers that wait while the first one is predicted: the model with its batches, the results and the steps."""
    model = Model()
    steps = [Steps() for _ in range(1 + len(waiting))]

    async def run() -> list[Any]:
        batcher = Batcher(lambda: model, Threads(1, "test"), queue=64, batch=8, failures=Failures(99, 3600), metrics=Metrics())  # type: ignore[arg-type, return-value]
        task = asyncio.create_task(batcher.run())
        futures = [batcher.submit(first, RequestId("r", None), steps[0])]
        await asyncio.to_thread(model.begun.wait, PATIENCE_SECONDS)
        futures += [batcher.submit(number, RequestId("r", None), own) for number, own in zip(waiting, steps[1:], strict=True)]
        await asyncio.sleep(0.2)
        model.go_on.set()
        answers = await asyncio.gather(*futures, return_exceptions=True)
        task.cancel()
        return [answer if isinstance(answer, BaseException) else answer.result for answer in answers]

    return model, asyncio.run(run()), steps


def test_waiting_inputs_form_one_batch_up_to_a_limit() -> None:
    model, results, steps = predicted(0, list(range(1, 10)))
    assert model.batches == [[0], list(range(1, 9)), [9]]
    assert results == [number * 2 for number in range(10)]
    assert [step.batch for step in steps] == [1, *[8] * 8, 1]
    for step in steps:
        assert step.queued is not None
        assert step.begun is not None
        assert step.ended is not None
        assert step.queued <= step.begun <= step.ended
    # The others wait until the first one has ended.
    assert all((step.begun or 0) - (step.queued or 0) >= 0.19 for step in steps[1:])


def test_a_failing_input_does_not_fail_its_batch() -> None:
    model, results, _ = predicted(0, [1, -1, 2])
    assert model.batches == [[0], [1, -1, 2], [1], [-1], [2]]
    assert [result if isinstance(result, int) else type(result) for result in results] == [0, 2, PredictionError, 4]


def test_the_service_answers_the_other_requests_of_a_failed_batch(slow: Slow, free_port: int, gate: Gate) -> None:
    slow(GATE=gate.path)
    first = at_once(1, lambda: predict(free_port))
    gate.wait()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(predict, free_port, body) for body in (IMAGE, BAD_IMAGE, IMAGE, IMAGE)]
        wait_until(lambda: metric(free_port, "inference_requests_in_flight") == 5)
        gate.open()
        assert [answer.result().status for answer in [*first, *waiting]] == [200, 200, 500, 200, 200]
    assert metric(free_port, "inference_queue_seconds_count") == 5
    assert metric(free_port, "inference_queue_seconds_sum") > 0


def test_answers_what_fits_the_queue_and_refuses_the_rest_with_429(slow: Slow, free_port: int, gate: Gate) -> None:
    slow(GATE=gate.path, BATCH_SIZE="1", QUEUE_SIZE="16", REQUEST_SECONDS="3600")
    first = at_once(1, lambda: predict(free_port))
    gate.wait()
    answers = at_once(200, lambda: predict(free_port))
    wait_until(lambda: metric(free_port, 'inference_requests_total{status="429"}') == 184)
    assert metric(free_port, "inference_requests_in_flight") == 1 + 16
    gate.open()
    assert first[0].result().status == 200
    got = [answer.result() for answer in answers]
    statuses = [answer.status for answer in got]
    assert (statuses.count(200), statuses.count(429)) == (16, 184)
    assert {answer.headers["retry-after"] for answer in got if answer.status == 429} == {"1"}


def test_a_request_past_its_deadline_gets_503_and_leaves_the_queue(slow: Slow, free_port: int, gate: Gate) -> None:
    slow(GATE=gate.path, BATCH_SIZE="1", QUEUE_SIZE="16", REQUEST_SECONDS="1")
    answers = [answer.result() for answer in at_once(8, lambda: predict(free_port))]
    assert [answer.status for answer in answers] == [503] * 8
    assert all(answer.seconds >= 1 for answer in answers)
    gate.open()
    wait_until(lambda: metric(free_port, "inference_compute_seconds_count") == 1)
    # The next prediction would start as soon as the first one ends.
    assert metric(free_port, "inference_queue_seconds_count") == 1


def test_does_not_predict_for_disconnected_clients(slow: Slow, free_port: int, gate: Gate) -> None:
    slow(GATE=gate.path, BATCH_SIZE="1", REQUEST_SECONDS="3600")
    first = at_once(1, lambda: predict(free_port))
    gate.wait()
    gone = [http.client.HTTPConnection("127.0.0.1", free_port) for _ in range(10)]
    for connection in gone:
        connection.request("POST", "/predict", IMAGE)
    wait_until(lambda: metric(free_port, "inference_requests_in_flight") == 11)
    for connection in gone:
        connection.close()
    wait_until(lambda: metric(free_port, 'inference_requests_total{status="499"}') == 10)
    gate.open()
    assert first[0].result().status == 200
    assert predict(free_port).status == 200
    assert metric(free_port, "inference_compute_seconds_count") == 2
    assert metric(free_port, "inference_requests_in_flight") == 0
