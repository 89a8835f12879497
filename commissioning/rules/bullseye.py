"""The bullseye of a needs assessment: who is in treatment, and how many more might need it.

From the outside in: estimated problem drug users; known and not in treatment; left treatment this
year; in treatment now. The three inner rings hold different people, so what is left of the
estimate is known to nobody.
"""

from dataclasses import dataclass

from commissioning.rules.proportions import Limits, wilson


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """An estimated number of people, with the interval it was published with."""

    value: int
    lower: int | None = None
    upper: int | None = None

    @property
    def has_interval(self) -> bool:
        return self.lower is not None and self.upper is not None


@dataclass(frozen=True)
class Penetration:
    """People in treatment of those estimated to need it, between 0 and 1.

    `limits` come from the interval of the estimate (`of_estimate`), or else from chance alone.
    Without limits there are more people in treatment than were estimated.
    """

    share: float
    limits: Limits | None
    of_estimate: bool = False


def penetration(in_treatment: int | None, estimate: Estimate | None) -> Penetration | None:
    """How far treatment reaches; None where either number is not known or the estimate is nought.

    The uncertainty of an estimate is far larger than that of a count, so where the estimate has
    an interval it is carried: the most people give the lowest share. Otherwise Wilson's limits.
    """
    if in_treatment is None or estimate is None or estimate.value == 0:
        return None
    share = in_treatment / estimate.value
    if estimate.has_interval and estimate.lower and estimate.upper:
        limits = Limits(in_treatment / estimate.upper, in_treatment / estimate.lower)
        return Penetration(share, limits, of_estimate=True)
    if in_treatment > estimate.value:
        return Penetration(share, None)
    return Penetration(share, wilson(in_treatment, estimate.value))


@dataclass(frozen=True, kw_only=True)
class Bullseye:
    """The four rings of an area; None for a ring that is not known."""

    estimate: int | None
    known: int | None
    left: int | None
    in_treatment: int | None

    @property
    def inner(self) -> tuple[int | None, ...]:
        return (self.known, self.left, self.in_treatment)

    @property
    def unknown(self) -> int | None:
        """Estimated and known to nobody; None where a ring is missing or they exceed it."""
        rings = [one for one in self.inner if one is not None]
        if self.estimate is None or len(rings) < len(self.inner) or self.overfull:
            return None
        return self.estimate - sum(rings)

    @property
    def overfull(self) -> bool:
        """Whether more people are known than were estimated: one of the numbers is wrong."""
        known = sum(one for one in self.inner if one is not None)
        return self.estimate is not None and known > self.estimate
