"""Quantiles that limits are made of: Student's t, without a numerical library."""

import math
from collections.abc import Callable
from functools import lru_cache

from commissioning.rules.proportions import check_confidence

TINY = 1e-300
ENOUGH = 1e-15
MOST_STEPS = 1000
KEPT = 1024  # quantiles: thousands of lines have limits of the same few months


@lru_cache(maxsize=KEPT)
def student_t_quantile(confidence: float, degrees: int) -> float:
    """t for two-sided limits with so many degrees of freedom: 2.228139 at 0.95 and 10."""
    check_confidence(confidence)
    if degrees < 1:
        raise ValueError("Student's t needs at least one degree of freedom.")
    wanted = 1 - (1 - confidence) / 2
    high = 1.0
    while student_t_cdf(high, degrees) < wanted:
        high *= 2
    return root(lambda t: student_t_cdf(t, degrees) - wanted, 0.0, high)


def student_t_cdf(t: float, degrees: int) -> float:
    """The share of Student's t distribution up to `t`."""
    tail = _incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
    return tail if t < 0 else 1 - tail


def root(rises: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function crosses nought between `low` and `high`, by halving."""
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if rises(middle) < 0:
            low = middle
        else:
            high = middle


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, from whichever side converges quickly."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    log_front = (
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    front = math.exp(log_front)
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, 1 / _kept_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = 1.0
        for term in (even, odd):
            d = 1 / _kept_from_zero(1 + term * d)
            c = _kept_from_zero(1 + term / c)
            step = c * d
            value *= step
        if abs(step - 1) < ENOUGH:
            break
    return value


def _kept_from_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY
