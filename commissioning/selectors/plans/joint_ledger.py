"""What the ledgers of joint plans hold, as a member's own plan shows it: shared to the penny."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from commissioning.choices import PlanKind
from commissioning.kernel.money import ZERO
from commissioning.models import Allocation, Plan
from commissioning.rules.posting import SUMS
from commissioning.rules.shares import parts_of_member
from commissioning.selectors.plans.joint import shares_of, with_shares
from commissioning.selectors.plans.pounds import NamedLine, NamedStream


class JointMoney(NamedTuple):
    """The member's part of what a line of a joint plan takes from a stream; pounds."""

    plan: Plan
    share: Decimal
    line: NamedLine
    stream: NamedStream
    planned: Decimal
    committed: Decimal
    paid: Decimal

    @property
    def headroom(self) -> Decimal:
        return self.planned - self.committed - self.paid


def joint_money_of(plan: Plan) -> list[JointMoney]:
    """The partnership's part of every line and stream of the year's joint plans, in their order.

    Planned, committed and paid of a stream are each shared among the members, then spread over
    its lines: over all members they are the joint ledger's to the penny. Two queries at most;
    none for a joint plan itself.
    """
    if plan.is_joint:
        return []
    mine = Plan.objects.filter(
        kind=PlanKind.JOINT, year=plan.year, members__partnership=plan.partnership_id
    )
    plans = {one.pk: one for one in with_shares(mine).order_by("name", "pk")}
    if not plans:
        return []
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for part in (
        Allocation.objects.filter(plan__in=plans)
        .order_by("line__position", "line__number", "stream__position")
        .values(
            *("plan", "line__number", "line__name", "stream", "stream__position"),
            *("stream__name", *SUMS),
        )
    ):
        rows[part["plan"]].append(part)
    return [
        one
        for key, joint in plans.items()
        for one in _of_member(joint, rows[key], shares_of(joint), plan.partnership_id)
    ]


def _of_member(
    plan: Plan, parts: Sequence[Mapping[str, Any]], shares: dict[int, Decimal], member: int
) -> list[JointMoney]:
    held = [
        parts_of_member(
            [(one["line__number"], one["stream"], one[name]) for one in parts],
            shares,
            member,
        )
        for name in SUMS
    ]
    return [
        JointMoney(
            plan,
            shares[member],
            NamedLine(one["line__number"], one["line__name"]),
            NamedStream(one["stream__position"], one["stream__name"]),
            *(of_lines.get(one["line__number"], {}).get(one["stream"], ZERO) for of_lines in held),
        )
        for one in parts
    ]
