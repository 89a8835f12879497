"""What stands where, area by area, put together from the register, places and needs."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import count, joined
from commissioning.models import InterventionType, Organisation, Partnership, User
from commissioning.reference import comparators
from commissioning.rule_settings import RuleSettings
from commissioning.selectors.plans.estimates import AreaEstimate, estimates_of_areas
from commissioning.selectors.plans.needs import NATIONAL_ESTIMATE
from providers.selectors.capacity import Standing, standings_by_area
from providers.selectors.gaps import Gaps, gaps_of
from reporting.selectors.areas import ENGLAND, Area
from reporting.selectors.members import (
    Member,
    OfMember,
    members,
    partnerships_to_compare,
    regions_to_compare,
)

NOWHERE = "No area recorded"
PER = 1000
ALL = "All services"


@dataclass(frozen=True)
class Asked:
    """Of where and when it is asked: England or a region, the night and the instant."""

    person: User
    within: Area
    by_region: bool
    today: dt.date
    now: dt.datetime
    rules: RuleSettings

    @property
    def rows(self) -> QuerySet[Organisation]:
        if self.by_region:
            return regions_to_compare(on=self.today)
        region = None if self.within == ENGLAND else self.within
        return partnerships_to_compare(on=self.today, region=region)

    @cached_property
    def areas(self) -> list[Member]:
        """The areas of the list, by name. One query."""
        return members(self.rows)

    def standings(self, *, by_intervention: bool = False, kind: str = "") -> list[Standing]:
        """Of all places, or those of a kind. One query."""
        return standings_by_area(
            on=self.today,
            now=self.now,
            rules=self.rules,
            region=self._region,
            by_region=self.by_region,
            by_intervention=by_intervention,
            kind=kind,
        )

    @property
    def _region(self) -> Organisation | None:
        if self.within == ENGLAND:
            return None
        return Organisation(pk=self.within.organisation_id)


@dataclass(frozen=True)
class CapacityLine:
    """What stands in an area: all services, or those of one intervention."""

    member: Member | None
    intervention: str
    standing: Standing

    @property
    def name(self) -> str:
        return self.member.area.name if self.member else NOWHERE

    @property
    def region(self) -> str:
        return self.member.region if self.member else ""


def capacity_lines(asked: Asked, *, kind: str = "") -> list[CapacityLine]:
    """Areas by name, each with all its services first and then each intervention. With a kind,
    their places of it. Three queries."""
    names = dict(InterventionType.objects.order_by("position").values_list("code", "name"))
    rows = asked.standings(by_intervention=True, kind=kind)
    order = {code: place for place, code in enumerate(names)}
    by_area: dict[int | None, list[Standing]] = {
        one.area.organisation_id: [] for one in asked.areas
    }
    for row in rows:
        by_area.setdefault(row.area, []).append(row)
    known = {one.area.organisation_id: one for one in asked.areas}
    return [
        CapacityLine(known.get(area), names.get(row.intervention, ALL), row)
        for area, held in by_area.items()
        for row in sorted(
            held or [Standing(area, "")], key=lambda one: order.get(one.intervention, -1)
        )
    ]


@dataclass(frozen=True)
class Reach:
    """Tier 4 beds for a thousand estimated problem drug users; why not, where it is not known."""

    beds: int
    estimate: int | None
    basis: str

    @property
    def per_1000(self) -> float | None:
        return self.beds * PER / self.estimate if self.estimate else None


@dataclass(frozen=True)
class Tier4Line(OfMember):
    """The Tier 4 beds that stand in an area."""

    reach: Reach


def tier_4_lines(asked: Asked) -> list[Tier4Line]:
    """Areas by name. A region's estimate is the sum of its partnerships', where all have one.
    Four queries."""
    beds = {one.area: one.tier_4_beds for one in asked.standings()}
    estimates = estimates_of(asked)
    lying = members(partnerships_to_compare(on=asked.today)) if asked.by_region else []
    return [
        Tier4Line(
            one,
            _reach_of_region(one, beds, lying, estimates)
            if asked.by_region
            else reach_of(one.area.organisation_id, beds, estimates),
        )
        for one in asked.areas
    ]


def estimates_of(asked: Asked) -> Mapping[int, AreaEstimate]:
    year = Period.containing(asked.today, Grain.YEAR).start.year
    return estimates_of_areas(asked.person, year=year)


def reach_of(
    area: int | None, beds: Mapping[int | None, int], estimates: Mapping[int, AreaEstimate]
) -> Reach:
    """Of one partnership."""
    found = estimates.get(area or 0)
    if found is None:
        return Reach(beds.get(area, 0), None, "No finished needs assessment that you may read")
    return Reach(beds.get(area, 0), found.value, found.words)


def england_reach(lines: Iterable[Tier4Line]) -> Reach:
    """Of England, by the estimate that was published for it."""
    published = next(one for one in comparators() if one.code == NATIONAL_ESTIMATE)
    return Reach(
        sum(one.reach.beds for one in lines),
        int(published.value),
        f"{published.source} [{published.mark}]",
    )


def _reach_of_region(
    one: Member,
    beds: Mapping[int | None, int],
    lying: Sequence[Member],
    estimates: Mapping[int, AreaEstimate],
) -> Reach:
    inside = [each.area.organisation_id or 0 for each in lying if each.region == one.area.name]
    known = [estimates[each] for each in inside if each in estimates]
    held = beds.get(one.area.organisation_id, 0)
    if len(known) < len(inside) or not inside:
        told = f"{count(len(known))} of {count(len(inside))}"
        return Reach(held, None, f"{told} partnerships have a finished needs assessment")
    years = joined(sorted({str(each.year) for each in known}))
    return Reach(held, sum(each.value for each in known), f"Sum of its partnerships, {years}")


@dataclass(frozen=True)
class GapLine(OfMember):
    """What a partnership's residents lack."""

    gaps: Gaps

    @property
    def number(self) -> int:
        return len(self.gaps.sentences)

    @property
    def miles(self) -> float | None:
        return self.gaps.detox_miles


def gap_lines(asked: Asked) -> list[GapLine]:
    """Partnerships by name, those without a gap too. Two queries."""
    here = {one.area.organisation_id or 0: one for one in asked.areas}
    found = gaps_of(on=asked.today, rules=asked.rules, partnerships=list(here))
    return [GapLine(here[one.partnership_id], one) for one in found]


def centres_of(asked: Asked) -> dict[int, tuple[float | None, float | None]]:
    """The recorded centre of each partnership of the list, in degrees. One query."""
    rows = Partnership.objects.filter(
        pk__in=[one.area.organisation_id for one in asked.areas]
    ).values_list("pk", "latitude", "longitude")
    return {
        pk: (None if north is None else float(north), None if east is None else float(east))
        for pk, north, east in rows
    }
