"""Telling those whom a call-off concerns, once for each cause."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from commissioning.models import User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.selectors.plans.sides import people_holding
from commissioning.services.notices import tell
from providers.models import CallOff
from providers.selectors.call_offs.money import who_may_approve


def address_of(call_off: CallOff) -> str:
    """Where the call-off is read."""
    return f"/call-offs/{call_off.pk}/"


def tell_approvers(
    call_off: CallOff, sentence: str, cause: str, *, amount: Decimal, but: int, on: dt.date
) -> int:
    """Tell those whose limit covers the amount that is asked for; `but` asked."""
    people = who_may_approve(call_off.partnership, amount, but=but, on=on)
    return _tell(call_off, people, sentence, cause)


def tell_provider(call_off: CallOff, sentence: str, cause: str, *, by: Actor, on: dt.date) -> int:
    """Tell those who answer for the provider."""
    place = call_off.provider_id
    people = people_holding(Permission.CALL_OFF_ANSWER, [place], on=on).get(place, [])
    return _tell(call_off, [one for one in people if one != by], sentence, cause)


def tell_buyers(call_off: CallOff, sentence: str, cause: str, *, on: dt.date) -> int:
    """Tell those who call places off for the partnership."""
    ours = call_off.partnership_id
    people = people_holding(Permission.PLACE_HOLD, [ours], on=on).get(ours, [])
    return _tell(call_off, people, sentence, cause)


def tell_requester(call_off: CallOff, sentence: str, cause: str, *, by: Actor) -> int:
    """Tell who asked for the place, unless it is their own deed."""
    people = [] if call_off.requested_by == by else [call_off.requested_by]
    return _tell(call_off, people, sentence, cause)


def _tell(call_off: CallOff, people: Iterable[User], sentence: str, cause: str) -> int:
    return tell(
        people=people,
        sentence=sentence[:300],
        link=address_of(call_off),
        cause=f"call-off:{call_off.pk}:{cause}"[:120],
    )
