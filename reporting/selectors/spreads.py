"""How waits are spread over days: median, nine in ten, the share within any number of days.

All of it is exact for the person's own areas and released for others: counts hidden and rounded,
shares and percentiles only of enough people, the longest never.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.kernel.periods import Period
from reporting.choices import TOTAL
from reporting.disclosure import Shown
from reporting.indicators.declared import Indicator
from reporting.indicators.in_force import IN_FORCE
from reporting.rules import Distribution, Limits
from reporting.selectors.areas import Area
from reporting.selectors.figures import Figures
from reporting.selectors.found import distributions_of, key

NINE_IN_TEN = 90  # per cent
LAST_STEP = 8  # weeks: from the eighth on, waits stand together
STEPS = (*(f"{week}–{week + 1}" for week in range(LAST_STEP)), f"{LAST_STEP} or more")


@dataclass(frozen=True)
class Spread:
    """The waits of one area and period. Lengths are in days."""

    total: Shown
    median: Shown
    nine_in_ten: Shown
    longest: Shown
    within_days: int
    within: Shown
    within_limits: Limits | None
    weeks: Sequence[Shown]  # those who waited 0 to 6 days, 7 to 13 and so on; the last step open
    days: Sequence[tuple[int, Shown]]  # where exact; a line by itself would tell of a person


def whose_days(indicator: type[Indicator]) -> type[Indicator] | None:
    """The indicator whose days tell how the waits of this one are spread; None where none do."""
    if indicator.turn:
        return indicator
    same = (one for one in IN_FORCE.values() if one.turn)
    return next(
        (
            one
            for one in same
            if one.family is indicator.family and one.denominator == indicator.denominator
        ),
        None,
    )


def spread_of(
    figures: Figures, indicator: type[Indicator], area: Area, period: Period, *, within: int
) -> Spread | None:
    """How the indicator's waits are spread; None where they are not of waits or nothing is known.

    One query.
    """
    source, measured = whose_days(indicator), figures.measured(period)
    if source is None or measured is None:
        return None
    whose = (source.turn, source.whose)
    found = distributions_of({whose}, [area], [measured], TOTAL)[whose]
    waits = found.get(key(area, period, TOTAL, TOTAL), Distribution())
    gate = figures.gate(area, period)
    confidence = float(measured.rules.confidence_percent) / 100
    near, week = waits.at_most(within), measured.rules.days_per_week
    steps = [0] * (LAST_STEP + 1)
    for day, count in waits.counts:
        steps[min(day // week, LAST_STEP)] += count
    return Spread(
        total=gate.count(waits.total),
        median=gate.measure(waits.median, waits.total),
        nine_in_ten=gate.measure(waits.percentile(NINE_IN_TEN), waits.total, places=0),
        longest=gate.extreme(waits.longest),
        within_days=within,
        within=gate.percent(near, waits.total),
        within_limits=gate.limits(near, waits.total, confidence=confidence),
        weeks=gate.spread(steps, tail=measured.rules.suppression_rule.hide_to),
        days=[(day, gate.count(count)) for day, count in waits.counts if gate.rule.shows_extremes],
    )
