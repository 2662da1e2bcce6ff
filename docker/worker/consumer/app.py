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
    """Application with the task `predict(image)`, which returns the digit, its probabilities and the model's digest.

    An unusable image fails its task with BadImageError, which says why; later tasks are not affected.
    """
    app = Celery("consumer", broker=settings.broker, backend=settings.results)
    app.conf.update(
        accept_content=["json"],
        broker_connection_retry_on_startup=True,
        result_expires=_RESULT_SECONDS,
        # Take one task at a time and acknowledge it when it is done, so that the task of a worker that dies goes to another.
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
