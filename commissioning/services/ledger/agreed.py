"""What an agreed plan, or an agreed amendment, brings into the ledger."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least

from commissioning.choices import EntryKind, PlanState
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import joined, pounds
from commissioning.models import Allocation, Entry, Plan
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.audit import record
from commissioning.services.ledger.book import Book, LedgerRefused, OtherAmount, named

NAMED = 3  # lines that a refusal names


@transaction.atomic
def post_plan(*, plan: Plan, cause: str, by: Actor, on: dt.date) -> list[Entry]:
    """Bring what each line is planned to take from each stream up to what was agreed.

    Posts the difference between `Allocation.amount` and what is planned, line by line. Called in
    the transaction that agrees the plan or the amendment, by somebody who may agree it. The same
    cause again posts nothing. Raises `LedgerRefused` when a line would have less than is
    committed and paid of it.
    """
    if plan.state == PlanState.CLOSED:
        raise LedgerRefused(f"The plan of {plan} is closed: nothing is posted to it now.")
    allocations = Allocation.objects.filter(plan=plan)
    book = Book(allocations, by=by, on=on, permission=Permission.PLAN_AGREE)
    wanted = {
        pk: one.amount - one.planned for pk, one in book.held.items() if one.amount != one.planned
    }
    earlier = book.made(cause, EntryKind.ALLOCATION)
    if earlier and wanted:
        raise OtherAmount(
            f"“{cause}” was posted already, and the plan has other amounts now. Agree them as an"
            " amendment."
        )
    if earlier or not wanted:
        return earlier
    _refuse_too_little(book, wanted)
    made = [
        book.add(pk, EntryKind.ALLOCATION, amount, cause=cause) for pk, amount in wanted.items()
    ]
    book.save()
    book.tell_moved()
    record(
        "plan.money_posted",
        plan,
        by=by,
        organisation=plan.partnership.organisation,
        cause=cause,
        entries=len(made),
        difference=str(sum(wanted.values(), ZERO)),
    )
    return made


def refuse_less_than_is_spent(plan: Plan) -> None:
    """Raise `LedgerRefused` where a line would have less than is committed and paid of it: told
    to whoever sends a plan, which could not be agreed so.
    """
    parts = Allocation.objects.filter(
        plan=plan, amount__lt=Least(F("planned"), F("committed") + F("paid"))
    )
    _refuse(
        _short(named(one), one.amount, one.committed + one.paid)
        for one in parts.select_related("line", "stream").order_by("line__number", "stream")
    )


def _refuse_too_little(book: Book, wanted: Mapping[int, Decimal]) -> None:
    _refuse(
        _short(book.name(pk), book.held[pk].amount, book.sums[pk].committed + book.sums[pk].paid)
        for pk, amount in wanted.items()
        if amount < 0 and book.sums[pk].headroom + amount < 0
    )


def _short(name: str, amount: Decimal, spent: Decimal) -> str:
    return f"{name} would have {pounds(amount)}, and {pounds(spent)} of it is committed or paid"


def _refuse(sentences: Iterable[str]) -> None:
    if short := list(sentences):
        more = len(short) - NAMED
        named = short[:NAMED] + ([f"{more} more likewise"] if more > 0 else [])
        said = f"{joined(named)}. Plan at least that much."
        raise LedgerRefused(said[0].upper() + said[1:])
