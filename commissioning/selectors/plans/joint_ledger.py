"""What the ledgers of joint plans hold, as a member's own plan shows it: shared to the penny."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from commissioning.choices import PlanKind
from commissioning.kernel.money import ZERO
from commissioning.models import Allocation, Line, Plan, PlanMember
from commissioning.models.funding import FundingStream
from commissioning.rules.posting import SUMS, Sum, Sums
from commissioning.rules.shares import parts_of_member


@dataclass(frozen=True)
class JointMoney:
    """The member's part of what a line of a joint plan takes from a stream; pounds."""

    plan: Plan
    share: Decimal
    line: Line
    stream: FundingStream
    sums: Sums

    @property
    def planned(self) -> Decimal:
        return self.sums.planned

    @property
    def committed(self) -> Decimal:
        return self.sums.committed

    @property
    def paid(self) -> Decimal:
        return self.sums.paid

    @property
    def headroom(self) -> Decimal:
        return self.sums.headroom


def joint_money_of(plan: Plan) -> list[JointMoney]:
    """The partnership's part of every line and stream of the year's joint plans, in their order.

    Planned, committed and paid of a stream are each shared among the members, then spread over
    its lines: over all members they are the joint ledger's to the penny. Two queries at most;
    none for a joint plan itself.
    """
    if plan.is_joint:
        return []
    shares: dict[int, dict[int, Decimal]] = defaultdict(dict)
    mine = Plan.objects.filter(
        kind=PlanKind.JOINT, year=plan.year, members__partnership=plan.partnership_id
    )
    for one in PlanMember.objects.filter(plan__in=mine):
        shares[one.plan_id][one.partnership_id] = one.share
    if not shares:
        return []
    rows: dict[int, list[Allocation]] = defaultdict(list)
    for part in (
        Allocation.objects.filter(plan__in=shares)
        .select_related("line__plan__partnership__organisation", "stream")
        .order_by("line__plan__name", "line__position", "line__number", "stream__position")
    ):
        rows[part.line.plan_id].append(part)
    return [
        one
        for key, parts in rows.items()
        for one in _of_member(parts, shares[key], plan.partnership_id)
    ]


def _of_member(
    parts: Sequence[Allocation], shares: dict[int, Decimal], member: int
) -> list[JointMoney]:
    held = {
        name: parts_of_member(
            [(one.line_id, one.stream_id, getattr(one, name)) for one in parts], shares, member
        )
        for name in SUMS
    }

    def of(one: Allocation, name: Sum) -> Decimal:
        return held[name].get(one.line_id, {}).get(one.stream_id, ZERO)

    return [
        JointMoney(
            one.line.plan,
            shares[member],
            one.line,
            one.stream,
            Sums(of(one, "planned"), of(one, "committed"), of(one, "paid")),
        )
        for one in parts
    ]
