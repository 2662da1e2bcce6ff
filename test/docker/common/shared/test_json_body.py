"""JSON from a client."""

from __future__ import annotations

import pytest

from shared.errors import BadInputError
from shared.json_body import parse_json


def test_reads_any_value() -> None:
    assert parse_json('{"a": [1, 2.5, "é", null]}'.encode()) == {"a": [1, 2.5, "é", None]}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is not JSON: "),
        (b"\xff\xfe", "the body is not JSON: "),
        (b"[" * 60000, "the body is nested too deeply"),
        (b"9" * 5000, "the body is not JSON: "),
        (b"[NaN]", "the body is not JSON: NaN is not a number"),
    ],
)
def test_names_the_problem_of_a_body(body: bytes, reason: str) -> None:
    with pytest.raises(BadInputError, match=reason) as caught:
        parse_json(body)
    assert caught.value.status == 400
