"""A place's history put right, and the call-off of those nights with it: all or nothing."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from commissioning.scoping import Actor
from providers.choices import STAYED_IN, OccupancyKind
from providers.models import CallOff, Contract, Occupancy, Place, PlaceEvent
from providers.services.calling_off.following import follow_place
from providers.services.calling_off.guard import lock_call_off
from providers.services.calling_off.taking_back import say_days_anew
from providers.services.contracts.guard import lock_contract
from providers.services.places import correct
from providers.services.places.locked import lock_places


@transaction.atomic
def correct_place(
    *,
    event: PlaceEvent,
    reason: str,
    by: Actor,
    today: dt.date,
    on: dt.date | None = None,
    until: dt.date | None = None,
    case: str = "",
) -> PlaceEvent:
    """Take an event of a place back or say it anew, as `correct` does; a call-off follows.

    An admission taken back leaves it accepted, or waiting for the provider's answer; a departure
    taken back leaves it admitted, and its money is committed again. Other days are other nights
    to pay. Raises what `correct` raises, and `CallOffRefused` where the money is there no more.
    """
    held = CallOff.objects.filter(occupancy__began=_beginning(event)).first()
    if held is None:
        return correct(
            event=event, reason=reason, by=by, today=today, on=on, until=until, case=case
        )
    if held.contract_id is not None:
        lock_contract(Contract(pk=held.contract_id))
    lock_places({event.place_id, held.place_id, *_other_places(held)})
    held = lock_call_off(held)
    before = Occupancy.objects.filter(call_off=held).first()
    came_here = before is not None and before.nights.lower == held.admitted_on
    made = correct(event=event, reason=reason, by=by, today=today, on=on, until=until, case=case)
    if not Occupancy.objects.filter(call_off=held.pk).exists():
        _back_to_earlier_nights(held)
    follow_place(held, on=today, by=by)
    held = lock_call_off(held)
    row = Occupancy.objects.filter(call_off=held).first()
    if row is not None and held.state in STAYED_IN and held.admitted_on is not None:
        say_days_anew(
            held,
            came_on=row.nights.lower if came_here else held.admitted_on,
            left_on=row.nights.upper if row.is_ended else None,
            by=by,
            on=today,
        )
    return made


def _beginning(event: PlaceEvent) -> int:
    """The event with which the nights began that an event, or what it corrects, is about."""
    while event.corrects is not None:
        event = event.corrects
    return event.about_id or event.pk


def _earlier_nights(call_off: CallOff) -> Q:
    """Nights of the same person in the service: from where they were moved."""
    return Q(
        place__service=Place.objects.filter(pk=call_off.place_id).values("service")[:1],
        partnership=call_off.partnership_id,
        case=call_off.case,
        kind=OccupancyKind.OCCUPIED,
        call_off=None,
    )


def _other_places(call_off: CallOff) -> set[int]:
    return set(
        Occupancy.objects.filter(_earlier_nights(call_off)).values_list("place_id", flat=True)
    )


def _back_to_earlier_nights(call_off: CallOff) -> None:
    """The move was not so: the nights are those before it, if there are some."""
    row = Occupancy.objects.filter(_earlier_nights(call_off)).order_by("-nights").first()
    if row is not None:
        CallOff.objects.filter(pk=call_off.pk).update(place=row.place_id, occupancy=row)
        call_off.place_id = row.place_id
