"""Figures as they are shown: one indicator in one cell, let through the gate.

`Figures` has two doors. `Figures.exact(user)` shows exact figures of the areas the person belongs
to and releases all others; `Figures.released()` releases everything, for whoever asks. Nothing
else gives a page, a chart, a file or the API a measured count.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from commissioning.kernel.periods import Period
from commissioning.models import RuleSet
from commissioning.roles import Permission
from commissioning.scoping import Actor, Reach
from reporting.choices import TOTAL, AreaKind
from reporting.disclosure import MISSING, Gate
from reporting.indicators.breakdowns import BREAKDOWNS
from reporting.indicators.declared import Indicator
from reporting.indicators.in_force import IN_FORCE
from reporting.selectors.areas import Area, Reported, areas
from reporting.selectors.found import Found, Measured, is_held, key, measured_periods
from reporting.selectors.shown import Cell, Figure

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Grid(dict[tuple[str, Area, Period], Figure]):
    """Figures by code of the indicator, area and period; each is made when it is first read.

    A list of areas reads its page and the column it is sorted by, not every cell.
    """

    def __init__(self, make: Callable[[str, Area, Period], Figure]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: tuple[str, Area, Period]) -> Figure:
        made = self._make(*key)
        self[key] = made
        return made


@dataclass(frozen=True)
class Figures:
    """What one reader is shown. Make one a request: what it has read it keeps."""

    reach: Reach
    by_rule_set: RuleSet | None = None
    # What whoever asks has read already.
    read: Mapping[Period, Measured] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def exact(
        cls,
        user: "Actor | AnonymousUser",
        *,
        read: Mapping[Period, Measured] | None = None,
    ) -> "Figures":
        """Exact for the areas the person belongs to, released for all others."""
        if not user.is_authenticated:
            return cls.released()
        reach: Reach = user.reach(Permission.FIGURES_VIEW)
        return cls(reach, read=read)

    @classmethod
    def released(cls) -> "Figures":
        """Released for everybody, wherever they belong."""
        return cls(Reach())

    def measured_by(self, rule_set: RuleSet) -> "Figures":
        """The same, by a rule set that a period need not be shown by any more."""
        return replace(self, by_rule_set=rule_set)

    # What was measured.

    def measured(self, period: Period) -> Measured | None:
        """How a period is shown; None when it has not been measured."""
        return self._measured.get(period)

    def periods(self, like: Period | None = None) -> list[Period]:
        """The periods measured, in order; of the same grain as `like`, when given."""
        return sorted(
            period for period in self._measured if like is None or period.grain == like.grain
        )

    def has_measured(self, indicator: type[Indicator], period: Period) -> bool:
        """Whether any area's results of the period are held, by the rule set it is read by."""
        measured = self.measured(period)
        return measured is not None and is_held(indicator.family.results, measured)

    def is_exact(self, area: Area) -> bool:
        """Whether the person is shown the area's exact figures."""
        if self.reach.nation:
            return True
        return area.organisation_id is not None and self.reach.covers(area.organisation_id)

    # Questions.

    def figure(self, indicator: type[Indicator], area: Area, period: Period) -> Figure:
        """One indicator in one area and period."""
        return self.of_area(area, period, [indicator])[0]

    def of_area(
        self,
        area: Area,
        period: Period,
        indicators: Iterable[type[Indicator]] = tuple(IN_FORCE.values()),
    ) -> list[Figure]:
        """One area across indicators, in their order."""
        asked = list(indicators)
        found = self.found(asked, [area], [period])
        return [self._shown(one, area, period, found) for one in asked]

    def across_areas(
        self,
        indicator: type[Indicator],
        period: Period,
        kind: AreaKind,
        *,
        in_region: str = "",
        with_buckets: bool = False,
    ) -> list[Figure]:
        """One indicator across every area of a kind, by name; those with nobody are there."""
        return [row[0] for row in self.table(
            [indicator], period, kind, in_region=in_region, with_buckets=with_buckets
        )]  # fmt: skip

    def table(
        self,
        indicators: Sequence[type[Indicator]],
        period: Period,
        kind: AreaKind,
        *,
        in_region: str = "",
        with_buckets: bool = False,
    ) -> list[list[Figure]]:
        """Areas of a kind × indicators: a row an area, by name."""
        everyone = areas(kind, on=period.last_day, in_region=in_region, with_buckets=with_buckets)
        found = self.found(indicators, everyone, [period])
        return [[self._shown(one, area, period, found) for one in indicators] for area in everyone]

    def grid(
        self,
        indicators: Sequence[type[Indicator]],
        of: Sequence[Area],
        periods: Sequence[Period],
    ) -> "Grid":
        """Areas × indicators × periods, by the code of the indicator, area and period."""
        found = self.found(indicators, of, periods)
        by_code = {one.code: one for one in indicators}
        return Grid(lambda code, area, period: self._shown(by_code[code], area, period, found))

    def split(
        self,
        indicator: type[Indicator],
        of: Sequence[Area],
        periods: Sequence[Period],
        breakdown: str,
    ) -> "Grid":
        """Areas × values of a breakdown × periods, by the code of the value, area and period."""
        found = self.found([indicator], of, periods, breakdown)
        return Grid(
            lambda value, area, period: self._shown(
                indicator, area, period, found, breakdown=breakdown, value=value
            )
        )

    def series(
        self, indicator: type[Indicator], area: Area, periods: Sequence[Period]
    ) -> list[Figure]:
        """One indicator in one area over periods, in the order given."""
        found = self.found([indicator], [area], periods)
        return [self._shown(indicator, area, period, found) for period in periods]

    def broken_down(
        self, indicator: type[Indicator], area: Area, period: Period, breakdown: str
    ) -> list[tuple[str, Figure]]:
        """The values of a breakdown, label and figure, in the order of the breakdown.

        Months have none; providers have the intervention type alone.
        """
        measured = self.measured(period)
        if measured is None:
            return []
        found = self.found([indicator], [area], [period], breakdown)
        labels = BREAKDOWNS[breakdown].labels(measured.rules)
        return [
            (label, self._shown(indicator, area, period, found, breakdown=breakdown, value=code))
            for code, label in labels.items()
        ]

    # How it is done.

    @cached_property
    def _measured(self) -> dict[Period, Measured]:
        found = measured_periods() if self.read is None else dict(self.read)
        if self.by_rule_set is None:
            return found
        return {period: replace(one, rule_set=self.by_rule_set) for period, one in found.items()}

    @cached_property
    def _reported(self) -> Reported:
        return Reported.read()

    def found(
        self,
        indicators: Iterable[type[Indicator]],
        of: Sequence[Area],
        periods: Sequence[Period],
        breakdown: str = TOTAL,
    ) -> Found:
        """Counts as they are: for selectors alone, which let them through `gate`."""
        shown = [self._measured[one] for one in periods if one in self._measured]
        return Found.read(indicators, of, shown, breakdown)

    def gate(self, area: Area, period: Period) -> Gate:
        """What is let through of the area: its own rule for the reader, by the period's rules."""
        measured = self.measured(period)
        if measured is None or self.is_exact(area):
            return Gate.exact()
        gate = Gate(measured.rules.suppression_rule)
        return gate.national if area.kind is AreaKind.ENGLAND else gate

    def _shown(
        self,
        indicator: type[Indicator],
        area: Area,
        period: Period,
        found: Found,
        *,
        breakdown: str = TOTAL,
        value: str = TOTAL,
    ) -> Figure:
        measured = self.measured(period)
        until = self._reported.until(area)
        words: dict[str, Any] = {
            "indicator": indicator,
            "area": area,
            "period": period,
            "breakdown": breakdown,
            "value_code": value,
            "is_exact": self.is_exact(area),
        }
        if measured is None or until is None or until < period.start:
            return Figure(**words, numerator=MISSING, denominator=MISSING, value=MISSING)
        at = key(area, period, breakdown, value)
        cell = Cell(
            indicator=indicator,
            rules=measured.rules,
            gate=self.gate(area, period),
            counts=found.counts(indicator, at),
            days=found.days(indicator, at),
            period=period,
        )
        return Figure(
            **words,
            **cell.shown(),
            is_as_if=indicator.is_as_if(measured.rules, period),
            is_partial=until < period.last_day,
            rule_set=measured.rule_set.code,
        )
