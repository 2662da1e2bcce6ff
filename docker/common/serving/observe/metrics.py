"""The service's Prometheus metrics, in a separate registry so that each application starts from zero."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_SIZES = (1, 2, 4, 8, 16, 32, 64, 128)

# Disable the second series (`_created`) of every counter, which nothing reads.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """Metrics of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "inference_requests",
            "Prediction requests by HTTP status; 499 means that the client disconnected.",
            ["status"],
            registry=self._registry,
        )
        self.in_flight = Gauge(
            "inference_requests_in_flight", "Prediction requests in progress, the metric of autoscaling.", registry=self._registry
        )
        self.seconds = Histogram(
            "inference_request_seconds", "Time from a request's headers to its response.", buckets=_BUCKETS, registry=self._registry
        )
        self.queue_seconds = Histogram(
            "inference_queue_seconds", "Time that an input waits for its prediction to start.", buckets=_BUCKETS, registry=self._registry
        )
        self.compute_seconds = Histogram("inference_compute_seconds", "Time of one batch.", buckets=_BUCKETS, registry=self._registry)
        self.batch_size = Histogram("inference_batch_size", "Inputs in a batch.", buckets=_SIZES, registry=self._registry)
        self.predictions = Counter(
            "inference_predictions", "Answered predictions by version of the model.", ["version"], registry=self._registry
        )
        self.swaps = Counter(
            "inference_model_swaps",
            "Changed models by result: loaded or failed.",
            ["result"],
            registry=self._registry,
        )
        self._model = Gauge("inference_model_info", "1 for the version of the current model.", ["version"], registry=self._registry)
        self.ready = Gauge("inference_ready", "1 while the model is loaded and the service is not draining.", registry=self._registry)

    def model(self, version: str) -> None:
        """Set the version of the current model."""
        self._model.clear()
        self._model.labels(version=version).set(1)

    def text(self) -> bytes:
        """All metrics in Prometheus's text format."""
        return generate_latest(self._registry)
