"""Tests of the model. Run them without the image: python3 models/{{name}}/test_model.py."""

from __future__ import annotations

import unittest

from model import EXAMPLES, improved, loss, predicted


class ModelTest(unittest.TestCase):
    """Uses the model in the same way as the training loop."""

    def test_predicts_a_straight_line(self) -> None:
        self.assertEqual(predicted([2.0, 3.0, 1.0], [1.0, 2.0]), 9.0)

    def test_each_step_lowers_the_loss(self) -> None:
        parameters = [0.0, 0.0, 0.0]
        for _ in range(20):
            after = improved(parameters, EXAMPLES, 0.1)
            self.assertLess(loss(after, EXAMPLES), loss(parameters, EXAMPLES))
            parameters = after

    def test_does_not_move_from_the_best_parameters(self) -> None:
        self.assertEqual(improved([0.5, 0.5, 0.5], EXAMPLES, 0.1), [0.5, 0.5, 0.5])


if __name__ == "__main__":
    unittest.main()
