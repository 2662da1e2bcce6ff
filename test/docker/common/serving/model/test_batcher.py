"""Back-pressure: a bounded queue, deadlines, batches, and clients that go away."""

from __future__ import annotations

import concurrent.futures
import http.client
import subprocess
import time
from collections.abc import Callable

from service_client import BAD_IMAGE, IMAGE, at_once, metric, predict, wait_until

Slow = Callable[..., subprocess.Popen[str]]


def test_200_at_once_are_answered_or_sent_away_none_after_its_deadline(slow: Slow, free_port: int) -> None:
    slow(SECONDS="0.25", BATCH_SIZE="1", QUEUE_SIZE="16", REQUEST_SECONDS="10")
    answers = [answer.result() for answer in at_once(200, lambda: predict(free_port))]
    statuses = [answer.status for answer in answers]
    assert set(statuses) == {200, 429}
    assert 16 <= statuses.count(200) <= 40
    assert max(answer.seconds for answer in answers) < 10.5
    assert {answer.headers["retry-after"] for answer in answers if answer.status == 429} == {"1"}
    assert metric(free_port, 'inference_requests_total{status="429"}') == statuses.count(429)


def test_what_is_not_answered_in_time_gets_503_and_leaves_the_queue(slow: Slow, free_port: int) -> None:
    slow(SECONDS="0.6", BATCH_SIZE="1", QUEUE_SIZE="16", REQUEST_SECONDS="1")
    answers = [answer.result() for answer in at_once(8, lambda: predict(free_port))]
    assert sorted(answer.status for answer in answers) == [200, *[503] * 7]
    assert all(answer.seconds < 1.5 for answer in answers)
    time.sleep(0.7)
    # The six that had not started were never predicted.
    assert metric(free_port, "inference_compute_seconds_count") == 2


def test_clients_that_went_away_are_not_predicted(slow: Slow, free_port: int) -> None:
    slow(SECONDS="0.5", BATCH_SIZE="1")
    first = at_once(1, lambda: predict(free_port))
    time.sleep(0.2)
    gone = [http.client.HTTPConnection("127.0.0.1", free_port) for _ in range(10)]
    for connection in gone:
        connection.request("POST", "/predict", IMAGE)
    wait_until(lambda: metric(free_port, "inference_requests_in_flight") == 11)
    for connection in gone:
        connection.close()
    wait_until(lambda: metric(free_port, 'inference_requests_total{status="499"}') == 10)
    assert first[0].result().status == 200
    assert predict(free_port).status == 200
    assert metric(free_port, "inference_compute_seconds_count") == 2
    assert metric(free_port, "inference_requests_in_flight") == 0


def test_what_waits_is_one_batch(slow: Slow, free_port: int) -> None:
    slow(SECONDS="0.5", BATCH_SIZE="8")
    first = at_once(1, lambda: predict(free_port))
    time.sleep(0.2)
    answers = at_once(8, lambda: predict(free_port))
    assert {answer.result().status for answer in [*first, *answers]} == {200}
    assert metric(free_port, "inference_compute_seconds_count") == 2
    assert metric(free_port, "inference_batch_size_sum") == 9
    assert metric(free_port, "inference_queue_seconds_count") == 9
    assert 0.1 < metric(free_port, "inference_queue_seconds_sum") / 8 < 0.6


def test_one_image_that_fails_does_not_fail_its_batch(slow: Slow, free_port: int) -> None:
    slow(SECONDS="0.3")
    first = at_once(1, lambda: predict(free_port))
    time.sleep(0.1)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        bodies = [IMAGE, BAD_IMAGE, IMAGE, IMAGE]
        statuses = list(pool.map(lambda body: predict(free_port, body).status, bodies))
    assert first[0].result().status == 200
    assert statuses == [200, 500, 200, 200]
