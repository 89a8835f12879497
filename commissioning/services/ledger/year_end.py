"""The end of a year: what was promised and not paid lapses; what is left of a stream goes on."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from commissioning.choices import FundingStanding, PlanState
from commissioning.kernel.errors import NotPermitted
from commissioning.kernel.money import MOST, ZERO, shared
from commissioning.kernel.words import joined, pounds
from commissioning.models import (
    Allocation,
    CarriedForward,
    Funding,
    FundingStream,
    Partnership,
    Plan,
)
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.selectors.plans.money_totals import plans_not_closed
from commissioning.services.audit import record
from commissioning.services.ledger.book import Book, LedgerRefused
from commissioning.services.reference import load_funding_streams

CARRIED_FORWARD = "carried-forward"
# Who closes a plan may carry its money forward.
CLOSERS = (Permission.PLAN_AGREE, Permission.PLAN_SUBMIT)


@transaction.atomic
def carry_forward(*, plan: Plan, by: Actor, on: dt.date) -> list[CarriedForward]:
    """Close the ledger of a plan that is closed, in the transaction that closes it.

    What is committed and not paid is released. Once every plan a partnership shares in is closed
    for the year, what is left of each of its streams (what it had − what its plans paid) becomes
    its funding “carried forward” of the next year, confirmed, in place of what was expected.
    Done once: again it changes nothing.
    """
    held = Plan.objects.with_names().select_for_update(no_key=True, of=("self",)).get(pk=plan.pk)
    permission = _permission_of(by, held)
    if held.state != PlanState.CLOSED:
        raise LedgerRefused(f"The plan of {held} is not closed. Money is carried forward then.")
    _release_the_rest(held, by, on, permission)
    partnerships = [held.partnership_id, *held.members.values_list("partnership", flat=True)]
    carried: list[CarriedForward] = []
    for key in sorted(set(partnerships)):
        partnership = Partnership.objects.select_for_update(no_key=True, of=("self",)).get(pk=key)
        if not plans_not_closed(partnership, held.year).exists():
            carried += _carry(partnership, held.year, by)
    return carried


def _permission_of(by: Actor, plan: Plan) -> Permission:
    for permission in CLOSERS:
        if by.reach(permission).covers(plan.partnership_id):
            return permission
    raise NotPermitted("Your role does not let you do this here.")


def _release_the_rest(plan: Plan, by: Actor, on: dt.date, permission: Permission) -> None:
    """Takes the lock on every allocation, so that nobody commits behind the close."""
    book = Book(Allocation.objects.filter(plan=plan), by=by, on=on, permission=permission)
    for pk, sums in book.sums.items():
        if sums.committed:
            book.release(
                pk,
                sums.committed,
                cause=f"close:{plan.pk}",
                reason="Committed and not paid when the year was closed.",
            )
    released = book.save()
    if released:
        record(
            "plan.commitments_lapsed",
            plan,
            by=by,
            organisation=plan.partnership.organisation,
            entries=len(released),
            amount=str(-sum((one.amount for one in released), ZERO)),
        )


def carried_into(partnership: Partnership, year: int) -> bool:
    """Whether the year before was closed with something left, which is this year's since."""
    return CarriedForward.objects.filter(partnership=partnership, year=year - 1).exists()


def paid_by_stream(partnership: Partnership, year: int) -> dict[str, Decimal]:
    """What a partnership paid of each stream in a year: its own plan's, and its part of joint
    ones, shared to the penny. Stream code → pounds.
    """
    paid: dict[str, Decimal] = defaultdict(lambda: ZERO)
    plans = Plan.objects.of_partnership(partnership).in_year(year).prefetch_related("members")
    by_plan: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for plan, stream, amount in Allocation.objects.filter(plan__in=plans).values_list(
        "plan", "stream", "paid"
    ):
        by_plan[plan][stream] += amount
    for one in plans:
        members = sorted(one.members.all(), key=lambda member: member.partnership_id)
        for stream, amount in by_plan[one.pk].items():
            if not members:
                paid[stream] += amount
                continue
            parts = shared(amount, [member.share for member in members])
            for member, part in zip(members, parts, strict=True):
                if member.partnership_id == partnership.pk:
                    paid[stream] += part
    return dict(paid)


def _carry(partnership: Partnership, year: int, by: Actor) -> list[CarriedForward]:
    earlier = list(
        CarriedForward.objects.filter(partnership=partnership, year=year).order_by("pk")
    )
    if earlier:
        return earlier
    paid = paid_by_stream(partnership, year)
    had = (
        Funding.objects.filter(partnership=partnership, year=year)
        .select_related("stream")
        .order_by("stream__position")
    )
    left = {one.stream: one.amount - paid.get(one.stream_id, ZERO) for one in had}
    made = CarriedForward.objects.bulk_create(
        CarriedForward(partnership=partnership, year=year, stream=stream, amount=amount)
        for stream, amount in left.items()
        if amount > 0
    )
    if made:
        _fund_next_year(partnership, year, left, by)
    return made


def _fund_next_year(
    partnership: Partnership, year: int, left: Mapping[FundingStream, Decimal], by: Actor
) -> None:
    amount = min(sum((one for one in left.values() if one > 0), ZERO), MOST)
    parts = joined(f"{pounds(one)} of {stream}" for stream, one in left.items() if one > 0)
    following = Funding.objects.filter(
        partnership=partnership, year=year + 1, stream=CARRIED_FORWARD
    )
    expected = following.values_list("amount", flat=True).first()
    if not FundingStream.objects.filter(pk=CARRIED_FORWARD).exists():
        load_funding_streams()
    funding, _ = Funding.objects.update_or_create(
        partnership=partnership,
        year=year + 1,
        stream_id=CARRIED_FORWARD,
        defaults={
            "amount": amount,
            "standing": FundingStanding.CONFIRMED,
            "note": f"Left of {year_period(year).label}: {parts}."[:300],
        },
    )
    record(
        "funding.carried_forward",
        funding,
        by=by,
        organisation=partnership.organisation,
        amount=str(amount),
        expected=str(expected) if expected is not None else "nothing",
        year=year_period(year).code,
    )
