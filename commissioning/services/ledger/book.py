"""The book: allocations held under lock, worked on in memory, and written in one statement.

Every deed of the ledger opens a book, asks what its cause brought about before, adds entries and
saves. The rows are locked in the order of their numbers, so that two deeds wait for each other and
never cross; the triggers of the database stand behind all of it.
"""

import datetime as dt
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from commissioning.choices import AT_WORK_IN, EntryKind, PlanState
from commissioning.kernel.errors import DomainError
from commissioning.kernel.money import MOST, PENNY, ZERO
from commissioning.kernel.words import day, pounds
from commissioning.models import Allocation, Entry, Line, Plan, User
from commissioning.roles import Permission
from commissioning.rules.posting import POSTINGS, Sums, reference_of, takes_headroom
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.jobs import announce
from commissioning.services.refusals import refused_when_late

LONGEST_CAUSE = 140  # what a deed adds to a cause has room after it


class LedgerRefused(DomainError):
    """The entry cannot be made; nothing was written."""


def require_open_plan(plan: Plan) -> None:
    """Raise `LedgerRefused` unless the plan is agreed and not closed."""
    if plan.state == PlanState.CLOSED:
        raise LedgerRefused(f"The plan of {plan} is closed: nothing is posted to it now.")
    if PlanState(plan.state) not in AT_WORK_IN:
        raise LedgerRefused(
            f"The plan of {plan} is not agreed yet. Money is promised and paid once it is."
        )


class BeyondTheLine(LedgerRefused):
    """More was asked for than the line has free."""


class OtherAmount(LedgerRefused):
    """The cause was posted before, with another amount."""


class NeverCommitted(LedgerRefused):
    """What is paid was never committed, and nobody said why it is paid."""


class MoreThanWasPaid(LedgerRefused):
    """More is to come back than was paid and is not back already."""


@dataclass
class OpenCommitment:
    """A commitment and what of it is neither paid nor released; pounds."""

    entry: Entry
    left: Decimal


def patiently() -> AbstractContextManager[None]:
    """A lock that is not given in time is a refusal, not a fault."""
    return refused_when_late(
        "Somebody else is posting to this line. Nothing was written: try again in a moment.",
        error=LedgerRefused,
    )


def require_amount(amount: Decimal) -> Decimal:
    """The amount, if it is above nothing, in whole pennies and one that can be held."""
    if not amount.is_finite() or amount <= 0:
        raise LedgerRefused("Enter an amount above £0.", field="amount")
    if amount > MOST:
        raise LedgerRefused("The amount is more than this service can hold.", field="amount")
    if amount != amount.quantize(PENNY):
        raise LedgerRefused("Enter pounds and whole pence.", field="amount")
    return amount.quantize(PENNY)


def named(allocation: Allocation) -> str:
    """How a refusal calls a line's part of a stream."""
    return f"line {allocation.line}, {allocation.stream}"


