"""The file of a checkpoint: written atomically, and refused if it is damaged."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from trainer.checkpoints.format import Checkpoint, decode, write_checkpoint

STATE: dict[str, NDArray[Any]] = {
    "w": np.arange(6, dtype=np.float32).reshape(2, 3),
    "count": np.array(7, dtype=np.int64),
    "half": np.ones(3, dtype=np.float16),
}
CHECKPOINT = Checkpoint(epoch=2, step=20, options={"seed": 1.0, "name": "a"}, state=STATE, seconds=12.5)


def _encoded(checkpoint: Checkpoint = CHECKPOINT) -> bytes:
    content = io.BytesIO()
    write_checkpoint(content, checkpoint)
    return content.getvalue()


def test_round_trip() -> None:
    read = decode(_encoded())
    assert (read.epoch, read.step, read.options, read.seconds) == (2, 20, {"seed": 1.0, "name": "a"}, 12.5)
    assert {name: (array.dtype, array.tolist()) for name, array in read.state.items()} == {
        name: (array.dtype, array.tolist()) for name, array in STATE.items()
    }


def test_writes_sequentially_without_seeks() -> None:
    class Pipe(io.RawIOBase):
        parts: list[bytes] = []  # noqa: RUF012

        def writable(self) -> bool:
            return True

        def write(self, content: Any) -> int:
            self.parts.append(bytes(content))
            return len(content)

        def seek(self, *_: int) -> int:
            raise AssertionError

    pipe = Pipe()
    write_checkpoint(pipe, CHECKPOINT)  # type: ignore[arg-type]
    assert decode(b"".join(pipe.parts)).step == 20


def test_writes_a_large_array_in_parts() -> None:
    sizes: list[int] = []

    class Measure(io.BytesIO):
        def write(self, content: Any) -> int:
            sizes.append(len(content))
            return super().write(content)

    write_checkpoint(Measure(), Checkpoint(0, 0, {}, {"w": np.zeros(16 << 20, dtype=np.float32)}))
    assert max(sizes) <= 16 << 20


def test_a_flipped_byte_is_detected_or_harmless() -> None:
    content = _encoded()
    for place in range(len(content)):
        damaged = content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]
        try:
            read = decode(damaged)
        except (ValueError, KeyError):
            continue
        assert (read.epoch, read.step, read.options, read.seconds) == (2, 20, {"seed": 1.0, "name": "a"}, 12.5)
        assert all(np.array_equal(array, read.state[name]) for name, array in STATE.items())


@pytest.mark.parametrize("left", [0, 1, 10, 100, -1, -30])
def test_refuses_a_truncated_checkpoint(left: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the message depends on the library
        decode(_encoded()[:left])


def test_refuses_arrays_that_it_could_not_read_back() -> None:
    with pytest.raises(ValueError, match="cannot have an array named about"):
        write_checkpoint(io.BytesIO(), Checkpoint(0, 0, {}, {"about": np.zeros(1)}))
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        write_checkpoint(io.BytesIO(), Checkpoint(0, 0, {}, {"w": np.array([object()])}))


def _earlier(**about: Any) -> bytes:
    body = io.BytesIO()
    np.savez(body, allow_pickle=False, about=np.array(json.dumps(about)), **STATE)
    return b"checkpoint 1 " + hashlib.sha256(body.getvalue()).hexdigest().encode() + b"\n" + body.getvalue()


def test_reads_the_earlier_format() -> None:
    content = _earlier(epoch=1, step=10, options={"seed": 1.0})
    read = decode(content)
    assert (read.epoch, read.step, read.seconds) == (1, 10, 0.0)
    assert np.array_equal(read.state["w"], STATE["w"])
    with pytest.raises(ValueError, match="its checksum does not match"):
        decode(content[:-1])
