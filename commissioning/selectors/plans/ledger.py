"""What the ledger of a plan says: sums by line and stream, entries, virements that wait."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from commissioning.choices import EntryKind, VirementState
from commissioning.kernel.money import ZERO
from commissioning.models import (
    Allocation,
    Entry,
    FundingStream,
    Membership,
    Partnership,
    Plan,
    User,
    Virement,
)
from commissioning.roles import GRANTS, Permission, Role, roles_with
from commissioning.rules.posting import SUMS, Sums, reference_of
from commissioning.scoping import Reach
from commissioning.selectors.plans.pounds import NamedLine, NamedStream


class HeldMoney(NamedTuple):
    """A line's part of a stream, by its allocation's id, and what the ledger holds of it; pounds.

    A plan has hundreds, of which a page needs words and sums: none is read as a record.
    """

    key: int
    line: NamedLine
    stream: NamedStream
    planned: Decimal
    committed: Decimal
    paid: Decimal

    @property
    def sums(self) -> Sums:
        return Sums(self.planned, self.committed, self.paid)

    @property
    def headroom(self) -> Decimal:
        return self.planned - self.committed - self.paid


class OpenEntry(NamedTuple):
    """A commitment, and what of it is neither paid nor released; pounds."""

    key: int
    cause: str
    left: Decimal
    allocation_id: int
    line: NamedLine
    stream: NamedStream

    @property
    def reference(self) -> str:
        return reference_of(self.cause)


def streams_of_lines(plan: Plan) -> QuerySet[FundingStream]:
    """The streams that a line of the plan takes from, in their order."""
    taken = Allocation.objects.filter(plan=plan).values("stream")
    return FundingStream.objects.filter(pk__in=taken).order_by("position")


def money_of_plan(plan: Plan) -> list[HeldMoney]:
    """Planned, committed, paid and headroom of every line and stream, in their order.

    One statement: the ledger keeps the sums.
    """
    rows = (
        Allocation.objects.filter(plan=plan)
        .order_by("line__position", "line__number", "stream__position")
        .values_list(
            *("pk", "line__number", "line__name", "stream__position", "stream__name"),
            *("planned", "committed", "paid"),
        )
    )
    return [
        HeldMoney(key, NamedLine(number, line), NamedStream(position, stream), *sums)
        for key, number, line, position, stream, *sums in rows
    ]


def sums_of_plan(plan: Plan) -> Sums:
    """The sums of all its lines together."""
    held = Allocation.objects.filter(plan=plan).aggregate(
        **{name: Coalesce(Sum(name), ZERO) for name in SUMS}
    )
    return Sums(**held)


def entries_of_plan(plan: Plan) -> QuerySet[Entry]:
    """Every entry of the plan's ledger, the newest first."""
    return (
        Entry.objects.filter(plan=plan)
        .select_related("allocation__line", "allocation__stream", "made_by")
        .order_by("-pk")
    )


def listed_entries_of_plan(plan: Plan) -> QuerySet[Entry]:
    """The same with no more than a list of them shows: there are thousands."""
    return entries_of_plan(plan).only(
        *("kind", "on", "amount", "cause", "reason", "system", "made_by__name"),
        *("allocation__line__number", "allocation__line__name", "allocation__stream__name"),
    )


def open_commitments(plan: Plan) -> list[OpenEntry]:
    """What is committed and neither paid nor released, line by line, the oldest first."""
    later = (
        Entry.objects.filter(commitment=OuterRef("pk"))
        .order_by()
        .values("commitment")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    rows = (
        Entry.objects.filter(plan=plan, kind=EntryKind.COMMITMENT, commitment=None)
        .annotate(left=F("amount") + Coalesce(Subquery(later), ZERO))
        .order_by("allocation__line__position", "pk")
        .values_list(
            *("pk", "cause", "left", "allocation", "allocation__line__number"),
            *("allocation__line__name", "allocation__stream__position"),
            "allocation__stream__name",
        )
    )
    return [
        OpenEntry(key, cause, left, part, NamedLine(number, line), NamedStream(position, stream))
        for key, cause, left, part, number, line, position, stream in rows
        if left > 0
    ]


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
