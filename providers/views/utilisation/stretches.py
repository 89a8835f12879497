"""The time a page of utilisation looks at: a financial year or a month, up to last night."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import django_filters
from django.http import Http404

from commissioning.kernel.periods import Grain, Period, UnknownPeriod, periods_between
from commissioning.list_filters import RowFilter
from providers.choices import PlaceKind
from providers.filters.services import named
from providers.models import Contract
from providers.selectors.utilisation.blocks import Days

YEARS_BACK = 4
KINDS: Mapping[PlaceKind, str] = {
    PlaceKind.BED: "Beds",
    PlaceKind.PRESCRIBING: "Prescribing slots",
    PlaceKind.DAY_PROGRAMME: "Day-programme places",
    PlaceKind.CASELOAD: "Places in caseloads",
}
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """A financial year up to last night: a night that is not over counts nowhere."""

    year: Period
    today: dt.date

    @property
    def months(self) -> list[Period]:
        """Those that have begun."""
        last = min(self.year.end, self.today) - DAY
        if last < self.year.start:
            return []
        return list(periods_between(self.year.start, last, Grain.MONTH))

    @property
    def month_days(self) -> list[Days]:
        return [self.days_of(one) for one in self.months]

    @property
    def days(self) -> Days:
        """All of it; the first night of the year where none is over."""
        return (self.year.start, max(min(self.year.end, self.today), self.year.start + DAY))

    def days_of(self, period: Period) -> Days:
        return (period.start, min(period.end, self.today))


def years_until(today: dt.date) -> list[Period]:
    """The financial year that runs, and those before it, the newest first."""
    found = [Period.containing(today - DAY, Grain.YEAR)]
    for _ in range(YEARS_BACK):
        found.append(found[-1].previous())
    return found


def month_or_404(words: str) -> Period:
    """A month as it is written in an address: 2006-12."""
    try:
        period = Period.parse(words)
    except UnknownPeriod as unknown:
        raise Http404 from unknown
    if period.grain is not Grain.MONTH:
        raise Http404
    return period


class YearFilter(RowFilter):
    """By financial year; the one that runs where none is asked for."""

    year = django_filters.ChoiceFilter(label="Financial year", method="later")

    class Meta:
        model = Contract
        fields: list[str] = []

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        now, *before = years_until(today)
        self.filters["year"].extra["empty_label"] = now.label
        self.filters["year"].extra["choices"] = [(one.code, one.label) for one in before]

    @property
    def stretch(self) -> Stretch:
        asked = self.asked("year")
        year = Period.parse(asked) if asked else years_until(self.today)[0]
        return Stretch(year, self.today)


class PlaceFilter(YearFilter):
    """Places of one kind, by the intervention their services deliver, in a financial year.

    Kinds are never added together: beds are shown where no other is asked for, or `usual` where
    that is given.
    """

    kind = django_filters.ChoiceFilter(label="Kind of place", method="later")
    intervention = django_filters.ChoiceFilter(
        label="Intervention",
        choices=lambda: named("intervention_types"),
        empty_label="Any intervention",
        method="later",
    )

    def __init__(self, *args: Any, usual: PlaceKind = PlaceKind.BED, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = usual
        self.filters["kind"].extra["empty_label"] = KINDS[usual]
        self.filters["kind"].extra["choices"] = [
            (kind.value, words) for kind, words in KINDS.items() if kind is not usual
        ]

    @property
    def of_kind(self) -> PlaceKind:
        return PlaceKind(self.asked("kind") or self.usual)
