"""Joint plans: what of them is a member's own, who could share in one, and what all need."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet
from django.db.models.functions import Cast

from commissioning.choices import BullseyeRing, PlanKind
from commissioning.kernel.money import ZERO
from commissioning.models import (
    Allocation,
    BullseyeFigure,
    CapacityNeed,
    Line,
    NeedsArea,
    Organisation,
    Partnership,
    Plan,
    PlanMember,
)
from commissioning.rules.capacity import Capacity
from commissioning.rules.shares import parts_of_member
from commissioning.rules.tiers import RESIDENTIAL_TIER
from commissioning.selectors.organisations import partnerships_in, region_of
from commissioning.selectors.plans.pounds import pays_for_aftercare
from commissioning.selectors.together import rows_within


@dataclass(frozen=True)
class JointLine:
    """A line of a joint plan, and what of its money is the member's, by stream."""

    number: int
    name: str
    tier: int | None
    intervention: str
    kind: str | None  # the intervention's code
    provider: str
    aftercare: bool
    cost: Decimal  # of the whole line
    parts: Mapping[str, Decimal]
    by_name: Sequence[tuple[str, Decimal]]  # the same by the stream's name, in order

    @cached_property
    def part(self) -> Decimal:
        return sum(self.parts.values(), ZERO)


@dataclass(frozen=True)
class JointPart:
    """A joint plan as it shows in a member's own: the share in per cent, the lines, the money."""

    plan: Plan
    share: Decimal
    lines: Sequence[JointLine]
    streams: Sequence[tuple[str, str]]  # those it takes from: code and name

    @property
    def by_stream(self) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for line in self.lines:
            for stream, part in line.parts.items():
                found[stream] += part
        return dict(found)

    @property
    def part(self) -> Decimal:
        return sum((line.part for line in self.lines), ZERO)


def joint_parts_of(plan: Plan) -> list[JointPart]:
    """What the plan's partnership has of the joint plans of the year. One query; none of a joint
    plan itself."""
    if plan.is_joint:
        return []
    rows = _joint_plans().filter(year=plan.year, members__partnership=plan.partnership_id)
    return [_part(found, plan.partnership_id) for found in rows]


@cache
def _joint_plans() -> "QuerySet[Any]":
    """Joint plans with their members' shares, their lines and what those take; put together once,
    and asked anew for each partnership and year."""
    amounts = Allocation.objects.filter(plan=OuterRef("pk"), amount__gt=0)
    lines = Line.objects.filter(plan=OuterRef("pk")).order_by("position", "number")
    return with_shares(
        Plan.objects.filter(kind=PlanKind.JOINT)
        .annotate(
            found_lines=rows_within(
                lines,
                *("number", "name", "tier", "intervention__name", "intervention"),
                *("provider__name", "aftercare", _exactly("cost")),
            ),
            found_taken=rows_within(
                amounts.order_by("line__position", "line__number", "stream__position"),
                *("line__number", "stream", "stream__name", _exactly("amount")),
            ),
        )
        .order_by("name", "pk")
    )


def with_shares(plans: "QuerySet[Plan]") -> "QuerySet[Any]":
    """Joint plans with their names and their members' shares, for `shares_of`."""
    members = PlanMember.objects.filter(plan=OuterRef("pk")).order_by("pk")
    found: QuerySet[Any] = plans.select_related("partnership__organisation").annotate(
        found_shares=rows_within(members, "partnership", _exactly("share"))
    )
    return found


def shares_of(found: Any) -> dict[int, Decimal]:
    """The share of each member of a joint plan in per cent."""
    return {member: Decimal(share) for member, share in found.found_shares}


def _part(found: Any, member: int) -> JointPart:
    shares = shares_of(found)
    taken = [(line, stream, Decimal(amount)) for line, stream, _, amount in found.found_taken]
    mine = parts_of_member(taken, shares, member)
    names = {stream: name for _, stream, name, _ in found.found_taken}
    lines = [
        JointLine(
            number=number,
            name=name,
            tier=tier,
            intervention=intervention or "",
            kind=kind,
            provider=provider or "",
            aftercare=pays_for_aftercare(said=aftercare, intervention=kind),
            cost=Decimal(cost),
            parts=(parts := mine.get(number, {})),
            by_name=[(names[stream], amount) for stream, amount in parts.items()],
        )
        for number, name, tier, intervention, kind, provider, aftercare, cost in found.found_lines
    ]
    return JointPart(found, shares[member], lines, list(names.items()))


def joint_by_stream(parts: Sequence[JointPart]) -> dict[str, Decimal]:
    """What the joint plans together take from each of the member's streams."""
    found: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for part in parts:
        for stream, amount in part.by_stream.items():
            found[stream] += amount
    return dict(found)


def region_partnerships(partnership: Partnership, *, on: dt.date) -> list[Partnership]:
    """The partnership and the others of its region on the day, by name; alone without a region."""
    region = region_of(partnership.pk, on=on)
    here = partnerships_in(region, on=on) if region else Organisation.objects.none()
    found = open_partnerships(on=on).filter(organisation__in=here)
    others = [one for one in found if one.pk != partnership.pk]
    return [partnership, *others]


def open_partnerships(*, on: dt.date) -> QuerySet[Partnership]:
    """Every partnership open on the day, by name: a neighbour may lie in another region."""
    return Partnership.objects.filter(organisation__in=Organisation.objects.open_on(on)).by_name()


def estimates_of(partnerships: Collection[int], year: int) -> dict[int, int]:
    """Estimated problem drug users by partnership, as their needs assessments of the year say."""
    rings = BullseyeFigure.objects.filter(
        partnership__in=partnerships, assessment__year=year, ring=BullseyeRing.ESTIMATE
    )
    return dict(rings.values_list("partnership", "value"))


@dataclass(frozen=True)
class PooledNeed:
    """An intervention of Tier 4, and what the members' assessments need of it together."""

    intervention: str
    assessments: int
    people: int
    starts: int
    places: int


@dataclass(frozen=True)
class Pooled:
    """The members' needs for Tier 4, and those whose needs are not in the sum."""

    needs: Sequence[PooledNeed]
    missing: Sequence[str]


def pooled_need(plan: Plan, members: Sequence[PlanMember]) -> Pooled:
    """The sum over the members' needs assessments. One that covers several counts once.

    Two queries.
    """
    areas = NeedsArea.objects.filter(
        partnership__in=[one.partnership_id for one in members], year=plan.year
    )
    rows = (
        CapacityNeed.objects.filter(
            assessment__in=areas.values("assessment"),
            intervention__normal_tier=RESIDENTIAL_TIER,
        )
        .select_related("intervention")
        .order_by("intervention__position", "pk")
    )
    by_kind: dict[str, list[tuple[CapacityNeed, Capacity]]] = defaultdict(list)
    known = {}
    for row in rows:
        worked = Capacity(
            need=row.need, penetration=row.penetration, weeks=row.weeks, occupancy=row.occupancy
        )
        by_kind[row.intervention.name].append((row, worked))
        known[row.assessment_id] = True
    covered = {one.partnership_id for one in areas if one.assessment_id in known}
    return Pooled(
        [
            PooledNeed(
                name,
                len(found),
                sum(row.need for row, _ in found),
                sum(worked.starts for _, worked in found),
                sum(worked.places for _, worked in found),
            )
            for name, found in by_kind.items()
        ],
        [str(one.partnership) for one in members if one.partnership_id not in covered],
    )


def _exactly(name: str) -> Cast:
    """A decimal as text: a number in JSON would pass through a float."""
    return Cast(name, CharField())
