"""What a partnership has of each stream in the plan's year, and who holds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum

from commissioning.choices import FundingStanding
from commissioning.kernel.errors import DomainError
from commissioning.kernel.money import MOST
from commissioning.kernel.words import pounds
from commissioning.models import Allocation, Funding, FundingStream, Organisation, Plan
from commissioning.models.funding import CARRIED_FORWARD
from commissioning.models.plans import year_period
from commissioning.scoping import Actor
from commissioning.services.audit import record
from commissioning.services.ledger.year_end import carried_into
from commissioning.services.plans.editing import lock_for_editing


class FundingRefused(DomainError):
    """The streams cannot be stated so; `stream` is the code of the one that is wrong."""

    def __init__(self, stream: str, sentence: str) -> None:
        self.stream = stream
        super().__init__(sentence)


@dataclass(frozen=True)
class FundingRow:
    """What there is of a stream; no amount at all means none was allocated."""

    stream: str
    amount: Decimal | None
    standing: FundingStanding = FundingStanding.EXPECTED
    holder: Organisation | None = None
    held_by: str = ""
    note: str = ""


@transaction.atomic
def save_funding(
    *, plan: Plan, rows: Iterable[FundingRow], by: Actor, revision: int | None = None
) -> int:
    """State the streams of the plan's partnership and year; those that no row names stay.

    Returns the plan's new revision. Raises what `lock_for_editing` raises, and `FundingRefused`,
    also when a stream that lines take from would no longer be allocated.
    """
    held = lock_for_editing(plan=plan, by=by, revision=revision)
    here = {"partnership": held.partnership, "year": held.year}
    streams = {stream.pk: stream for stream in FundingStream.objects.all()}
    known = {one.stream_id: one for one in Funding.objects.filter(**here).select_related("holder")}
    changes: dict[str, Any] = {}
    for row in rows:
        _refuse_what_was_carried(row, known.get(row.stream), held)
        if row.stream not in streams:
            raise FundingRefused(row.stream, f"There is no funding stream “{row.stream}”.")
        before = known.get(row.stream)
        if row.amount is None:
            if before is not None:
                _take_away(held, before)
                changes[row.stream] = [pounds(before.amount), "none"]
            continue
        if not 0 <= row.amount <= MOST:
            raise FundingRefused(row.stream, "Enter an amount of £0 or more.")
        if _state(row, before or Funding(stream_id=row.stream, **here)):
            changes[row.stream] = [
                pounds(before.amount) if before else "none",
                _said(row),
            ]
    if changes:
        record(
            "plan.funding_stated",
            held,
            by=by,
            organisation=held.partnership.organisation,
            revision=held.revision,
            streams=changes,
        )
    return held.revision


def _refuse_what_was_carried(row: FundingRow, before: Funding | None, plan: Plan) -> None:
    """Once the year before is closed, what is left of it is no longer anybody's to estimate."""
    if row.stream != CARRIED_FORWARD or not carried_into(plan.partnership, plan.year):
        return
    if before and (row.amount, row.standing) != (before.amount, before.standing):
        raise FundingRefused(
            row.stream,
            f"{year_period(plan.year - 1).label} was closed with {pounds(before.amount)} left,"
            " confirmed. That stays as it is.",
        )


def _state(row: FundingRow, funding: Funding) -> bool:
    """Write the row where it differs; whether it did."""
    values = {
        "amount": row.amount,
        "standing": row.standing,
        "holder": row.holder,
        "held_by": "" if row.holder else row.held_by,
        "note": row.note,
    }
    new = funding.pk is None
    if not new and all(getattr(funding, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(funding, name, value)
    funding.revision += 0 if new else 1
    funding.save()
    return True


def _take_away(plan: Plan, funding: Funding) -> None:
    taken = Allocation.objects.filter(
        plan__partnership=plan.partnership,
        plan__year=plan.year,
        stream=funding.stream_id,
        amount__gt=0,
    ).aggregate(total=Sum("amount"))["total"]
    if taken:
        raise FundingRefused(
            funding.stream_id,
            f"Lines take {pounds(taken)} from this stream. Enter £0, or take it off the lines"
            " first.",
        )
    funding.delete()


def _said(row: FundingRow) -> str:
    who = f", held by {row.holder or row.held_by}" if row.holder or row.held_by else ""
    return f"{pounds(row.amount)} {row.standing.label.lower()}{who}"
