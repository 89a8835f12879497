"""Gaps in what partnerships' residents can reach that follow from the register alone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from commissioning.models import Partnership
from commissioning.rule_settings import RuleSettings
from commissioning.rules.distance import degrees_around
from commissioning.selectors.distance import miles_between
from providers.models import DeliveredIntervention, Service, SharedCareMember, Site
from providers.models.register import opened_by
from providers.selectors.register.search import AT_WEEKENDS, in_evenings, opens

# Detoxification in a bed: on a ward or unit, or attached to rehabilitation (MoC 3.6).
DETOXIFICATION = ("inpatient", "rehabilitation-detoxification")


@dataclass(frozen=True)
class Gaps:
    """What a partnership lacks. `detox_miles`: how far the nearest is; None where there is none,
    or where the partnership's centre or every site's position is not recorded."""

    partnership_id: int
    code: str
    name: str
    has_services: bool
    has_evenings: bool
    has_weekends: bool
    has_shared_care: bool
    detox_miles: float | None
    detox_within: int

    @property
    def is_detox_near(self) -> bool:
        return self.detox_miles is not None and self.detox_miles <= self.detox_within

    @property
    def sentences(self) -> Sequence[str]:
        """Each gap in words, the gravest first; none where there is none."""
        found = []
        if not self.is_detox_near:
            nearest = (
                f"; the nearest is {self.detox_miles:.0f} miles away" if self.detox_miles else ""
            )
            found.append(f"No detoxification within {self.detox_within} miles{nearest}")
        if not self.has_shared_care:
            found.append("No shared care")
        if not self.has_evenings:
            found.append("No service opens in the evening")
        if not self.has_weekends:
            found.append("No service opens at the weekend")
        return found


def gaps_of(
    *, on: dt.date, rules: RuleSettings, partnerships: Sequence[int] | None = None
) -> list[Gaps]:
    """Every partnership's gaps on a day, by name, or those of some; one statement."""
    rows = gap_rows(on=on, rules=rules, partnerships=partnerships)
    return [Gaps(**one, detox_within=rules.detox_within_miles) for one in rows]


def gap_rows(
    *, on: dt.date, rules: RuleSettings, partnerships: Any = None
) -> "QuerySet[Partnership, dict[str, Any]]":
    """What `Gaps` are made of, not asked yet; `partnerships` are ids or a query for them.

    Services of the area are those that stand in it or name it in their catchment. Distances are
    straight lines from approximate centres.
    """
    evening = dt.time(rules.evening_from_hour)
    opened = Service.objects.open_on(on)
    member = SharedCareMember.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=on),
        Q(scheme__ended_on__isnull=True) | Q(scheme__ended_on__gt=on),
        scheme__partnership=OuterRef("pk"),
        joined_on__lte=on,
    )
    wanted = Partnership.objects.by_name()
    if partnerships is not None:
        wanted = wanted.filter(pk__in=partnerships)
    rows = wanted.annotate(
        has_services=_locally(opened),
        has_evenings=_locally(opened.filter(opens(in_evenings(evening)))),
        has_weekends=_locally(opened.filter(opens(AT_WEEKENDS))),
        has_shared_care=Exists(member),
        detox_miles=_nearest_detox(on, within=rules.detox_within_miles),
    )
    told: QuerySet[Partnership, dict[str, Any]] = rows.values(
        *("has_services", "has_evenings", "has_weekends", "has_shared_care", "detox_miles"),
        partnership_id=F("pk"),
        code=F("organisation__code"),
        name=F("organisation__name"),
    )
    return told


def _locally(services: QuerySet[Service]) -> Combinable:
    """Whether one of them stands in the partnership or names it in its catchment: asked one after
    the other, so that each is found by its index."""
    here = Exists(services.filter(site__partnership=OuterRef("pk")))
    named = Exists(services.filter(catchment=OuterRef("pk")))
    return ExpressionWrapper(Q(here) | Q(named), output_field=BooleanField())


def _nearest_detox(on: dt.date, *, within: int) -> Combinable:
    """The miles to it. Whoever has one nearby is answered from the sites around: only the others
    are compared with all of England."""
    delivered = DeliveredIntervention.objects.filter(
        opened_by(on), intervention__in=DETOXIFICATION
    ).values("service")
    detoxifies = Service.objects.open_on(on).filter(
        Q(has_detox_attached=True) | Q(pk__in=delivered), site=OuterRef("pk")
    )
    centre = {"other_latitude": OuterRef("latitude"), "other_longitude": OuterRef("longitude")}
    sites = (
        Site.objects.filter(Exists(detoxifies), latitude__isnull=False)
        .annotate(miles=miles_between("latitude", "longitude", **centre))
        .order_by("miles")
        .values("miles")
    )
    north, east = degrees_around(within)
    nearby = sites.filter(
        latitude__range=(OuterRef("latitude") - north, OuterRef("latitude") + north),
        longitude__range=(OuterRef("longitude") - east, OuterRef("longitude") + east),
        miles__lte=within,
    )
    return Coalesce(Subquery(nearby[:1]), Subquery(sites[:1]))
