"""After a device failure, /health fails, so that Kubernetes restarts the service. A new process can use the device."""

from __future__ import annotations

from collections.abc import Iterator

from accept.checks.inference import MODEL
from accept.checks.memory import HANDLER, expect, fill_model
from accept.machine import CheckError, Line, Machine
from accept.service import Service


def check(machine: Machine) -> Iterator[Line]:
    """Fail the device with a kernel that traps; on the CPU, the handler raises DeviceError. Raises CheckError."""
    with Service(machine, machine.device, fill_model(machine), HANDLER) as service:
        expect(service.get("/health"), 200, "/health before the failure")
        expect(service.predict({"fail": True}), 500, "the prediction that fails the device")
        health = service.get("/health")
        expect(health, 503, "/health after the device failed")
        reason = str(health.body.get("error", ""))
        if not reason.startswith("the device failed: "):
            raise CheckError(f"/health reports another reason: {reason}")
        expect(service.get("/ready"), 503, "/ready after the device failed")
        service.stop()
    with Service(machine, machine.device, MODEL) as service:
        expect(service.predict({"image": [0] * 64}), 200, "a request to the next service")
    yield Line("service", f"/health 503 ({reason[:80]}); the next service answered")
