"""Holding a place for somebody, giving it back, and booking it."""

import datetime as dt

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.models import Partnership
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from providers.choices import OccupancyKind
from providers.models import Occupancy, Place
from providers.rules.place_history import Kind
from providers.services.places.boards import states
from providers.services.places.locked import HOLDS, Ledger, PlaceRefused, lock_place

Nights = tuple[dt.date, dt.date]


@transaction.atomic
def hold_place(
    *,
    place: Place,
    nights: Nights,
    partnership: Partnership,
    case: str,
    hours: int,
    by: Actor,
    on: dt.date,
    cause: str = "",
) -> Occupancy:
    """Keep a place for so many hours. `nights`: the first night and the day of leaving.

    `on` is the business day. Raises `PlaceTaken` with whom to ring and when it falls free.
    """
    require(by, Permission.PLACE_HOLD, organisation_id=partnership.pk)
    ends = technical_now() + dt.timedelta(hours=hours)
    return _hold(place, nights, partnership, case, ends, by=by, on=on, cause=cause)


@transaction.atomic
def hold_for(
    *,
    place: Place,
    nights: Nights,
    partnership: Partnership,
    case: str,
    ends: dt.datetime,
    by: Actor,
    on: dt.date,
) -> Occupancy:
    """The provider keeps a place for a partnership that rang, until the instant `ends`: not
    longer than the nights are away. Raises `PlaceTaken`.
    """
    require(by, Permission.PLACES_KEEP, organisation_id=place.service.provider_id)
    now = technical_now()
    if ends <= now:
        raise PlaceRefused(
            "The hold would be over already: hold it until a later hour.", field="ends_on"
        )
    if ends - now > nights[1] - on:
        raise PlaceRefused("A hold ends before the nights do that it is for.", field="ends_on")
    row = _hold(place, nights, partnership, case, ends, by=by, on=on)
    states(place.service, by)
    return row


def _hold(
    place: Place,
    nights: Nights,
    partnership: Partnership,
    case: str,
    ends: dt.datetime,
    *,
    by: Actor,
    on: dt.date,
    cause: str = "",
) -> Occupancy:
    start, until = nights
    if start < on:
        raise PlaceRefused("A place is held for nights to come.", field="on")
    if place.overbooked_for:
        raise PlaceRefused(f"{place} was opened beyond capacity and is never free.")
    held = lock_place(place)
    ledger = Ledger(held, by=by, today=on, since=min(on, start))
    if before := ledger.said_before(Kind.HELD, cause):
        return _still_there(ledger, before.pk)
    row = ledger.say(
        Kind.HELD,
        on=start,
        until=until,
        partnership_id=partnership.pk,
        case=case,
        held_until=ends,
        cause=cause,
    )
    assert row is not None  # noqa: S101 - what begins is there
    record(
        "place.held",
        held.service,
        by=by,
        organisation=partnership.organisation,
        place=held.label,
        start=start.isoformat(),
        until=until.isoformat(),
        held_until=ends.isoformat(timespec="minutes"),
    )
    return row


@transaction.atomic
def refuse_taken(*, place: Place, nights: Nights, on: dt.date) -> None:
    """Raises `PlaceTaken`, as a hold would, where somebody has the place on one of the nights."""
    start, until = nights
    Ledger(lock_place(place), by=HOLDS, today=on, since=min(on, start)).insist_free(start, until)


def _still_there(ledger: Ledger, began: int) -> Occupancy:
    row = ledger.spell(began)
    if row is None:
        raise PlaceRefused("This was done before, and released since.")
    return row


@transaction.atomic
def release_hold(
    *, occupancy: Occupancy, by: Actor, reason: str, on: dt.date | None = None, cause: str = ""
) -> None:
    """Give back what is held or booked: the partnership that has it, or the provider."""
    held = lock_place(occupancy.place)
    _require_either(by, occupancy, held, Permission.PLACE_HOLD, Permission.PLACES_KEEP)
    start = occupancy.nights.lower
    ledger = Ledger(held, by=by, today=on or start, since=start)
    if ledger.said_before(Kind.RELEASED, cause) or ledger.spell(occupancy.began_id) is None:
        return
    ledger.say(Kind.RELEASED, on=start, about=occupancy.began_id, reason=reason, cause=cause)


@transaction.atomic
def book_place(*, occupancy: Occupancy, cause: str, by: Actor, on: dt.date) -> Occupancy:
    """What is held is booked: it no longer ends by itself. The same cause books once."""
    held = lock_place(occupancy.place)
    _require_either(
        by,
        occupancy,
        held,
        Permission.PLACE_HOLD,
        Permission.CALL_OFF_APPROVE,
        Permission.CALL_OFF_ANSWER,
    )
    ledger = Ledger(held, by=by, today=on, since=min(on, occupancy.nights.lower))
    if ledger.said_before(Kind.BOOKED, cause):
        return _still_there(ledger, occupancy.began_id)
    if ledger.spell(occupancy.began_id) is None:
        raise PlaceRefused(f"The hold on {held} ran out. Hold it again.")
    row = ledger.say(
        Kind.BOOKED,
        on=occupancy.nights.lower,
        until=occupancy.planned_until,
        about=occupancy.began_id,
        cause=cause,
    )
    return _still_there(ledger, row.began_id) if row else occupancy


def _require_either(
    by: Actor, occupancy: Occupancy, place: Place, *permissions: Permission
) -> None:
    """One of the permissions, on the partnership that has the nights or on the provider."""
    ours = {occupancy.partnership_id, place.service.provider_id} - {None}
    for permission in permissions:
        reach = by.reach(permission)
        if reach.nation or any(reach.covers(one) for one in ours if one is not None):
            return
    require(by, permissions[0], organisation_id=occupancy.partnership_id)


def release_expired_holds(*, on: dt.date) -> int:
    """Release every hold that is over, a transaction each. Returns how many; safe to run again."""
    over = Occupancy.objects.filter(
        kind=OccupancyKind.HELD, held_until__lte=technical_now()
    ).order_by("place_id", "pk")
    released = 0
    for row in over.select_related("place").iterator(chunk_size=500):
        with transaction.atomic():
            held = lock_place(row.place)
            # Reading the place under its lock releases what ran out.
            before = Ledger(held, by=HOLDS, today=on, since=row.nights.lower)
            released += before.spell(row.began_id) is None
    return released
