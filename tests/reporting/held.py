"""Results as they might be held: cells of a few areas and periods, drawn from a seed.

Quicker than measuring, and with small counts where they are wanted. Groups of a breakdown add up
to their total; what is counted among others is no more than they are.
"""

import datetime as dt
import random

from commissioning.kernel.periods import Grain, Period, periods_between
from reporting.choices import ENGLAND_CODE, AreaKind
from reporting.indicators.breakdowns import BREAKDOWNS
from reporting.indicators.families import FAMILIES
from reporting.indicators.in_force import IN_FORCE
from reporting.models import MeasuredPeriod, WaitDistribution
from tests.factories.commissioning import (
    NationFactory,
    PartnershipFactory,
    RegionFactory,
)
from tests.factories.providers import AgencyFactory
from tests.factories.reporting import loaded_return, rules

CUT_OFF = dt.date(2007, 1, 31)
FIRST = {
    Grain.YEAR: dt.date(2004, 4, 1),
    Grain.QUARTER: dt.date(2005, 10, 1),
    Grain.MONTH: dt.date(2006, 11, 1),
}
SPLIT = Period.parse("FY2005")  # the one period whose cells are held by group too


class HeldResults:
    """Two regions with two partnerships each, a provider in each partnership, England."""

    def __init__(self, seed: int = 2006) -> None:
        self.random = random.Random(seed)
        self.nation, self.rule_set = NationFactory(), rules()
        self.regions = [RegionFactory(), RegionFactory()]
        self.partnerships = [
            PartnershipFactory(region=region).organisation
            for region in self.regions
            for _ in range(2)
        ]
        self.agencies = [AgencyFactory(partnership=one.partnership) for one in self.partnerships]
        for agency in self.agencies:
            loaded_return(agency, cut_off=CUT_OFF)
        self.providers = [one.provider.organisation for one in self.agencies]
        self.periods = [
            period for grain, first in FIRST.items()
            for period in periods_between(first, CUT_OFF, grain)
        ]  # fmt: skip
        self._hold()

    def _areas(self):
        yield AreaKind.ENGLAND, ENGLAND_CODE, 400
        for kind, places, size in (
            (AreaKind.REGION, self.regions, 200),
            (AreaKind.PARTNERSHIP, self.partnerships, 60),
            (AreaKind.PROVIDER, self.providers, 40),
        ):
            for place in places:
                yield kind, place.code, size

    def _hold(self):
        MeasuredPeriod.objects.bulk_create(
            MeasuredPeriod(
                grain=period.grain.value,
                start=period.start,
                rule_set=self.rule_set,
                measured_at=dt.datetime(2007, 2, 1, tzinfo=dt.UTC),
                cut_off=CUT_OFF,
            )
            for period in self.periods
        )
        read = self.rule_set.read()
        rows = {family: [] for family in FAMILIES.values()}
        days = []
        for kind, code, size in self._areas():
            split = kind in {AreaKind.PARTNERSHIP, AreaKind.PROVIDER}
            for period in self.periods:
                at = {
                    "rule_set": self.rule_set,
                    "area_kind": kind,
                    "area_code": code,
                    "grain": period.grain.value,
                    "start": period.start,
                }
                days += self._days(at, size)
                for family, cells in rows.items():
                    cells.extend(self._cells(family, at, size, read if split else None))
        for family, cells in rows.items():
            family.results.objects.bulk_create(cells)
        WaitDistribution.objects.bulk_create(days)

    def _cells(self, family, at, size, read):
        if read is None or (at["grain"], at["start"]) != (SPLIT.grain.value, SPLIT.start):
            return [family.results(**at, **self._counts(family, size))]
        found, total = [], {}
        for breakdown in BREAKDOWNS.values():
            if at["area_kind"] == AreaKind.PROVIDER and breakdown.code != "type":
                continue
            labels = list(breakdown.labels(read))
            if breakdown.code == "sex":
                parts = {label: self._counts(family, size // 2) for label in labels}
                total = {
                    name: sum(part[name] for part in parts.values())
                    for name in family.everything_counted()
                }
            else:
                parts = {label: self._counts(family, 12) for label in labels}
            found += [
                family.results(**at, breakdown=breakdown.code, value=label, **counts)
                for label, counts in parts.items()
            ]
        return [family.results(**at, **(total or self._counts(family, size))), *found]

    def _counts(self, family, size):
        """At random up to a size; numerators within the denominators they are shown among."""
        counts = {name: self.random.randint(0, size) for name in family.everything_counted()}
        for one in IN_FORCE.values():
            if one.family is family and one.denominator and one.form == "share":
                counts[one.numerator] = min(counts[one.numerator], counts[one.denominator])
        return counts

    def _days(self, at, size):
        for turn in ("first", "subsequent"):
            days = sorted(self.random.sample(range(70), 20))
            everyone = [self.random.randint(1, max(2, size // 10)) for _ in days]
            voluntary = [self.random.randint(0, many) for many in everyone]
            yield WaitDistribution(
                **at, turn=turn, days=days, everyone=everyone, voluntary=voluntary
            )
