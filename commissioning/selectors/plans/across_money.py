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
from commissioning.models import Allocation, PlanMember
from commissioning.rules.posting import Sums
from commissioning.rules.shares import member_part

ByStream = Mapping[str, Sums]


@dataclass(frozen=True)
class JointShare:
    """A member's part of a joint plan of the year, to the penny; shares in per cent."""

    plan_id: int
    state: str
    member: int
    shares: Mapping[int, Decimal]
    by_stream: ByStream

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
    members = PlanMember.objects.filter(plan=OuterRef("line__plan")).order_by("partnership")
    rows: Any = (
        Allocation.objects.filter(Q(line__plan__in=plans) | Q(line__plan__in=mine.values("plan")))
        .order_by("stream__position")
        .values("line__plan", "line__plan__year", "line__plan__state", "stream__name")
        .annotate(
            said=Sum("amount"),
            held=Sum("planned"),
            promised=Sum("committed"),
            out=Sum("paid"),
            members=ArraySubquery(
                members.values(
                    part=JSONObject(member="partnership_id", share=Cast("share", CharField()))
                )
            ),
        )
    )
    found: dict[int, dict[str, Sums]] = defaultdict(dict)
    joint: dict[int, Any] = {}
    for one in rows:
        planned = one["held"] if one["line__plan__state"] in AGREED_IN else one["said"]
        plan = one["line__plan"]
        found[plan][one["stream__name"]] = Sums(planned, one["promised"], one["out"])
        if one["members"]:
            joint[plan] = one
    shares: dict[tuple[int, int], list[JointShare]] = defaultdict(list)
    for plan, one in joint.items():
        of_members = {row["member"]: Decimal(row["share"]) for row in one["members"]}
        for member in of_members:
            shares[member, one["line__plan__year"]].append(
                JointShare(
                    plan,
                    one["line__plan__state"],
                    member,
                    of_members,
                    {
                        stream: _part(sums, of_members, member)
                        for stream, sums in found[plan].items()
                    },
                )
            )
    return MoneyAcross(found, shares)


def _part(sums: Sums, shares: Mapping[int, Decimal], member: int) -> Sums:
    return Sums(
        *(member_part(one, shares, member) for one in (sums.planned, sums.committed, sums.paid))
    )
