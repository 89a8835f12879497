"""What another person decides: a spot purchase is approved, and the money is committed; or not."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.kernel.words import pounds
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.services.access import require
from providers.choices import CallOffState
from providers.models import CallOff, Occupancy
from providers.selectors.call_offs.money import cause_of, years_unfunded
from providers.services.calling_off.guard import (
    CALLING_OFF,
    CallOffRefused,
    lock_call_off,
    require_approver,
    require_reason,
    require_state,
    step,
    tell_deed,
)
from providers.services.calling_off.money import Parts, checked_parts, commit_parts, write_parts
from providers.services.calling_off.requesting import refuse_beyond_contract
from providers.services.calling_off.telling import tell_provider, tell_requester
from providers.services.places import book_place, hold_place, release_hold

WAITS = {CallOffState.REQUESTED}


@transaction.atomic
def approve_call_off(*, call_off: CallOff, by: User, on: dt.date, decision: str = "") -> CallOff:
    """Approve a spot purchase: the place is booked and the money committed, all or nothing.

    The approver holds CALL_OFF_APPROVE, did not ask for it, and has a limit that covers it. A hold
    that ran out meanwhile is taken anew if the place is still free. Raises `LimitTooLow`,
    `PlaceTaken`, `BeyondTheLine`.
    """
    held = lock_call_off(call_off)
    require_approver(by, held.partnership, held.cost, asked_by=held.requested_by_id, on=on)
    if held.state == CallOffState.APPROVED and held.decided_by_id == by.pk:
        return held
    require_state(held, WAITS, "Only what waits for approval is approved.")
    if held.contract is not None:
        refuse_beyond_contract(
            held.contract,
            held.partnership,
            held.place,
            nights=(held.starts_on, held.ends_on),
            intervention=held.intervention_id,
            price=held.weekly_price,
            cost=held.cost,
        )
    nights = book_place(
        occupancy=held.occupancy or _held_anew(held, on=on), cause=cause_of(held), by=by, on=on
    )
    held.occupancy, held.decided_by, held.decided_at = nights, by, technical_now()
    held.decision = decision.strip()[:300]
    step(held, CallOffState.APPROVED, "occupancy", "decided_by", "decided_at", "decision")
    committed = commit_parts(held, by=by, on=on)
    tell_deed("approved", held, by, committed=pounds(committed), reason=held.decision)
    sentence = f"{held.partnership} booked {held.place} for {held.case}: accept it"
    tell_provider(held, sentence, "approved", by=by, on=on)
    tell_requester(held, f"{by} approved {held}, {held.case}", "approved", by=by)
    return held


def _held_anew(call_off: CallOff, *, on: dt.date) -> Occupancy:
    """The hold ran out while the request waited: the place again, if nobody else has it."""
    return hold_place(
        place=call_off.place,
        nights=(call_off.starts_on, call_off.ends_on),
        partnership=call_off.partnership,
        case=call_off.case,
        hours=settings_in_force(on=on).hold_hours,
        by=CALLING_OFF,
        on=on,
    )


@transaction.atomic
def refuse_call_off(*, call_off: CallOff, decision: str, by: User, on: dt.date) -> CallOff:
    """Refuse a spot purchase, with a reason: the hold is released."""
    held = lock_call_off(call_off)
    require(by, Permission.CALL_OFF_APPROVE, organisation_id=held.partnership_id)
    if held.requested_by_id == by.pk:
        raise CallOffRefused("You asked for it: cancel it instead.")
    require_state(held, WAITS, "Only what waits for approval is refused.")
    held.decision = require_reason(decision, "Say why it is refused.")
    held.decided_by, held.decided_at = by, technical_now()
    step(held, CallOffState.REFUSED, "decided_by", "decided_at", "decision")
    let_go(held, reason=f"{held} was refused.", on=on)
    tell_deed("refused", held, by, reason=held.decision)
    tell_requester(held, f"{by} refused {held}, {held.case}: {held.decision}", "refused", by=by)
    return held


def let_go(call_off: CallOff, *, reason: str, on: dt.date) -> None:
    """The place is free again, if it is still kept."""
    if call_off.occupancy is not None:
        release_hold(occupancy=call_off.occupancy, by=CALLING_OFF, reason=reason, on=on)
        call_off.occupancy = None


@transaction.atomic
def fund_later_year(*, call_off: CallOff, parts: Parts, by: User, on: dt.date) -> Decimal:
    """Put the nights of a later year on lines of its plan once that is agreed, and commit them.

    The approval covered the whole cost; this says where it comes from. Not by who asked for it.
    """
    held = lock_call_off(call_off)
    owed = years_unfunded(held)
    costs = {year.year: year.cost for year in owed if year.is_open}
    if not costs:
        raise CallOffRefused("No later year of it is to be put on lines now.")
    total = sum(costs.values(), Decimal(0))
    require_approver(by, held.partnership, total, asked_by=held.requested_by_id, on=on)
    require_state(
        held,
        {CallOffState.APPROVED, CallOffState.ACCEPTED, CallOffState.ADMITTED},
        "Money is committed for what is approved and not over.",
    )
    checked = checked_parts(
        held.partnership,
        costs,
        parts,
        intervention=held.intervention_id,
        provider=held.provider_id,
    )
    write_parts(held, checked)
    for year in costs:
        commit_parts(held, by=by, on=on, year=year)
    tell_deed("year_committed", held, by, committed=pounds(total))
    return total
