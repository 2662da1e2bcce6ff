"""The Celery application and its one task."""

from __future__ import annotations

from typing import Any

from celery import Celery

from consumer.settings import Settings
from shared.image import to_pixels
from shared.model import Model

TASK = "predict"

_RESULT_SECONDS = 3600


def create_app(settings: Settings, model: Model) -> Celery:
    """Application whose task `predict(image)` answers the digit, its probabilities and the model's digest.

    An image that cannot be used fails its task with BadImageError, which says why; the next task is not affected.
    """
    app = Celery("consumer", broker=settings.broker, backend=settings.results)
    app.conf.update(
        accept_content=["json"],
        broker_connection_retry_on_startup=True,
        result_expires=_RESULT_SECONDS,
        # A task is acknowledged when it is done, and only one is taken at a time: what a worker that dies had taken goes to another.
        task_acks_late=True,
        task_default_queue=settings.queue,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
    )

    def predict(image: Any) -> dict[str, Any]:
        prediction = model.predict(to_pixels(image))
        return {"digit": prediction.digit, "probabilities": prediction.probabilities, "model": model.digest}

    app.task(predict, name=TASK)
    return app
