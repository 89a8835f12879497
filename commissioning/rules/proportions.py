"""A share of a number of people and how far chance alone could move it."""

import math
from statistics import NormalDist
from typing import NamedTuple


class Limits(NamedTuple):
    lower: float
    upper: float


def normal_quantile(confidence: float) -> float:
    """z for two-sided limits: 1.959964 at 0.95. Raises `ValueError` outside 0 to 1."""
    check_confidence(confidence)
    return NormalDist().inv_cdf(1 - (1 - confidence) / 2)


def check_confidence(confidence: float) -> None:
    """Raise `ValueError` unless the confidence lies between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError("A confidence lies between 0 and 1.")


def wilson(numerator: int, denominator: int, *, confidence: float = 0.95) -> Limits:
    """Limits of a proportion by Wilson's score method, between 0 and 1.

    Raises `ValueError` when the numerator is not within the denominator or that is nought.
    """
    if not 0 <= numerator <= denominator or denominator == 0:
        raise ValueError("A proportion needs a numerator within a denominator above nought.")
    z = normal_quantile(confidence)
    share = numerator / denominator
    centre = 2 * numerator + z * z
    spread = z * math.sqrt(z * z + 4 * numerator * (1 - share))
    width = 2 * (denominator + z * z)
    lower = 0.0 if numerator == 0 else max(0.0, (centre - spread) / width)
    upper = 1.0 if numerator == denominator else min(1.0, (centre + spread) / width)
    return Limits(lower, upper)
