"""Limits around a rate and a mean, and the funnel a proportion is judged in."""

import math
from dataclasses import dataclass
from enum import StrEnum

from commissioning.rules.proportions import Limits, normal_quantile
from reporting.rules.quantiles import root, student_t_quantile

EXACT_BELOW = 10  # events; Byar's method is inaccurate under it


def rate_limits(
    events: int, exposure: float, *, per: float = 1, confidence: float = 0.95
) -> Limits:
    """Limits of a rate of events: Byar's method, exact under ten events.

    Raises `ValueError` when events are negative or exposure is not above nought.
    """
    if exposure <= 0:
        raise ValueError("A rate needs an exposure above nought.")
    counted = poisson_exact if events < EXACT_BELOW else byar
    lower, upper = counted(events, confidence=confidence)
    return Limits(lower / exposure * per, upper / exposure * per)


def byar(events: int, *, confidence: float = 0.95) -> Limits:
    """Limits of a number of events by Byar's approximation. Needs at least one event."""
    if events < 1:
        raise ValueError("Byar's method needs at least one event.")
    z = normal_quantile(confidence)
    return Limits(_byar(events, -z), _byar(events + 1, z))


def _byar(events: int, z: float) -> float:
    base = 1 - 1 / (9 * events) + z / (3 * math.sqrt(events))
    return events * base**3


def poisson_exact(events: int, *, confidence: float = 0.95) -> Limits:
    """Exact limits of a number of events: half a chi-squared quantile at each end.

    Found without that quantile: the lower limit is the mean at which so many events or more are
    just improbable, the upper the mean at which so many or fewer are.
    """
    if events < 0:
        raise ValueError("A number of events is not negative.")
    tail = (1 - confidence) / 2
    roof = events + 10 * math.sqrt(events + 1) + 40
    upper = root(lambda mean: tail - _poisson_at_most(events, mean), 0.0, roof)
    if events == 0:
        return Limits(0.0, upper)
    lower = root(lambda mean: 1 - _poisson_at_most(events - 1, mean) - tail, 0.0, roof)
    return Limits(lower, upper)


def _poisson_at_most(events: int, mean: float) -> float:
    """The chance of so many events or fewer where `mean` are expected."""
    if mean <= 0:
        return 1.0
    terms = (math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(events + 1))
    return math.fsum(terms)


def mean_limits(
    *, count: int, total: float, squares: float, confidence: float = 0.95
) -> Limits | None:
    """Limits of a mean by Student's t, from the count, the sum and the sum of squares.

    None with fewer than two values: nothing is known of their spread.
    """
    if count < 2:  # noqa: PLR2004  # a spread needs two
        return None
    mean = total / count
    variance = max(0.0, (squares - total * mean) / (count - 1))
    reach = student_t_quantile(confidence, count - 1) * math.sqrt(variance / count)
    return Limits(mean - reach, mean + reach)


@dataclass(frozen=True)
class FunnelLimits:
    """Where a share of so many people lies when its area is like all others."""

    inner: Limits
    outer: Limits


class FunnelPosition(StrEnum):
    """Where a share stands in its funnel, in words."""

    BELOW_OUTER = "Well below what is expected"
    BELOW_INNER = "Below what is expected"
    WITHIN = "As expected"
    ABOVE_INNER = "Above what is expected"
    ABOVE_OUTER = "Well above what is expected"


def funnel_limits(
    share: float, denominator: int, *, inner: float = 0.95, outer: float = 0.998
) -> FunnelLimits:
    """Control limits of a proportion around the share of all areas together, within 0 and 1."""
    if not 0 <= share <= 1 or denominator < 1:
        raise ValueError("A funnel needs a share from 0 to 1 and a denominator above nought.")
    spread = math.sqrt(share * (1 - share) / denominator)

    def limits(confidence: float) -> Limits:
        reach = normal_quantile(confidence) * spread
        return Limits(max(0.0, share - reach), min(1.0, share + reach))

    return FunnelLimits(limits(inner), limits(outer))


def funnel_position(numerator: int, denominator: int, limits: FunnelLimits) -> FunnelPosition:
    """Where a share stands; on a limit is within it."""
    share = numerator / denominator
    steps = [
        (share < limits.outer.lower, FunnelPosition.BELOW_OUTER),
        (share > limits.outer.upper, FunnelPosition.ABOVE_OUTER),
        (share < limits.inner.lower, FunnelPosition.BELOW_INNER),
        (share > limits.inner.upper, FunnelPosition.ABOVE_INNER),
    ]
    return next((position for holds, position in steps if holds), FunnelPosition.WITHIN)
