"""What the ledger of a plan says: sums by line and stream, entries, virements that wait."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from commissioning.choices import EntryKind, VirementState
from commissioning.kernel.money import ZERO
from commissioning.models import (
    Allocation,
    Entry,
    Line,
    Membership,
    Partnership,
    Plan,
    User,
    Virement,
)
from commissioning.models.funding import FundingStream
from commissioning.roles import GRANTS, Permission, Role, roles_with
from commissioning.rules.posting import SUMS, Sums
from commissioning.scoping import Reach
from commissioning.selectors.plans.joint_ledger import JointMoney


@dataclass(frozen=True)
class HeldMoney:
    """A line's part of a stream: what is being planned, and what the ledger holds; pounds."""

    allocation: Allocation

    @property
    def line(self) -> Line:
        return self.allocation.line

    @property
    def stream(self) -> FundingStream:
        return self.allocation.stream

    @property
    def sums(self) -> Sums:
        return self.allocation.sums

    @property
    def amount(self) -> Decimal:
        return self.allocation.amount

    @property
    def planned(self) -> Decimal:
        return self.allocation.planned

    @property
    def committed(self) -> Decimal:
        return self.allocation.committed

    @property
    def paid(self) -> Decimal:
        return self.allocation.paid

    @property
    def headroom(self) -> Decimal:
        return self.allocation.headroom


def money_of_plan(plan: Plan) -> list[HeldMoney]:
    """Planned, committed, paid and headroom of every line and stream, in their order.

    One statement: the ledger keeps the sums.
    """
    rows = (
        Allocation.objects.filter(plan=plan)
        .select_related("line", "stream")
        .order_by("line__position", "line__number", "stream__position")
    )
    return [HeldMoney(one) for one in rows]


def sums_of_plan(plan: Plan) -> Sums:
    """The sums of all its lines together."""
    held = Allocation.objects.filter(plan=plan).aggregate(
        **{name: Coalesce(Sum(name), ZERO) for name in SUMS}
    )
    return Sums(**held)


def totalled(rows: Iterable[HeldMoney | JointMoney]) -> Sums:
    """The sums of several lines together."""
    return sum((one.sums for one in rows), Sums())


def entries_of_plan(plan: Plan) -> QuerySet[Entry]:
    """Every entry of the plan's ledger, the newest first."""
    return (
        Entry.objects.filter(plan=plan)
        .select_related("allocation__line", "allocation__stream", "made_by")
        .order_by("-pk")
    )


def open_commitments(plan: Plan) -> list[Entry]:
    """What is committed and neither paid nor released, each with `left`, in pounds."""
    return list(
        Entry.objects.filter(plan=plan, kind=EntryKind.COMMITMENT, commitment=None)
        .annotate(left=F("amount") + Coalesce(Sum("later__amount"), ZERO))
        .filter(left__gt=0)
        .select_related("allocation__line", "allocation__stream")
        .order_by("allocation__line__position", "pk")
    )


def open_accruals(plan: Plan) -> list[Entry]:
    """Accruals that are not reversed yet."""
    rows = (
        Entry.objects.filter(plan=plan, kind=EntryKind.ACCRUAL)
        .select_related("allocation__line", "allocation__stream")
        .order_by("allocation__line__position", "pk")
    )
    reversed_ = {(one.allocation_id, one.cause) for one in rows if one.amount < 0}
    return [
        one
        for one in rows
        if one.amount > 0 and (one.allocation_id, f"{one.cause}:reversed") not in reversed_
    ]


def virements_of_plan(plan: Plan) -> QuerySet[Virement]:
    """Every move of money between lines of the plan, the newest first."""
    return (
        _with_names(Virement.objects.filter(source__plan=plan))
        .select_related("decided_by")
        .order_by("-pk")
    )


def virements_waiting_for(reach: Reach, *, person: User | None = None) -> list[Virement]:
    """Virements that wait for an approver of these partnerships, the oldest first.

    `reach` is that of MONEY_APPROVE. With `person`, only those that person may decide: not their
    own, and within their limit.
    """
    if not reach:
        return []
    waiting = Virement.objects.filter(state=VirementState.ASKED)
    if not reach.nation:
        waiting = waiting.filter(partnership__in=reach.partnerships)
    if person is not None:
        waiting = waiting.exclude(asked_by=person).filter(_within_limits_of(person))
    return list(
        _with_names(waiting)
        .select_related("source__plan__partnership__organisation")
        .order_by("asked_at", "pk")
    )


def approves_up_to(person: User, partnership: Partnership | int) -> Decimal | None:
    """Up to which amount a person approves virements of a partnership; None: not at all.

    A lead answers for all of it; a finance approver for as much as the membership says.
    """
    key = partnership if isinstance(partnership, int) else partnership.pk
    return _limits_of(person).get(key)


def approvers_of(virement: Virement, *, on: dt.date) -> list[User]:
    """Who may decide a virement: approvers of its partnership other than who asked for it, with
    a limit that covers it. One query.
    """
    able = people_who_approve(virement.partnership_id, on=on)
    return [
        person
        for person, limit in able
        if person.pk != virement.asked_by_id and virement.amount <= limit
    ]


def people_who_approve(partnership: int, *, on: dt.date) -> list[tuple[User, Decimal]]:
    """Who approves money of a partnership, each with the highest limit held. One query."""
    held = (
        Membership.objects.in_force(on)
        .filter(
            organisation=partnership,
            role__in=roles_with(Permission.MONEY_APPROVE),
            user__is_active=True,
        )
        .select_related("user")
        .order_by("user__name", "user")
    )
    found: dict[int, tuple[User, Decimal]] = {}
    for one in held:
        before = found.get(one.user_id, (one.user, ZERO))[1]
        found[one.user_id] = (one.user, max(before, _limit_of(one)))
    return list(found.values())


def _limit_of(held: Membership) -> Decimal:
    """Up to which amount a role that approves money does."""
    if held.role == Role.FINANCE_APPROVER:
        return held.approval_limit if held.approval_limit is not None else ZERO
    return Decimal("Infinity")


def _limits_of(person: User) -> dict[int, Decimal]:
    limits: dict[int, Decimal] = {}
    for held in person.held_memberships():
        if Permission.MONEY_APPROVE in GRANTS[Role(held.role)]:
            before = limits.get(held.organisation_id, ZERO)
            limits[held.organisation_id] = max(before, _limit_of(held))
    return limits


def _within_limits_of(person: User) -> Q:
    found = Q(pk__in=[])
    for organisation, limit in _limits_of(person).items():
        mine = Q(partnership=organisation)
        found |= mine if limit.is_infinite() else mine & Q(amount__lte=limit)
    return found


def _with_names(rows: QuerySet[Virement]) -> QuerySet[Virement]:
    return rows.select_related(
        "source__line", "source__stream", "target__line", "target__stream", "asked_by"
    )
