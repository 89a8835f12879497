"""The guard before every deed on a call-off: who, in which state, on what, in which order locked.

The order of locks: contract, place, call-off, and then the ledger's allocations. Whoever lets a
place go changes its nights and with them the call-off, so the place comes first.
"""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db.models import Q

from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.kernel.transitions import require_transition
from commissioning.kernel.words import joined, pounds
from commissioning.models import Partnership, User
from commissioning.roles import Permission
from commissioning.scoping import Actor, System
from commissioning.selectors.plans.ledger import approves_up_to
from commissioning.services.access import require
from commissioning.services.audit import record
from providers.choices import CALL_OFF_TRANSITIONS, CallOffState, PlaceEventKind
from providers.models import CallOff, Contract, Place, PlaceEvent
from providers.selectors.call_offs.money import cause_of, who_may_approve
from providers.services.contracts.guard import lock_contract
from providers.services.places.locked import lock_place, patiently

# Does what follows from a person's deed where that person has no right of their own.
CALLING_OFF = System("call-offs")


class CallOffRefused(DomainError):
    """The deed cannot be done on this call-off; nothing was written."""


class LimitTooLow(CallOffRefused):
    """The approver's limit does not cover what it costs."""


def lock_call_off(call_off: CallOff) -> CallOff:
    """The call-off with its contract and place, locked until the transaction ends.

    As everything else on a place, it waits its turn there.
    """
    if call_off.contract_id is not None:
        lock_contract(Contract(pk=call_off.contract_id))
    lock_place(Place(pk=call_off.place_id))
    rows = CallOff.objects.with_names().select_for_update(no_key=True, of=("self",))
    with patiently():
        held = rows.get(pk=call_off.pk)
    if held.place_id != call_off.place_id:
        raise CallOffRefused("The person was moved to another place just now. Try again.")
    return held


def cause_on_place(call_off: CallOff, kind: PlaceEventKind) -> str:
    """By which its place knows that somebody came or left for it: numbered where that was said
    before and taken back since."""
    cause = cause_of(call_off)
    again = Q(cause=cause) | Q(cause__startswith=f"{cause}:again")
    before = PlaceEvent.objects.filter(again, place=call_off.place_id, kind=kind).count()
    return f"{cause}:again{before}" if before else cause


def require_state(call_off: CallOff, states: Collection[CallOffState], sentence: str) -> None:
    """Raise `CallOffRefused` with the sentence and how it stands unless it is one of those."""
    if call_off.state not in states:
        raise CallOffRefused(f"{sentence} {call_off}: {_state(call_off)}.")


def step(call_off: CallOff, to: CallOffState, *more: str) -> None:
    """The call-off into another state, with the other fields that changed."""
    require_transition(
        CALL_OFF_TRANSITIONS,
        current=CallOffState(call_off.state),
        to=to,
        sentence=f"{call_off} is settled otherwise already: {_state(call_off)}.",
    )
    call_off.state = to
    call_off.save(update_fields=["state", *more])


def _state(call_off: CallOff) -> str:
    return str(call_off.get_state_display()).lower()


def require_reason(words: str, sentence: str) -> str:
    if not words.strip():
        raise CallOffRefused(sentence)
    return words.strip()[:300]


def require_buyer(by: Actor, call_off: CallOff) -> None:
    """Raise `NotPermitted` unless the person calls places off for the partnership."""
    require(by, Permission.PLACE_HOLD, organisation_id=call_off.partnership_id)


def require_provider(by: Actor, call_off: CallOff) -> None:
    """Raise `NotPermitted` unless the person answers for the provider."""
    require(by, Permission.CALL_OFF_ANSWER, organisation_id=call_off.provider_id)


def require_approver(
    by: User, partnership: Partnership, amount: Decimal, *, asked_by: int, on: dt.date
) -> None:
    """Four eyes, and a limit that covers the amount; who may instead is named."""
    require(by, Permission.CALL_OFF_APPROVE, organisation_id=partnership.pk)
    if by.pk == asked_by:
        raise CallOffRefused("You asked for it: another person approves it.")
    limit = approves_up_to(by, partnership)
    if limit is None:
        raise NotPermitted("Your role does not let you do this here.")
    if amount > limit:
        able = who_may_approve(partnership, amount, but=asked_by, on=on)
        may = f" {joined(able)} may." if able else " Nobody else here has a limit that does."
        raise LimitTooLow(
            f"You approve up to {pounds(limit)}, and this comes to {pounds(amount)}.{may}"
        )


def tell_deed(action: str, call_off: CallOff, by: Actor, **details: Any) -> None:
    """The deed in the call-off's history, which both sides read."""
    record(
        f"call_off.{action}",
        call_off,
        by=by,
        organisation=call_off.partnership.organisation,
        **{name: value for name, value in details.items() if value not in (None, "")},
    )
