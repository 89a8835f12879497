"""Posting the bank's actuals: what is new, known already or changed, looked at and then posted.

For each reference a file is complete: what was posted for it before and is no longer in the file
is posted back. The ledger itself is never changed; a correction is the difference.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from django.db import transaction
from django.db.models import Count, F, Func, Sum, TextField, Value

from commissioning.choices import EntryKind
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import pounds
from commissioning.models import Allocation, Entry, Plan
from commissioning.scoping import Actor
from commissioning.services.audit import record
from commissioning.services.ledger.bank_file import Fault, Payment
from commissioning.services.ledger.book import (
    Book,
    LedgerRefused,
    MoreThanWasPaid,
    NeverCommitted,
)

Standing = Literal["new", "known", "changed"]
PREFIX = "bank"


class DifferenceChanged(LedgerRefused):
    """What would be posted is no longer what was looked at. Nothing was posted."""


@dataclass(frozen=True)
class Change:
    """What a file makes of one reference on one line's stream; pounds."""

    standing: Standing
    payment: Payment | None  # None: posted before, and no longer in the file
    allocation: Allocation
    reference: str
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass
class Difference:
    """What a file would post."""

    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def of(self, standing: Standing) -> list[Change]:
        return [one for one in self.changes if one.standing == standing]

    @property
    def to_post(self) -> list[Change]:
        return [one for one in self.changes if one.difference]

    @property
    def total(self) -> Decimal:
        return sum((one.difference for one in self.changes), ZERO)

    @property
    def digest(self) -> str:
        """Says whether two differences are the same."""
        told = [(one.reference, one.allocation.pk, str(one.difference)) for one in self.to_post]
        return hashlib.sha256(repr(sorted(told)).encode()).hexdigest()[:16]


def bank_cause(reference: str, turn: int = 1) -> str:
    """The cause of a payment with the bank's reference; later turns are corrections of it."""
    return f"{PREFIX}:{turn}:{reference}"


@transaction.atomic
def difference_of(
    *, plan: Plan, payments: Sequence[Payment], by: Actor, on: dt.date
) -> Difference:
    """What posting the payments would do, without doing it."""
    return _worked_through(plan, payments, by, on)[1]


@transaction.atomic
def post_payments(
    *, plan: Plan, payments: Sequence[Payment], digest: str, by: Actor, on: dt.date
) -> Difference:
    """Post what is new or changed, all or nothing.

    `digest` is that of the difference a person looked at: when it is another by now,
    `DifferenceChanged`. The same payments again post nothing.
    """
    book, difference = _worked_through(plan, payments, by, on)
    if difference.faults:
        raise LedgerRefused("The file has faults. Nothing was posted.")
    if difference.digest != digest:
        raise DifferenceChanged(
            "The ledger changed since you looked. Nothing was posted: look at the difference"
            " again."
        )
    if difference.to_post:
        book.save()
        book.tell_moved()
        record(
            "plan.payments_posted",
            plan,
            by=by,
            organisation=plan.partnership.organisation,
            new=len(difference.of("new")),
            changed=len(difference.of("changed")),
            total=str(difference.total),
        )
    return difference


def _worked_through(
    plan: Plan, payments: Sequence[Payment], by: Actor, on: dt.date
) -> tuple[Book, Difference]:
    """The book with every entry that would be made, and the difference in words."""
    book = Book(Allocation.objects.filter(plan=plan), by=by, on=on)
    book.require_open()
    posted = _posted(plan, {one.reference for one in payments})
    difference = Difference(_changes(book, payments, posted))
    rows = {one.reference: one.row for one in reversed(payments)}
    # What is paid more goes first: on its line, something may then come back.
    for change in sorted(difference.to_post, key=lambda one: one.difference < 0):
        turn = 1 + max(
            (
                turns
                for (reference, _), (_, turns) in posted.items()
                if reference == change.reference
            ),
            default=0,
        )
        row = change.payment.row if change.payment else rows[change.reference]
        try:
            _enter(book, change, bank_cause(change.reference, turn))
        except NeverCommitted as refused:
            difference.faults.append(Fault(row, "description", str(refused)))
        except MoreThanWasPaid:
            difference.faults.append(Fault(row, "amount", _came_back_already(book, change)))
    return book, difference


def _changes(
    book: Book,
    payments: Sequence[Payment],
    posted: dict[tuple[str, int], tuple[Decimal, int]],
) -> list[Change]:
    found = []
    for one in payments:
        before = posted.get((one.reference, one.allocation.pk), (None, 0))[0]
        standing: Standing = "new" if before is None else "changed"
        if before == one.amount:
            standing = "known"
        held = before if before is not None else ZERO
        found.append(Change(standing, one, one.allocation, one.reference, held, one.amount))
    wanted = {(one.reference, one.allocation.pk) for one in payments}
    for (reference, allocation), (before, _) in posted.items():
        if before and (reference, allocation) not in wanted:
            gone = book.held[allocation]
            found.append(Change("changed", None, gone, reference, before, ZERO))
    return found


def _enter(book: Book, change: Change, cause: str) -> None:
    if change.difference < 0:
        book.take_back(
            change.allocation.pk,
            -change.difference,
            cause=cause,
            reason=f"The bank's file has {pounds(change.after)} where it had"
            f" {pounds(change.before)}.",
        )
        return
    payment = change.payment
    assert payment is not None  # noqa: S101 - only what is in the file is paid
    book.settle(
        change.allocation.pk,
        EntryKind.PAYMENT,
        change.difference,
        cause=cause,
        against=None,
        reason=payment.description,
        on=payment.on,
    )


def _came_back_already(book: Book, change: Change) -> str:
    """Why the bank's lower figure is not posted, and what to do."""
    where, left = change.allocation.pk, book.payments(change.allocation.pk)
    return (
        f"“{change.reference}” falls from {pounds(change.before)} to {pounds(change.after)} on"
        f" {book.name(where)}, where only {pounds(left)} of what was paid is not back already."
        f" If it was paid back by hand, leave it at {pounds(change.before)} in the file."
    )


def _posted(plan: Plan, references: set[str]) -> dict[tuple[str, int], tuple[Decimal, int]]:
    """What was posted for the bank's references: by reference and allocation, pounds and how
    many turns there were.
    """
    reference = Func(
        F("cause"),
        Value(rf"^{PREFIX}:\d+:"),
        Value(""),
        function="regexp_replace",
        output_field=TextField(),
    )
    rows = (
        Entry.objects.filter(
            plan=plan,
            kind=EntryKind.PAYMENT,
            cause__startswith=f"{PREFIX}:",
        )
        .annotate(named=reference)
        .filter(named__in=references)
        .values_list("named", "allocation")
        .annotate(total=Sum("amount"), turns=Count("cause", distinct=True))
    )
    return {
        (reference, allocation): (total, turns) for reference, allocation, total, turns in rows
    }
