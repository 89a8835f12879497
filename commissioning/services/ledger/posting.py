"""Promising money and paying it: commitments, releases, payments, accruals.

Each deed has a cause and is done once: asked again with the same cause it gives the entry made
before, and with another amount it is refused. Who posts holds MONEY_POST on the partnership.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from commissioning.choices import EntryKind
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import pounds
from commissioning.models import Allocation, Entry, Line
from commissioning.scoping import Actor
from commissioning.services.ledger.book import Book, LedgerRefused, require_amount

OF_NONE = ""  # a payment against no commitment at all


@transaction.atomic
def commit_funds(
    *,
    allocation: Allocation,
    amount: Decimal,
    cause: str,
    by: Actor,
    on: dt.date,
    reason: str = "",
) -> Entry:
    """Promise so much of a line's part of a stream.

    Raises `BeyondTheLine` when less is free, `LedgerRefused` before the plan is agreed.
    """
    book = Book([allocation], by=by, on=on)
    return _commit(book, {allocation.pk: amount}, cause=cause, reason=reason)[0]


@transaction.atomic
def commit_line(
    *,
    line: Line,
    parts: Mapping[str, Decimal],
    cause: str,
    by: Actor,
    on: dt.date,
    reason: str = "",
) -> list[Entry]:
    """Promise an amount of a line split over streams (stream code → pounds): all or nothing."""
    book = Book(line.allocations.all(), by=by, on=on)
    by_stream = {one.stream_id: pk for pk, one in book.held.items()}
    for stream in parts:
        if stream not in by_stream:
            raise LedgerRefused(f"Line {line} takes nothing from “{stream}”.")
    wanted = {by_stream[stream]: amount for stream, amount in parts.items() if amount}
    if not wanted:
        raise LedgerRefused("Enter an amount above £0.", field="amount")
    return _commit(book, wanted, cause=cause, reason=reason)


def _commit(book: Book, wanted: dict[int, Decimal], *, cause: str, reason: str) -> list[Entry]:
    wanted = {pk: require_amount(amount) for pk, amount in wanted.items()}
    if earlier := book.same_as_made(cause, EntryKind.COMMITMENT, wanted):
        return earlier
    book.require_open()
    made = [
        book.add(pk, EntryKind.COMMITMENT, amount, cause=cause, reason=reason)
        for pk, amount in sorted(wanted.items())
    ]
    book.save()
    book.record("money.committed", *made)
    return made


@transaction.atomic
def release_funds(
    *,
    allocation: Allocation,
    amount: Decimal,
    cause: str,
    by: Actor,
    on: dt.date,
    of: str | None = None,
    reason: str = "",
) -> list[Entry]:
    """Take back so much of what is committed: of the commitment with the cause `of`, or of all,
    the oldest first. Raises `LedgerRefused` when less is committed and not paid.
    """
    amount = require_amount(amount)
    book = Book([allocation], by=by, on=on)
    wanted = {allocation.pk: -amount}
    if earlier := book.same_as_made(cause, EntryKind.RELEASE, wanted):
        return earlier
    book.require_open()
    released = book.release(allocation.pk, amount, cause=cause, of=of, reason=reason)
    if released < amount:
        raise LedgerRefused(
            f"{pounds(amount)} was to be released, and {pounds(released)} is committed and not"
            f" paid on {book.name(allocation.pk)}.",
            field="amount",
        )
    made = book.save()
    book.record("money.released", *made)
    return made


@transaction.atomic
def restore_funds(
    *,
    allocation: Allocation,
    amount: Decimal,
    cause: str,
    of: str,
    by: Actor,
    on: dt.date,
    reason: str = "",
) -> Entry:
    """Promise again so much of what was released of the commitment with the cause `of`.

    Raises `BeyondTheLine` when less is free meanwhile, `LedgerRefused` without such a commitment.
    """
    amount = require_amount(amount)
    book = Book([allocation], by=by, on=on)
    if earlier := book.same_as_made(cause, EntryKind.COMMITMENT, {allocation.pk: amount}):
        return earlier[0]
    book.require_open()
    commitment = next(iter(book.made(of, EntryKind.COMMITMENT)), None)
    if commitment is None:
        raise LedgerRefused(
            f"Nothing was committed on {book.name(allocation.pk)} for “{of}”.", field="against"
        )
    made = book.add(
        allocation.pk,
        EntryKind.COMMITMENT,
        amount,
        cause=cause,
        reason=reason,
        commitment=commitment,
    )
    book.save()
    book.record("money.committed", made)
    return made


@transaction.atomic
def pay(
    *,
    allocation: Allocation,
    amount: Decimal,
    cause: str,
    by: Actor,
    on: dt.date,
    against: str | None = None,
    reason: str = "",
) -> Entry:
    """Write down that so much was paid.

    It releases as much of what is committed: of the commitment with the cause `against`, of none
    (`OF_NONE`), or, unsaid, of all, the oldest first. What was never committed needs a reason
    (`NeverCommitted`). A payment is a fact, so it is written even where it exceeds the line.
    """
    return _settle(EntryKind.PAYMENT, allocation, amount, cause, by, on, against, reason)


@transaction.atomic
def accrue(
    *,
    allocation: Allocation,
    amount: Decimal,
    cause: str,
    by: Actor,
    on: dt.date,
    against: str | None = None,
    reason: str = "",
) -> Entry:
    """Write down what was used and not invoiced yet. It settles commitments as a payment does."""
    return _settle(EntryKind.ACCRUAL, allocation, amount, cause, by, on, against, reason)


def _settle(  # noqa: PLR0917 - the two deeds above are keyword-only
    kind: EntryKind,
    allocation: Allocation,
    amount: Decimal,
    cause: str,
    by: Actor,
    on: dt.date,
    against: str | None,
    reason: str,
) -> Entry:
    amount = require_amount(amount)
    book = Book([allocation], by=by, on=on)
    if earlier := book.same_as_made(cause, kind, {allocation.pk: amount}):
        return earlier[0]
    book.require_open()
    book.require_day(on)
    made = book.settle(
        allocation.pk, kind, amount, cause=cause, against=against, reason=reason, on=on
    )
    book.save()
    book.record("money.paid" if kind == EntryKind.PAYMENT else "money.accrued", made)
    book.tell_moved()
    return made


@transaction.atomic
def pay_back(
    *, allocation: Allocation, amount: Decimal, cause: str, by: Actor, on: dt.date, reason: str
) -> Entry:
    """Write down that so much of what was paid came back. What it had settled stays released."""
    amount = require_amount(amount)
    book = Book([allocation], by=by, on=on)
    if earlier := book.same_as_made(cause, EntryKind.PAYMENT, {allocation.pk: -amount}):
        return earlier[0]
    book.require_open()
    book.require_day(on)
    if not reason.strip():
        raise LedgerRefused("Say why the money came back.", field="reason")
    made = book.take_back(allocation.pk, amount, cause=cause, reason=reason)
    book.save()
    book.record("money.paid_back", made)
    book.tell_moved()
    return made


@transaction.atomic
def reverse_accrual(*, accrual: Entry, by: Actor, on: dt.date) -> Entry:
    """Take an accrual back, once, when its invoice is there; what it had settled is committed
    again, as far as the line bears it, for the payment to settle.
    """
    if accrual.kind != EntryKind.ACCRUAL or accrual.amount < 0:
        raise LedgerRefused("Only an accrual can be reversed.")
    pk, cause = accrual.allocation_id, f"{accrual.cause}:reversed"
    book = Book([accrual.allocation], by=by, on=on)
    if earlier := Entry.objects.filter(allocation=pk, cause=cause, kind=EntryKind.ACCRUAL).first():
        return earlier
    book.require_open()
    made = book.add(pk, EntryKind.ACCRUAL, -accrual.amount, cause=cause)
    settled = Entry.objects.filter(
        allocation=pk, cause=accrual.cause, kind=EntryKind.RELEASE
    ).select_related("commitment")
    for release in settled.order_by("pk"):
        part = min(-release.amount, max(book.sums[pk].headroom, ZERO))
        if part:
            book.add(pk, EntryKind.COMMITMENT, part, cause=cause, commitment=release.commitment)
    book.save()
    book.record("money.accrual_reversed", made)
    book.tell_moved()
    return made
