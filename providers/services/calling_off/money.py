"""The money of a spot purchase: put on plan lines, committed, and released with what follows."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Q

from commissioning.choices import EntryKind, PlanState
from commissioning.kernel.money import ZERO
from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import pounds
from commissioning.models import Allocation, Entry, Partnership, Plan
from commissioning.models.plans import year_period
from commissioning.scoping import Actor
from commissioning.services.ledger import (
    LedgerRefused,
    commit_funds,
    release_funds,
    restore_funds,
)
from providers.models import CallOff, CallOffExtension, CallOffMoney
from providers.rules.call_off_costs import (
    cost_by_year,
    final_cost,
    kept_by_year,
    kept_of_parts,
    stay_cost,
)
from providers.selectors.call_offs.money import (
    Promise,
    YearToFund,
    cause_of,
    parts_of,
    promises_of,
    years_to_fund,
)
from providers.services.calling_off.guard import CALLING_OFF, CallOffRefused

Parts = Mapping[int, Decimal]  # id of the allocation → pounds


def checked_parts(
    partnership: Partnership,
    costs: Mapping[int, Decimal],
    parts: Parts,
    *,
    intervention: str,
    provider: int,
) -> list[tuple[Allocation, Decimal]]:
    """The parts, if each is of an agreed plan of the partnership and those of each year come to
    what its nights cost. Raises `CallOffRefused`.
    """
    years = years_to_fund(partnership, costs, intervention=intervention, provider=provider)
    known = {one.pk: one for year in years for one in year.allocations}
    if set(parts) - set(known):
        raise CallOffRefused("Take the money from lines of your own agreed plan of the year.")
    if not any(year.is_open for year in years):
        raise CallOffRefused(
            "No plan of these nights is agreed yet: there is nothing to take the money from."
        )
    if any(amount < 0 for amount in parts.values()):
        raise CallOffRefused("Enter amounts of £0 or more.")
    for pk, amount in parts.items():
        only = known[pk].stream.pays_only
        if amount and only and intervention not in only:
            raise CallOffRefused(
                f"{known[pk].stream} does not pay for it. {known[pk].stream.rule}".strip()
            )
    for year in years:
        _refuse_other_sum(year, parts)
    return [(known[pk], amount) for pk, amount in sorted(parts.items()) if amount]


def _refuse_other_sum(year: YearToFund, parts: Parts) -> None:
    put = sum((parts.get(one.pk, ZERO) for one in year.allocations), ZERO)
    if not year.is_open or put == year.cost:
        return
    more = "more" if put < year.cost else "less"
    raise CallOffRefused(
        f"The nights in {year.label} cost {pounds(year.cost)}, and {pounds(put)} is put on its"
        f" lines. Put {pounds(abs(year.cost - put))} {more} on them."
    )


def write_parts(
    call_off: CallOff,
    parts: list[tuple[Allocation, Decimal]],
    extension: CallOffExtension | None = None,
) -> None:
    CallOffMoney.objects.bulk_create(
        CallOffMoney(
            call_off=call_off,
            extension=extension,
            line_id=one.line_id,
            stream_id=one.stream_id,
            amount=amount,
        )
        for one, amount in parts
    )


def commit_parts(
    call_off: CallOff,
    *,
    by: Actor,
    on: dt.date,
    extension: CallOffExtension | None = None,
    year: int | None = None,
) -> Decimal:
    """Commit what stands on plan lines, in the order of the ledger's locks; pounds.

    Raises `BeyondTheLine` when a line has too little free.
    """
    rows = [
        one for one in parts_of(call_off, extension) if year is None or one.line.plan.year == year
    ]
    wanted = {(one.line_id, one.stream_id): one.amount for one in rows}
    held = (
        Allocation.objects.filter(line__in={line for line, _ in wanted})
        .select_related("line__plan__partnership", "stream")
        .order_by("pk")
    )
    total = ZERO
    for allocation in held:
        amount = wanted.get((allocation.line_id, allocation.stream_id))
        if amount is None:
            continue
        commit_funds(
            allocation=allocation,
            amount=amount,
            cause=cause_of(call_off, extension),
            by=by,
            on=on,
            reason=_reason(call_off, by),
        )
        total += amount
    return total


def release_all(call_off: CallOff, *, why: str, by: Actor, on: dt.date) -> Decimal:
    """Give back all that is committed and not paid; pounds. `why` names the cause."""
    total = ZERO
    for one in promises_of(call_off):
        if one.left > 0:
            _release(call_off, one.entry.allocation, one.left, one.entry.cause, why, by, on)
            total += one.left
    return total


def agreed_cost(call_off: CallOff) -> Decimal:
    """What the nights that were approved cost; pounds."""
    nights = (call_off.ends_on - call_off.starts_on).days
    return stay_cost(nights, call_off.weekly_price)


def settle_stay(call_off: CallOff, *, by: Actor, on: dt.date) -> Decimal:
    """The cost of a stay that ended, as it was: nights beyond those approved, after them or
    before, are not in it.

    Sets `cost` and `overspent`. Returns what is released; less than nothing where more is to pay
    than was kept for it. Pounds.
    """
    came, left = call_off.admitted_on, call_off.left_on
    assert came is not None and left is not None  # noqa: PT018, S101 - of a stay that ended
    start = max(came, call_off.starts_on)
    until = min(left, max(call_off.ends_on, came))
    nights = max((until - start).days, 0)
    planned = agreed_cost(call_off)
    contract = call_off.contract
    call_off.cost = final_cost(
        min(stay_cost(nights, call_off.weekly_price), planned),
        planned,
        take_up=contract.take_up if contract else None,
        void_rate=contract.void_rate if contract else None,
    )
    used = cost_by_year(start, until, call_off.weekly_price) if nights else {}
    released, call_off.overspent = _bring_to(call_off, call_off.cost, used, by=by, on=on)
    return released


def commit_again(call_off: CallOff, *, by: Actor, on: dt.date) -> Decimal:
    """The stay did not end: what was released is committed again. Sets `cost` and `overspent`.

    Raises `CallOffRefused` where the line has not so much free, or its plan is closed.
    """
    call_off.cost = agreed_cost(call_off)
    used = cost_by_year(call_off.starts_on, call_off.ends_on, call_off.weekly_price)
    released, call_off.overspent = _bring_to(call_off, call_off.cost, used, by=by, on=on)
    return -released


def _bring_to(
    call_off: CallOff, final: Decimal, used: Mapping[int, Decimal], *, by: Actor, on: dt.date
) -> tuple[Decimal, Decimal]:
    """Bring what is committed to what the stay comes to: released, and paid too much; pounds.

    The nights that were used are kept in the year they were in; each part of a year gives back as
    the parts stand to one another. What was paid already cannot be released: it is to come back.
    What was released before, and is to pay after all, is committed again.
    """
    promises = promises_of(call_off)
    by_year: dict[int, Decimal] = {}
    for one in promises:
        by_year[one.year] = by_year.get(one.year, ZERO) + one.amount
    kept = kept_by_year(final, used, by_year)
    released = too_much = ZERO
    for year in sorted(by_year):
        mine = {one.entry.pk: one for one in promises if one.year == year}
        keeps = kept_of_parts(kept[year], {pk: one.amount for pk, one in mine.items()})
        for pk, one in mine.items():
            wanted = one.amount - keeps[pk]
            part = min(wanted - one.returned, one.left)
            if part > 0:
                _release(call_off, one.entry.allocation, part, one.entry.cause, "left", by, on)
            elif part < 0:
                _restore(call_off, one, -part, by, on)
            released += part
            too_much += max(wanted - one.returned - part - one.lapsed, ZERO)
    return released, too_much


def _release(  # noqa: PLR0917 - called above only
    call_off: CallOff,
    allocation: Allocation,
    amount: Decimal,
    cause: str,
    why: str,
    by: Actor,
    on: dt.date,
) -> None:
    """By the service itself: who ends a stay has no right to post to the partnership's ledger."""
    release_funds(
        allocation=allocation,
        amount=amount,
        cause=_numbered(allocation, EntryKind.RELEASE, f"{cause}:{why}"),
        of=cause,
        by=CALLING_OFF,
        on=on,
        reason=_reason(call_off, by),
    )


