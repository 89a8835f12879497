"""The deeds of a call-off in a market, each with what is usual: £8,400 of three streams."""

from decimal import Decimal

from providers.choices import MoveOn
from providers.models import CallOff
from providers.services.calling_off import (
    Purchase,
    accept_call_off,
    admit_person,
    approve_call_off,
    end_stay,
    request_call_off,
)
from tests.factories.call_offs import FROM, TODAY


def spread(market, *amounts):
    return {part.pk: Decimal(one) for part, one in zip(market.parts, amounts, strict=True)}


def asked(market, occupancy=None, *, parts=(4200, 2800, 1400), price=700, **words):
    words = {"by": market.carer, "on": TODAY} | words
    purchase = Purchase(
        weekly_price=Decimal(price),
        parts=spread(market, *parts),
        contract=words.pop("contract", None),
        block_unused_because=words.pop("because", ""),
    )
    return request_call_off(
        occupancy=occupancy or market.hold(),
        intervention=market.kind,
        purchase=purchase,
        **words,
    )


def approved(market, **words):
    return approve_call_off(call_off=asked(market, **words), by=market.approver, on=TODAY)


def admitted(market, *, came_on=FROM, **words):
    one = approved(market, **words)
    accept_call_off(call_off=one, by=market.keeper)
    return admit_person(call_off=one, came_on=came_on, today=came_on, by=market.keeper)


def left(market, call_off, on, *, today=None, as_planned=False):
    return end_stay(
        call_off=call_off,
        left_on=on,
        move_on=MoveOn.OWN_HOME,
        as_planned=as_planned,
        today=today or on,
        by=market.keeper,
    )


def committed(market):
    for part in market.parts:
        part.refresh_from_db()
    return [part.committed for part in market.parts]


def nights_beyond(call_off, on):
    """How many nights were not approved, as lists count them and as the stay itself does."""
    (counted,) = CallOff.objects.filter(pk=call_off.pk).with_beyond(on)
    assert counted.beyond == call_off.nights_early + call_off.nights_late(on)
    return counted.beyond
