"""The model of the run {{name}}: linear regression. It imports no packages, so its test needs none."""

from __future__ import annotations

Example = tuple[list[float], float]

EXAMPLES: list[Example] = [([0.0, 0.0], 0.5), ([1.0, 0.0], 1.0), ([0.0, 1.0], 1.0), ([1.0, 2.0], 2.0)]


def predicted(parameters: list[float], values: list[float]) -> float:
    """The result for an input. The last parameter is the bias."""
    *weights, bias = parameters
    return sum(weight * value for weight, value in zip(weights, values, strict=True)) + bias


def loss(parameters: list[float], examples: list[Example]) -> float:
    """The mean squared error."""
    return sum((predicted(parameters, values) - result) ** 2 for values, result in examples) / len(examples)


def improved(parameters: list[float], examples: list[Example], rate: float) -> list[float]:
    """The parameters after one step of gradient descent."""
    gradient = [0.0] * len(parameters)
    for values, result in examples:
        error = predicted(parameters, values) - result
        for index, value in enumerate([*values, 1.0]):
            gradient[index] += 2 * error * value / len(examples)
    return [parameter - rate * slope for parameter, slope in zip(parameters, gradient, strict=True)]
