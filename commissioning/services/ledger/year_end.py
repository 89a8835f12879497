"""The end of a year: what was promised and not paid lapses; what is left of a stream goes on."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from commissioning.choices import AT_WORK_IN, FundingStanding, PlanKind, PlanState
from commissioning.kernel.errors import NotPermitted
from commissioning.kernel.money import MOST, ZERO
from commissioning.kernel.words import joined, pounds
from commissioning.models import (
    Allocation,
    CarriedForward,
    Funding,
    FundingStream,
    Partnership,
    Plan,
)
from commissioning.models.funding import CARRIED_FORWARD
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.rules.ring_fences import Origin, left_by_origin
from commissioning.rules.shares import parts_of_member
from commissioning.scoping import Actor
from commissioning.selectors.plans.money_totals import carried_forward_parts, plans_not_closed
from commissioning.services.audit import record
from commissioning.services.ledger.book import Book, LedgerRefused
from commissioning.services.plans.telling import address_of, tell_partnership
from commissioning.services.reference import load_funding_streams

# Who closes a plan may carry its money forward.
CLOSERS = (Permission.PLAN_AGREE, Permission.PLAN_SUBMIT)


@transaction.atomic
def carry_forward(*, plan: Plan, by: Actor, on: dt.date) -> list[CarriedForward]:
    """Close the ledger of a plan that is closed, in the transaction that closes it.

    What is committed and not paid is released. Once every plan a partnership shares in is closed
    for the year, what is left of each of its streams (what it had − what its plans paid) becomes
    its funding “carried forward” of the next year, confirmed, in place of what was expected, and
    who writes that year's plan is told. Done once: again it changes nothing.
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
            carried += _carry(partnership, held.year, by, on)
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
    return {code: sum(one.values(), ZERO) for code, one in _paid(partnership, year).items()}


def _paid(partnership: Partnership, year: int) -> dict[str, dict[str | None, Decimal]]:
    """The same by what it was paid for: stream code → intervention → pounds."""
    plans = Plan.objects.of_partnership(partnership).in_year(year).prefetch_related("members")
    by_plan: dict[int, list[tuple[int, str, Decimal]]] = defaultdict(list)
    kinds: dict[int, str | None] = {}
    for plan, line, kind, stream, amount in (
        Allocation.objects.filter(plan__in=plans)
        .order_by("pk")
        .values_list("plan", "line", "line__intervention", "stream", "paid")
    ):
        by_plan[plan].append((line, stream, amount))
        kinds[line] = kind
    paid: dict[str, dict[str | None, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for one in plans:
        shares = {member.partnership_id: member.share for member in one.members.all()}
        mine = by_plan[one.pk]
        if shares:
            parts = parts_of_member(mine, shares, partnership.pk).items()
            mine = [(line, code, part) for line, of in parts for code, part in of.items()]
        for line, stream, amount in mine:
            paid[stream][kinds[line]] += amount
    return paid


def _carry(partnership: Partnership, year: int, by: Actor, on: dt.date) -> list[CarriedForward]:
    earlier = list(
        CarriedForward.objects.filter(partnership=partnership, year=year).order_by("pk")
    )
    if earlier:
        return earlier
    left = _left(partnership, year)
    made = CarriedForward.objects.bulk_create(
        CarriedForward(partnership=partnership, year=year, stream=stream, amount=amount)
        for stream, amount in left.items()
    )
    if made:
        _fund_next_year(partnership, year, left, by, on)
    return made


def _left(partnership: Partnership, year: int) -> dict[FundingStream, Decimal]:
    """What is left of each stream: of what it gave in the year, and of what was carried into the
    year from it. Pounds above nothing, in the order of the streams.
    """
    paid = _paid(partnership, year)
    had = Funding.objects.filter(partnership=partnership, year=year).select_related("stream")
    left: dict[FundingStream, Decimal] = defaultdict(lambda: ZERO)
    for one in had:
        spent = paid.get(one.stream_id, {})
        if one.stream_id == CARRIED_FORWARD:
            for stream, amount in _left_of_what_was_carried(one, spent).items():
                left[stream] += amount
        else:
            left[one.stream] += max(one.amount - sum(spent.values(), ZERO), ZERO)
    in_order = sorted(left, key=lambda stream: stream.position)
    return {stream: left[stream] for stream in in_order if left[stream]}


def _left_of_what_was_carried(
    funding: Funding, paid: Mapping[str | None, Decimal]
) -> dict[FundingStream, Decimal]:
    """What is left of it, by the streams it came from. What nobody knows the stream of, such as an
    estimate of a year that was never closed, stays “carried forward”."""
    before = carried_forward_parts(funding.partnership_id, funding.year - 1)
    streams = {one.stream_id: one.stream for one in before} | {funding.stream_id: funding.stream}
    amounts = {one.stream_id: one.amount for one in before}
    owed = dict(paid)
    more = funding.amount - sum(amounts.values(), ZERO)
    if more > 0:
        amounts[funding.stream_id] = amounts.get(funding.stream_id, ZERO) + more
    else:  # somebody corrected it since: that much is gone
        owed[None] = owed.get(None, ZERO) - more
    origins = [
        Origin(code, amount, frozenset(streams[code].pays_only))
        for code, amount in amounts.items()
    ]
    return {streams[code]: amount for code, amount in left_by_origin(origins, owed).items()}


def _fund_next_year(
    partnership: Partnership,
    year: int,
    left: Mapping[FundingStream, Decimal],
    by: Actor,
    on: dt.date,
) -> None:
    amount = min(sum(left.values(), ZERO), MOST)
    parts = joined(f"{pounds(one)} of {stream}" for stream, one in left.items())
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
    _tell_writers(partnership, year, amount, by, on)


def _tell_writers(
    partnership: Partnership, year: int, amount: Decimal, by: Actor, on: dt.date
) -> None:
    """Who writes the next year's plan is told what came into it, and what is to be done."""
    following = year_period(year + 1).label
    came = (
        f"{pounds(amount)} left of {year_period(year).label} is carried forward into {following}"
    )
    own = Plan.objects.filter(partnership=partnership, year=year + 1, kind=PlanKind.OWN)
    for plan in own.exclude(state=PlanState.CLOSED).with_names():
        by_amendment = PlanState(plan.state) in AT_WORK_IN
        how = "an amendment puts it on lines" if by_amendment else "put it on lines of the plan"
        tell_partnership(
            plan,
            f"{came}: {how}",
            cause=f"carried:{year}",
            by=by,
            on=on,
            link=address_of(plan, "money"),
        )
