"""Indicators that several dated rules define: the headline of the year, the others as if."""

from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.kernel.periods import Period
from commissioning.rule_settings import YearSpan
from reporting.indicators.declared import Indicator
from reporting.indicators.planned_exits import Planned2006, Planned2009
from reporting.indicators.retention import EffectiveTreatment, OfDischarged, OfNewJourneys
from reporting.selectors.areas import Area
from reporting.selectors.found import Measured
from reporting.views.indicators.named import area_href
from reporting.views.indicators.telling import Telling

TOGETHER: tuple[tuple[type[Indicator], ...], ...] = (
    (OfDischarged, OfNewJourneys, EffectiveTreatment),
    (Planned2006, Planned2009),
)


@dataclass(frozen=True)
class Line:
    """The figure by one of the rules."""

    name: str
    href: str
    years: str
    is_headline: bool
    shown: str
    limits: str
    among: str


@dataclass(frozen=True)
class Rules:
    """The figure by each of its rules, in one period."""

    words: str
    lines: Sequence[Line]
    headline: type[Indicator] | None


def rules_beside(
    indicator: type[Indicator], area: Area, measured: Measured, telling: Telling
) -> Rules | None:
    """The rules an indicator is one of; None where it stands alone. One query."""
    together = next((held for held in TOGETHER if indicator in held), None)
    if together is None:
        return None
    rules, period = measured.rules, measured.period
    figures = telling.figures.of_area(area, period, together)
    headline = next((one for one in together if not one.is_as_if(rules, period)), None)
    lines = [
        Line(
            name=one.indicator.title,
            href=f"{area_href(area, one.indicator)}?period={period.code}",
            years=years_in_words(getattr(rules, one.indicator.headline_years_setting)),
            is_headline=one.indicator is headline,
            shown=telling.value(one),
            limits=telling.limits(one),
            among=telling.among(one),
        )
        for one in figures
    ]
    said = (
        f"{period.label} is shown by “{headline.title}”. The others say what the figure would be "
        "as if their rule held."
        if headline
        else f"No rule was headline in {period.label}: each is shown as if it held."
    )
    return Rules(said, lines, headline)


def years_in_words(span: YearSpan) -> str:
    """Financial years as they are written: 2005/06 to 2007/08, from 2008/09."""
    first = _year(span.first)
    if span.last is None:
        return f"From {first}"
    return first if span.last == span.first else f"{first} to {_year(span.last)}"


def _year(year: int) -> str:
    return Period.parse(f"FY{year}").label
