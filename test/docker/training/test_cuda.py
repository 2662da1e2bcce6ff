"""The check of the machine's driver."""

from __future__ import annotations

import pytest

from trainer import cuda


@pytest.mark.parametrize("version", ["550.54.15", "550.90.07", "560.28", "1000.1"])
def test_accepts_a_new_enough_driver(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "driver_version", lambda: version)
    assert cuda.check_driver() == version


@pytest.mark.parametrize("version", ["550.54.14", "535.183.01", "99.99"])
def test_refuses_an_old_one(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "driver_version", lambda: version)
    with pytest.raises(cuda.DriverError, match=f">= 550.54.15, and this machine has {version}"):
        cuda.check_driver()


def test_refuses_a_machine_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "driver_version", lambda: None)
    with pytest.raises(cuda.DriverError, match="none is visible here"):
        cuda.check_driver()
