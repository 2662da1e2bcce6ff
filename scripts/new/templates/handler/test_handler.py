"""Tests of the handler. Run them without the image: python3 models/{{name}}/test_handler.py."""

from __future__ import annotations

import json
import unittest
from pathlib import Path

import handler


class HandlerTest(unittest.TestCase):
    """Calls the functions in the same way as the server and the worker."""

    def setUp(self) -> None:
        self.model = handler.load(Path(__file__).parent / "model", "cpu")

    def answers(self, *bodies: object) -> list[object]:
        """The responses to some bodies in one batch."""
        batch = [handler.parse(json.dumps(body).encode()) for body in bodies]
        return [handler.format(result) for result in handler.predict(self.model, batch)]

    def test_answers_each_input_of_a_batch(self) -> None:
        self.assertEqual(self.answers({"values": [0, 0]}, {"values": [1, 2]}), [{"score": 0.5}, {"score": 2.0}])

    def test_answers_its_example(self) -> None:
        self.assertEqual(len(self.answers(handler.EXAMPLE)), 1)

    def test_refuses_a_body_of_another_form(self) -> None:
        for body in [{}, {"values": []}, {"values": [1, 2, 3]}, {"values": ["a", 1]}]:
            with self.subTest(body=body), self.assertRaises((KeyError, ValueError)):
                handler.parse(json.dumps(body).encode())


if __name__ == "__main__":
    unittest.main()
