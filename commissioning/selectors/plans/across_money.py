"""The money of many plans in one statement: what each takes from each stream, and what of joint
plans is each member's.

A joint plan's pounds are its members': a list of partnerships adds up what is each one's own and
its parts, and never the joint plan besides, so no pound counts twice wherever its members lie.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Q, Sum
from django.db.models.functions import Cast, JSONObject

from commissioning.choices import AGREED_IN, PlanKind
from commissioning.kernel.money import ZERO
from commissioning.models import Allocation, Plan, PlanMember
from commissioning.models.plans import PlanQuerySet
from commissioning.rules.posting import SUMS, Sums
from commissioning.rules.shares import member_part, part_of_each

ByStream = Mapping[str, Sums]


@dataclass(frozen=True)
class JointShare:
    """A member's part of a joint plan of the year, to the penny; shares in per cent."""

    plan_id: int
    state: str
    member: int
    shares: Mapping[int, Decimal]
    by_stream: ByStream
    planned: Decimal  # of the whole joint plan, whosever part it is

    @property
    def money(self) -> Sums:
        return sum(self.by_stream.values(), Sums())

    @property
    def is_agreed(self) -> bool:
        return self.state in AGREED_IN

    def of(self, amount: Decimal) -> Decimal:
        """The member's part of an amount of the whole joint plan."""
        return member_part(amount, self.shares, self.member)


@dataclass(frozen=True)
class MoneyAcross:
    """By plan, and by member and year what of joint plans is theirs; streams by name, in order."""

    of_plans: Mapping[int, ByStream] = field(default_factory=dict)
    shares: Mapping[tuple[int, int], Sequence[JointShare]] = field(default_factory=dict)


def money_across(
    plans: Collection[int], *, partnerships: Collection[int], years: Collection[int]
) -> MoneyAcross:
    """The money of the plans, and the partnerships' parts of the joint plans of the years.

    Planned is, before a plan is agreed, what its lines say.
    """
    mine = PlanMember.objects.filter(
        partnership__in=partnerships, plan__kind=PlanKind.JOINT, plan__year__in=years
    )
    found: dict[int, ByStream] = {}
    shares: dict[tuple[int, int], list[JointShare]] = defaultdict(list)
    for plan in _with_money(Plan.objects.filter(Q(pk__in=plans) | Q(pk__in=mine.values("plan")))):
        by_stream = {one["stream"]: _sums(one, plan.state) for one in plan.by_stream}
        found[plan.pk] = by_stream
        of_members = {row["member"]: Decimal(row["share"]) for row in plan.of_members}
        together = sum((one.planned for one in by_stream.values()), ZERO)
        for member, part in _parts(by_stream, of_members).items():
            shares[member, plan.year].append(
                JointShare(plan.pk, plan.state, member, of_members, part, together)
            )
    return MoneyAcross(found, shares)


def _with_money(plans: PlanQuerySet) -> Any:
    """The plans, each with its sums by stream, in their order, and its members' shares.

    Added up plan by plan, by their indexes: of all years' allocations together only these plans'
    are read, and what a stream is called is not sorted with each of a hundred thousand rows.
    """
    words = CharField()
    by_stream = (
        Allocation.objects.filter(plan=OuterRef("pk"))
        .order_by("stream__position")
        .values("stream__position", "stream__name")
        .annotate(
            row=JSONObject(
                stream="stream__name",
                **{name: Cast(Sum(name), words) for name in ("amount", *SUMS)},
            )
        )
        .values("row")
    )
    members = PlanMember.objects.filter(plan=OuterRef("pk")).order_by("partnership")
    row = JSONObject(member="partnership_id", share=Cast("share", words))
    return (
        plans.order_by("pk")
        .annotate(
            by_stream=ArraySubquery(by_stream), of_members=ArraySubquery(members.values(row=row))
        )
        .only("year", "state")
    )


def _sums(held: Mapping[str, str], state: str) -> Sums:
    planned = held["planned"] if state in AGREED_IN else held["amount"]
    return Sums(Decimal(planned), Decimal(held["committed"]), Decimal(held["paid"]))


def _parts(by_stream: ByStream, shares: Mapping[int, Decimal]) -> dict[int, ByStream]:
    """What of each stream is each member's; nobody's where nothing is taken."""
    found: dict[int, dict[str, Sums]] = defaultdict(dict)
    if not shares:
        return {}
    for stream, sums in by_stream.items():
        planned, committed, paid = (
            part_of_each(one, shares) for one in (sums.planned, sums.committed, sums.paid)
        )
        for member in shares:
            found[member][stream] = Sums(planned[member], committed[member], paid[member])
    return dict(found)
