"""The Celery application and its one task."""

from __future__ import annotations

import json
import time
from typing import Any

from celery import Celery
from celery.exceptions import Reject
from celery.worker import state

from consumer.settings import Settings
from consumer.span import task_span
from serving.model.failures import is_device_failure
from serving.model.loaded import Loaded
from serving.model.message import format_result, parse_body
from serving.observe.traces import Traced, Traces

TASK = "predict"

_RESULT_SECONDS = 3600

_LEAST_VISIBILITY_SECONDS = 3600


def create_app(settings: Settings, loaded: Loaded, traces: Traces | None = None) -> Celery:
    """Application with the task `predict(body)`. The task returns the JSON value that a service with the same handler answers to this body.

    An invalid body fails its task with BadInputError, which gives the reason; later tasks are not affected. When the GPU fails, the worker
    returns the task to the queue and exits with 1.
    """
    app = Celery("consumer", broker=settings.broker, backend=settings.results)
    app.conf.update(
        accept_content=["json"],
        broker_connection_retry_on_startup=True,
        broker_transport_options=_transport_options(settings),
        result_expires=_RESULT_SECONDS,
        # Prefetch one task and acknowledge it after completion, so that another worker gets the task if this one dies.
        task_acks_late=True,
        task_default_queue=settings.queue,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
    )

    def predict(task: Any, body: Any) -> Any:
        if traces is None:
            return answer(body)
        with task_span(traces, task.request, settings.queue) as span:
            return answer(body, span)

    def answer(body: Any, span: Traced | None = None) -> Any:
        item = parse_body(loaded, json.dumps(body).encode())
        begun = time.perf_counter()
        try:
            (result,) = loaded.predict([item])
        except Exception as problem:
            if is_device_failure(problem):
                state.should_stop = 1
                raise Reject(str(problem), requeue=True) from problem
            raise
        finally:
            if span is not None:
                span.step("predict", begun, None)
        return json.loads(format_result(loaded, result))

    app.task(predict, name=TASK, shared=False, bind=True)
    return app


def _transport_options(settings: Settings) -> dict[str, int]:
    """Redis redelivers a task that is not acknowledged within the visibility timeout, even if a worker is still processing it.

    https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html#visibility-timeout
    """
    if settings.broker.startswith("amqp"):
        return {}
    return {"visibility_timeout": max(_LEAST_VISIBILITY_SECONDS, 2 * settings.drain_seconds)}
