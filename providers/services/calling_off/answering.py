"""What the provider answers: accept or decline, admit, and end; and what the buyer takes back."""

import datetime as dt

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import count, day, pounds
from commissioning.models import User
from commissioning.scoping import Actor
from providers.choices import CallOffState, ExtensionState, MoveOn, PlaceEventKind
from providers.models import CallOff
from providers.services.calling_off.deciding import let_go
from providers.services.calling_off.guard import (
    CallOffRefused,
    cause_on_place,
    lock_call_off,
    require_buyer,
    require_provider,
    require_reason,
    require_state,
    step,
    tell_deed,
)
from providers.services.calling_off.money import release_all, settle_stay
from providers.services.calling_off.telling import tell_provider, tell_requester
from providers.services.places import admit, leave


@transaction.atomic
def accept_call_off(*, call_off: CallOff, by: User, answer: str = "") -> CallOff:
    """The provider expects the person."""
    held = lock_call_off(call_off)
    require_provider(by, held)
    require_state(held, {CallOffState.APPROVED}, "Only what waits for you is accepted.")
    _answered(held, by, answer)
    step(held, CallOffState.ACCEPTED, "answered_by", "answered_at", "answer")
    tell_deed("accepted", held, by, reason=held.answer)
    tell_requester(held, f"{held.provider} accepted {held}, {held.case}", "accepted", by=by)
    return held


@transaction.atomic
def decline_call_off(*, call_off: CallOff, answer: str, by: User, on: dt.date) -> CallOff:
    """The provider does not take the person: the place is free and the money released."""
    held = lock_call_off(call_off)
    require_provider(by, held)
    require_state(held, {CallOffState.APPROVED}, "Only what waits for you is declined.")
    _answered(held, by, require_reason(answer, "Say why it is declined."))
    step(held, CallOffState.DECLINED, "answered_by", "answered_at", "answer")
    _undo(held, "declined", by=by, on=on)
    tell_deed("declined", held, by, reason=held.answer)
    said = f"{held.provider} declined {held}, {held.case}: {held.answer}"
    tell_requester(held, said, "declined", by=by)
    return held


@transaction.atomic
def cancel_call_off(*, call_off: CallOff, reason: str, by: User, on: dt.date) -> CallOff:
    """The partnership takes it back before anybody came; place and money are free again."""
    held = lock_call_off(call_off)
    require_buyer(by, held)
    return _cancelled(held, require_reason(reason, "Say why it is cancelled."), by=by, on=on)


def cancel_unkept(call_off: CallOff, *, reason: str, by: Actor, on: dt.date) -> CallOff:
    """A locked call-off whose place is kept no more: nobody came, or the board released it."""
    return _cancelled(call_off, reason, by=by, on=on)


def _cancelled(held: CallOff, reason: str, *, by: Actor, on: dt.date) -> CallOff:
    was_asked = held.state != CallOffState.REQUESTED
    held.decision = reason
    step(held, CallOffState.CANCELLED, "decision")
    _undo(held, "cancelled", by=by, on=on)
    tell_deed("cancelled", held, by, reason=reason)
    if was_asked:
        said = f"{held.partnership} no longer needs {held.place} for {held.case}: {reason}"
        tell_provider(held, said, "cancelled", by=by, on=on)
    tell_requester(held, f"{held}, {held.case}, is cancelled: {reason}", "cancelled", by=by)
    return held


def _undo(call_off: CallOff, why: str, *, by: Actor, on: dt.date) -> None:
    let_go(call_off, reason=f"{call_off} was {why}.", on=on)
    if call_off.is_spot:
        release_all(call_off, why=why, by=by, on=on)


def _answered(call_off: CallOff, by: User, answer: str) -> None:
    call_off.answered_by, call_off.answered_at = by, technical_now()
    call_off.answer = answer.strip()[:300]


@transaction.atomic
def admit_person(*, call_off: CallOff, came_on: dt.date, today: dt.date, by: User) -> CallOff:
    """The person came. Raises `PlaceTaken` where somebody else is in the place."""
    held = lock_call_off(call_off)
    require_provider(by, held)
    require_state(held, {CallOffState.ACCEPTED}, "Accept the call-off before you admit.")
    if held.occupancy is None:
        raise CallOffRefused(f"{held.place} is not kept for {held.case} any more.")
    admit(
        place=held.place,
        on=came_on,
        today=today,
        planned_until=held.ends_on,
        case=held.case,
        cause=cause_on_place(held, PlaceEventKind.ADMITTED),
        occupancy=held.occupancy,
        by=by,
    )
    return note_admission(held, came_on=came_on, by=by)


def note_admission(held: CallOff, *, came_on: dt.date, by: Actor) -> CallOff:
    """A locked call-off whose person is in the place."""
    held.admitted_on = came_on
    step(held, CallOffState.ADMITTED, "admitted_on")
    tell_deed("admitted", held, by, on=came_on.isoformat())
    said = f"{held.case} came to {held.place.service}"
    if early := held.nights_early:
        many = f"{count(early)} {'night' if early == 1 else 'nights'}"
        said += f" {many} before those approved. They are not paid unless you ask for them"
    tell_requester(held, said, f"admitted:{came_on}", by=by)
    return held


@transaction.atomic
def end_stay(
    *,
    call_off: CallOff,
    left_on: dt.date,
    move_on: str,
    as_planned: bool,
    today: dt.date,
    by: User,
    reason: str = "",
) -> CallOff:
    """The person left. Nights that were not used are not paid, unless the contract says: the rest
    of the commitment is released.
    """
    held = lock_call_off(call_off)
    require_provider(by, held)
    require_state(held, {CallOffState.ADMITTED}, "Nobody is there who could leave.")
    if move_on not in MoveOn.values:
        raise CallOffRefused("Say where they went.", field="move_on")
    leave(
        place=held.place,
        on=left_on,
        today=today,
        move_on=move_on,
        reason=reason,
        cause=cause_on_place(held, PlaceEventKind.LEFT),
        occupancy=held.occupancy,
        by=by,
    )
    return note_departure(
        held, left_on=left_on, move_on=move_on, as_planned=as_planned, by=by, on=today
    )


def note_departure(
    held: CallOff,
    *,
    left_on: dt.date,
    move_on: str,
    as_planned: bool,
    by: Actor,
    on: dt.date,
) -> CallOff:
    """A locked call-off whose person left: what it comes to, and what is released."""
    held.left_on, held.move_on, held.as_planned = left_on, move_on, as_planned
    released = settle_stay(held, by=by, on=on) if held.is_spot else ZERO
    step(held, CallOffState.ENDED, "left_on", "move_on", "as_planned", "cost", "overspent")
    # What was asked for nights that were stayed is decided still.
    held.extensions.filter(state=ExtensionState.ASKED, until__gt=left_on).update(
        state=ExtensionState.WITHDRAWN, decision="The stay ended.", decided_at=technical_now()
    )
    tell_deed(
        "ended",
        held,
        by,
        on=left_on.isoformat(),
        went_to=held.get_move_on_display(),
        planned="yes" if as_planned else "no",
        cost=pounds(held.cost) if held.is_spot else "",
        released=pounds(released) if released > 0 else "",
        to_come_back=pounds(held.overspent) if held.overspent else "",
    )
    said = f"{held.case} left {held.place.service} on {day(left_on)}"
    money = f": {pounds(released)} is released" if released > 0 else ""
    tell_requester(held, f"{said}{money}", f"ended:{left_on}", by=by)
    return held
