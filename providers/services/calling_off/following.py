"""Call-offs follow their places: whatever was said on the board, they agree with it.

Whoever keeps a board admits, sees off and releases there, and the night releases what nobody came
to. The call-off is brought along, so that its state and its money are those of its nights.
"""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from commissioning.scoping import Actor
from providers.choices import CALLED_OFF_IN, CallOffState, MoveOn, OccupancyKind, PlaceEventKind
from providers.models import CallOff, Occupancy, PlaceEvent
from providers.services.calling_off.answering import (
    cancel_unkept,
    note_admission,
    note_departure,
)
from providers.services.calling_off.guard import CALLING_OFF, lock_call_off, step
from providers.services.calling_off.taking_back import take_back_admission, take_back_departure

EXPECTED = frozenset({CallOffState.APPROVED, CallOffState.ACCEPTED})
AHEAD = frozenset({OccupancyKind.HELD, OccupancyKind.BOOKED})


def follow_places(
    *, on: dt.date, places: Collection[int] | None = None, by: Actor = CALLING_OFF
) -> int:
    """Bring call-offs up to the nights of their places, a transaction each; safe to run again.

    Of these places, or of all. Returns how many changed.
    """
    rows = CallOff.objects.filter(
        Q(state__in=CALLED_OFF_IN, occupancy=None)
        | Q(state__in=EXPECTED, occupancy__kind=OccupancyKind.OCCUPIED)
        | Q(state=CallOffState.ADMITTED, occupancy__is_ended=True)
        | Q(state=CallOffState.ADMITTED, occupancy__kind__in=AHEAD)
        | Q(state=CallOffState.ENDED, occupancy__is_ended=False)
    )
    if places is not None:
        rows = rows.filter(place__in=places)
    return sum(follow_place(one, on=on, by=by) for one in rows.order_by("place_id", "pk"))


@transaction.atomic
def follow_place(call_off: CallOff, *, on: dt.date, by: Actor) -> bool:
    """Bring one call-off up to its nights; whether it changed."""
    held = lock_call_off(call_off)
    row = Occupancy.objects.filter(call_off=held).first()
    if held.state not in CALLED_OFF_IN and (row is None or held.state != CallOffState.ENDED):
        return False
    if row is None:
        return _gone(held, on=on, by=by)
    before = held.state
    if held.state == CallOffState.ENDED and not row.is_ended:
        take_back_departure(held, by=by, on=on)
    if held.state == CallOffState.ADMITTED and row.kind in AHEAD:
        take_back_admission(held, by=by)
    if held.state in EXPECTED and row.kind == OccupancyKind.OCCUPIED:
        if held.state == CallOffState.APPROVED:
            step(held, CallOffState.ACCEPTED)
        note_admission(held, came_on=row.nights.lower, by=by)
    if held.state == CallOffState.ADMITTED and row.is_ended:
        said = _departure(row)
        note_departure(
            held,
            left_on=row.nights.upper,
            move_on=(said.move_on if said else "") or MoveOn.NOT_KNOWN,
            as_planned=row.nights.upper >= held.ends_on,
            by=by,
            on=on,
        )
    return held.state != before


def _gone(held: CallOff, *, on: dt.date, by: Actor) -> bool:
    """Nothing is kept any more: nobody came, or the board released or took back the nights."""
    if held.state == CallOffState.ADMITTED:
        take_back_admission(held, by=by)
    cancel_unkept(held, reason="The place is not kept any more.", by=by, on=on)
    return True


def _departure(row: Occupancy) -> PlaceEvent | None:
    events = PlaceEvent.objects.filter(about=row.began_id, kind=PlaceEventKind.LEFT)
    return events.order_by("-pk").first()