def _restore(call_off: CallOff, promise: Promise, amount: Decimal, by: Actor, on: dt.date) -> None:
    allocation, cause = promise.entry.allocation, promise.entry.cause
    try:
        restore_funds(
            allocation=allocation,
            amount=amount,
            cause=_numbered(allocation, EntryKind.COMMITMENT, f"{cause}:back"),
            of=cause,
            by=CALLING_OFF,
            on=on,
            reason=_reason(call_off, by),
        )
    except LedgerRefused as refused:
        plan = Plan.objects.with_names().get(allocations=allocation)
        if plan.state == PlanState.CLOSED:
            words = _closed_year(call_off, plan, amount, on)
        else:
            words = (
                f"{pounds(amount)} of {call_off} was released and would be owed again, and"
                f" {call_off.partnership} has promised it elsewhere since. Ring it: once it has"
                f" freed so much on {allocation.line}, do this again."
            )
        raise CallOffRefused(words) from refused


def _closed_year(call_off: CallOff, plan: Plan, amount: Decimal, on: dt.date) -> str:
    """What can be done instead: a closed year takes no entry, the running one does."""
    running = Period.containing(on, Grain.YEAR).label
    return (
        f"{pounds(amount)} of {call_off} was released in {year_period(plan.year).label}, and that"
        f" plan is closed: nothing is posted to it now. The departure stays as it was said. Ring"
        f" {call_off.partnership}: what is owed for those nights it commits on its plan of"
        f" {running}, under Ledger, as an entry of today that names this call-off. Nights from"
        " today on are held and called off anew."
    )


def _numbered(allocation: Allocation, kind: EntryKind, cause: str) -> str:
    """The cause, numbered where the same was posted before: a stay can end more than once."""
    again = Q(cause=cause) | Q(cause__regex=rf"^{cause}:[0-9]+$")
    before = Entry.objects.filter(again, allocation=allocation, kind=kind)
    many = before.values("cause").distinct().count()
    return f"{cause}:{many + 1}" if many else cause


def _reason(call_off: CallOff, by: Actor) -> str:
    return f"{call_off}, {call_off.case}, by {by}."
