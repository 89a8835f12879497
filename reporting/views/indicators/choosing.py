"""Which periods a page can show, and what its figures rest on."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from commissioning.components import AsAt
from commissioning.kernel.periods import Grain, Period
from commissioning.views.requests import signed_in
from reporting.selectors.figures import Figures
from reporting.selectors.found import Measured
from reporting.views.indicators.asked import (
    GRAIN_WORDS,
    Choice,
    NothingThere,
    choices,
    kept,
    period_asked,
)

PERIODS_SHOWN = {Grain.MONTH: 24, Grain.QUARTER: 12, Grain.YEAR: 10}


@dataclass(frozen=True)
class PeriodChoice:
    """A period to choose."""

    code: str
    words: str
    current: bool


@dataclass(frozen=True)
class Chooser:
    """The part of a page that chooses the period."""

    grains: Sequence[Choice]
    periods: Sequence[PeriodChoice]
    kept: dict[str, str]


def figures_for(request: HttpRequest) -> Figures:
    """Exact for the person's own areas, released for all others."""
    return Figures.exact(signed_in(request))


def chosen_period(figures: Figures, asked: QueryDict) -> Measured:
    """The period asked for, with the rules it is shown by.

    Without one: the last that the data reach the end of. Raises what `period_asked` does.
    """
    known = figures.periods()
    grain = asked.get("grain") or Grain.QUARTER
    over = [
        one for one in known
        if one.grain == grain and (held := figures.measured(one)) and one.last_day <= held.cut_off
    ]  # fmt: skip
    period = period_asked(asked, known, complete=over[-1] if over else None)
    measured = figures.measured(period)
    if measured is None:
        raise NothingThere(f"Nothing was measured for {period.label}.")
    return measured


def chooser(figures: Figures, asked: QueryDict, period: Period) -> Chooser:
    others = asked.copy()
    others.pop("period", None)
    like = figures.periods(period)
    return Chooser(
        grains=choices(
            others,
            "grain",
            {grain.value: said for grain, said in GRAIN_WORDS.items()},
            period.grain.value,
        ),
        periods=[PeriodChoice(one.code, one.label, one == period) for one in reversed(like)],
        kept=kept(asked, "period", "grain"),
    )


def periods_shown(figures: Figures, period: Period) -> list[Period]:
    """The periods of a line over time: as many as one can read, the chosen among them."""
    like = figures.periods(period)
    many = PERIODS_SHOWN[period.grain]
    last = max(like.index(period) + 1, min(len(like), like.index(period) + many // 2))
    return like[max(0, last - many) : last]


def as_at_of(measured: Measured, *, completeness: str) -> AsAt:
    """What the figures of a period rest on."""
    period = measured.period
    return AsAt(
        measured.cut_off,
        completeness,
        measured.rule_set.code,
        provisional=measured.cut_off < period.last_day or _may_still_change(measured),
        rule_set_href=reverse("commissioning:rule-set-detail", args=[measured.rule_set.code]),
    )


def _may_still_change(measured: Measured) -> bool:
    """Whether the financial year of the period is still being returned."""
    return Period.containing(measured.period.start, Grain.YEAR).last_day > measured.cut_off