class Book:
    """Some allocations, locked until the transaction ends, and the entries to be made on them."""

    def __init__(
        self,
        allocations: Iterable[Allocation],
        *,
        by: Actor,
        on: dt.date,
        permission: Permission = Permission.MONEY_POST,
    ) -> None:
        self._by, self._on = by, on
        self._permission = permission
        self.held = self._locked({one.pk for one in allocations})
        self.sums: dict[int, Sums] = {pk: one.sums for pk, one in self.held.items()}
        self._commitments: dict[int, list[OpenCommitment]] | None = None
        self._payments: dict[int, Decimal] | None = None
        self._payments_here: dict[int, Decimal] = {}
        self._entries: list[Entry] = []

    def _locked(self, wanted: set[int]) -> dict[int, Allocation]:
        rows = Allocation.objects.filter(pk__in=wanted).select_related("stream").order_by("pk")
        with patiently():
            held = {one.pk: one for one in rows.select_for_update(no_key=True, of=("self",))}
        # Read once the locks are there: the plan may have been closed while this waited.
        lines = Line.objects.select_related("plan__partnership__organisation").in_bulk(
            {one.line_id for one in held.values()}
        )
        for one in held.values():
            one.line = lines[one.line_id]
        for organisation in {one.line.plan.partnership_id for one in held.values()}:
            require(self._by, self._permission, organisation_id=organisation)
        return held

    @property
    def plans(self) -> dict[int, Plan]:
        return {one.line.plan_id: one.line.plan for one in self.held.values()}

    def require_open(self) -> None:
        """Raise `LedgerRefused` unless every plan is agreed and not closed."""
        for plan in self.plans.values():
            require_open_plan(plan)

    def require_day(self, on: dt.date) -> None:
        """Nothing is paid for a year before it begins."""
        for plan in self.plans.values():
            if on < plan.period.start:
                raise LedgerRefused(
                    f"{day(on)} lies before the plan's year, which begins on"
                    f" {day(plan.period.start)}."
                )

    def made(self, cause: str, kind: EntryKind) -> list[Entry]:
        """What the cause brought about before on these allocations."""
        if not cause or len(cause) > LONGEST_CAUSE:
            raise LedgerRefused(f"A cause has 1 to {LONGEST_CAUSE} characters.", field="reference")
        rows = Entry.objects.filter(allocation__in=self.held, cause=cause, kind=kind)
        return list(rows.order_by("pk"))

    def same_as_made(
        self, cause: str, kind: EntryKind, wanted: dict[int, Decimal]
    ) -> list[Entry] | None:
        """The entries made before for the cause; None when it is new.

        Raises `OtherAmount` when they are not what is wanted now.
        """
        earlier = self.made(cause, kind)
        if not earlier:
            return None
        found: dict[int, Decimal] = {}
        for entry in earlier:
            found[entry.allocation_id] = found.get(entry.allocation_id, ZERO) + entry.amount
        if found != wanted:
            total = abs(sum(found.values(), ZERO))
            raise OtherAmount(
                f"“{reference_of(cause)}” was posted on {day(earlier[0].on)} with {pounds(total)}"
                " already. Give another reference, or the same amount.",
                field="reference",
            )
        return earlier

    def name(self, allocation_id: int) -> str:
        return named(self.held[allocation_id])

    def commitments(self, allocation_id: int) -> list[OpenCommitment]:
        """What is committed and neither paid nor released, the oldest first."""
        if self._commitments is None:
            self._commitments = {}
            rows = (
                Entry.objects.filter(
                    allocation__in=self.held, kind=EntryKind.COMMITMENT, commitment=None
                )
                .annotate(left=F("amount") + Coalesce(Sum("later__amount"), ZERO))
                .filter(left__gt=0)
                .order_by("pk")
            )
            for entry in rows:
                self._commitments.setdefault(entry.allocation_id, []).append(
                    OpenCommitment(entry, entry.left)  # type: ignore[attr-defined]  # annotated
                )
        return self._commitments.get(allocation_id, [])

    def add(
        self,
        allocation_id: int,
        kind: EntryKind,
        amount: Decimal,
        *,
        cause: str,
        reason: str = "",
        commitment: Entry | None = None,
        on: dt.date | None = None,
    ) -> Entry:
        """Put an entry into the book. Raises `BeyondTheLine` for a promise it cannot bear."""
        before = self.sums[allocation_id]
        after = before.after(kind, amount)
        is_promise = not POSTINGS[kind].is_a_fact and takes_headroom(kind, amount)
        if is_promise and after.headroom < 0:
            raise BeyondTheLine(
                f"{pounds(abs(amount))} was asked for, and {pounds(max(before.headroom, ZERO))} is"
                f" free on {self.name(allocation_id)}.",
                field="amount",
            )
        person = self._by if isinstance(self._by, User) else None
        entry = Entry(
            allocation=self.held[allocation_id],
            kind=kind,
            amount=amount,
            cause=cause,
            reason=reason[:300],
            commitment=commitment,
            on=on or self._on,
            made_by=person,
            system="" if person else str(self._by),
        )
        self.sums[allocation_id] = after
        if kind == EntryKind.PAYMENT:
            here = self._payments_here.get(allocation_id, ZERO)
            self._payments_here[allocation_id] = here + amount
        self._entries.append(entry)
        return entry

    def release(
        self,
        allocation_id: int,
        amount: Decimal,
        *,
        cause: str,
        of: str | None = None,
        reason: str = "",
        on: dt.date | None = None,
    ) -> Decimal:
        """Release up to the amount of what is committed, the oldest first; gives what was.

        `of` is the cause of the one commitment that is meant; empty: of none.
        """
        left = amount
        for open_ in self.commitments(allocation_id):
            part = min(left, open_.left)
            if part <= 0 or (of is not None and open_.entry.cause != of):
                continue
            self.add(
                allocation_id,
                EntryKind.RELEASE,
                -part,
                cause=cause,
                reason=reason,
                commitment=open_.entry,
                on=on,
            )
            open_.left -= part
            left -= part
        return amount - left

    def settle(
        self,
        allocation_id: int,
        kind: EntryKind,
        amount: Decimal,
        *,
        cause: str,
        against: str | None,
        reason: str,
        on: dt.date,
    ) -> Entry:
        """A payment or accrual, and the release of what it settles.

        Raises `NeverCommitted` when part of it was never committed and no reason is given.
        """
        released = self.release(allocation_id, amount, cause=cause, of=against, on=on)
        if released < amount and not reason.strip():
            raise NeverCommitted(
                f"{pounds(amount - released)} was never committed on {self.name(allocation_id)}."
                " Say why it is paid.",
                field="reason",
            )
        return self.add(allocation_id, kind, amount, cause=cause, reason=reason, on=on)

    def payments(self, allocation_id: int) -> Decimal:
        """What left the bank, less what came back, what is in the book included; no accruals."""
        if self._payments is None:
            rows = Entry.objects.filter(allocation__in=self.held, kind=EntryKind.PAYMENT)
            self._payments = dict(
                rows.order_by().values_list("allocation").annotate(total=Sum("amount"))
            )
        here = self._payments_here.get(allocation_id, ZERO)
        return self._payments.get(allocation_id, ZERO) + here

    def take_back(self, allocation_id: int, amount: Decimal, *, cause: str, reason: str) -> Entry:
        """So much of what was paid came back; what it had settled stays released.

        Raises `MoreThanWasPaid` when less was paid.
        """
        paid = self.payments(allocation_id)
        if amount > paid:
            raise MoreThanWasPaid(
                f"{pounds(amount)} cannot come back: {pounds(paid)} was paid from"
                f" {self.name(allocation_id)}.",
                field="amount",
            )
        return self.add(allocation_id, EntryKind.PAYMENT, -amount, cause=cause, reason=reason)

    def save(self) -> list[Entry]:
        """Write the entries, in their order; the triggers keep the sums."""
        return Entry.objects.bulk_create(self._entries, batch_size=1000)

    def tell_moved(self) -> None:
        """Say that money of these plans was posted and saved, so that they are forecast again."""
        if not self._entries:
            return
        for plan in self.plans.values():
            announce(
                "money.moved",
                cause=f"money:{plan.pk}:{self._entries[-1].pk}",
                title=f"Forecast of the plan {plan}",
                by=self._by,
                organisation=plan.partnership.organisation,
                plan=plan.pk,
            )

    def record(self, action: str, *entries: Entry, **details: str) -> None:
        """The deed, once for each entry that stands for it."""
        for entry in entries:
            allocation = self.held[entry.allocation_id]
            plan = allocation.line.plan
            record(
                action,
                entry,
                by=self._by,
                organisation=plan.partnership.organisation,
                plan=plan.slug,
                line=str(allocation.line),
                stream=str(allocation.stream),
                amount=str(abs(entry.amount)),
                cause=entry.cause,
                **({"reason": entry.reason} if entry.reason else {}),
                **details,
            )
