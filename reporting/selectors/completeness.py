"""How complete the returns are that figures rest on. An absent figure is not nought.

An agency has told of a period when its return for the period's last month is loaded, or a later
one of that financial year: a return holds its financial year so far (an assumption).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from commissioning.choices import FactKind
from commissioning.kernel.periods import Grain, Period
from commissioning.models import OrganisationFact
from pathways.models import Return
from providers.models import Agency
from reporting.choices import AreaKind
from reporting.selectors.areas import Area


@dataclass(frozen=True)
class Completeness:
    """How many agencies owed returns for a period, and the returns of how many are loaded."""

    owing: int = 0
    told: int = 0

    @property
    def is_complete(self) -> bool:
        return self.told == self.owing

    @property
    def is_absent(self) -> bool:
        """Nobody told anything: a figure would not be nought but unknown."""
        return self.told == 0

    @property
    def words(self) -> str:
        if not self.owing:
            return "No agency owes a return"
        return f"{self.told:,} of {self.owing:,} agencies"

    def __add__(self, other: "Completeness") -> "Completeness":
        return Completeness(self.owing + other.owing, self.told + other.told)


NOTHING = Completeness()


def completeness_of(area: Area, period: Period, *, on: dt.date) -> Completeness:
    """Of the agencies of a provider, or of those that stand in an area on the day. One query."""
    if area.kind is AreaKind.PROVIDER:
        return _counted(period, Q(provider=area.organisation_id)).get(
            area.organisation_id, NOTHING
        )
    which = Q(partnership__isnull=False)
    if area.kind is AreaKind.PARTNERSHIP:
        which = Q(partnership=area.organisation_id)
    if area.kind is AreaKind.REGION:
        which = Q(
            partnership__in=_lying(on).filter(other=area.organisation_id).values("organisation")
        )
    return sum(_counted(period, which, by="partnership").values(), NOTHING)


def completeness_among(agencies: QuerySet[Agency], period: Period) -> Completeness:
    """Of these agencies, which the asker may view. One query."""
    counted = _counted(period, Q(pk__in=agencies.order_by().values("pk")))
    return sum(counted.values(), NOTHING)


def last_day_known(agencies: QuerySet[Agency]) -> dt.date | None:
    """The last day that any loaded return of these agencies knows about. One query."""
    told = Return.objects.loaded().filter(agency__in=agencies.order_by().values("pk"))
    last: dt.date | None = told.aggregate(last=Max("cut_off"))["last"]
    return last


def completeness_by_partnership(period: Period) -> Mapping[int | None, Completeness]:
    """By partnership, of the agencies that stand in it. One query."""
    return _counted(period, Q(partnership__isnull=False), by="partnership")


def completeness_by_region(period: Period, *, on: dt.date) -> Mapping[int | None, Completeness]:
    """By region, of the agencies that stand in its partnerships on the day. Two queries."""
    found: dict[int | None, Completeness] = {}
    standing = completeness_by_partnership(period)
    for partnership, region in _lying(on).values_list("organisation", "other"):
        found[region] = found.get(region, NOTHING) + standing.get(partnership, NOTHING)
    return found


def _lying(on: dt.date) -> QuerySet[OrganisationFact]:
    return OrganisationFact.objects.on(on).filter(kind=FactKind.IN_REGION)


def _counted(period: Period, which: Q, *, by: str = "provider") -> dict[int | None, Completeness]:
    year_ends = Period.containing(period.last_day, Grain.YEAR).last_day
    told = Return.objects.loaded().filter(
        agency=OuterRef("pk"), month__range=(period.last_day.replace(day=1), year_ends)
    )
    rows = (
        Agency.objects.filter(
            which,
            Q(opened_on__isnull=True) | Q(opened_on__lt=period.end),
            Q(closed_on__isnull=True) | Q(closed_on__gt=period.start),
            is_prison=False,
        )
        .annotate(has_told=Exists(told))
        .order_by()
        .values_list(by)
        .annotate(owing=Count("pk"), told=Count("pk", filter=Q(has_told=True)))
    )
    return {pk: Completeness(owing, told) for pk, owing, told in rows}
