"""Who comes into a place, how long they mean to stay, and when they leave."""

import datetime as dt
from typing import Any

from django.db import transaction

from commissioning.kernel.words import day
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from providers.choices import OccupancyKind
from providers.models import CallOff, Occupancy, Place
from providers.rules.place_history import Kind
from providers.services.places.boards import states
from providers.services.places.locked import Ledger, PlaceRefused, lock_place, lock_places

EXPECTED = frozenset({OccupancyKind.HELD, OccupancyKind.BOOKED})


def keep(place: Place, by: Actor) -> Place:
    """The place under lock, for one of those who keep it."""
    held = lock_place(place)
    require(by, Permission.PLACES_KEEP, organisation_id=held.service.provider_id)
    return held


def refuse_future(on: dt.date, today: dt.date, what: str) -> None:
    if on > today:
        raise PlaceRefused(f"{day(on)} is to come: {what}.", field="on")


@transaction.atomic
def admit(
    *,
    place: Place,
    on: dt.date,
    today: dt.date,
    by: Actor,
    planned_until: dt.date | None = None,
    case: str = "",
    cause: str = "",
    occupancy: Occupancy | None = None,
) -> Occupancy:
    """Somebody is in the place from the night `on`; `planned_until` is the day they mean to leave.

    `occupancy`: the hold or booking they come for; without one, it is that which waits here for
    the same case. Raises `PlaceTaken` when somebody else has one of the nights.
    """
    refuse_future(on, today, "book the place instead")
    held = keep(place, by)
    ledger = Ledger(held, by=by, today=today, since=on)
    if before := ledger.said_before(Kind.ADMITTED, cause):
        row = ledger.spell(before.about_id or before.pk)
        if row is None:
            raise PlaceRefused("This admission was recorded before, and taken back since.")
        return row
    waiting = occupancy or _expected(ledger, on, case)
    if occupancy is not None and ledger.spell(occupancy.began_id) is None:
        raise PlaceRefused(f"What was booked of {held} was released.")
    row = ledger.say(
        Kind.ADMITTED,
        on=on,
        until=planned_until or (waiting.planned_until if waiting else None),
        about=waiting.began_id if waiting else None,
        case=case,
        partnership_id=waiting.partnership_id if waiting else None,
        cause=cause,
    )
    states(held.service, by)
    assert row is not None  # noqa: S101 - who comes is there
    return row


def _expected(ledger: Ledger, on: dt.date, case: str) -> Occupancy | None:
    """The hold or booking of this case that has the night."""
    for row in ledger.rows.values():
        if row.kind in EXPECTED and case and row.case == case and on in row.nights:
            return row
    return None


@transaction.atomic
def leave(
    *,
    place: Place,
    on: dt.date,
    today: dt.date,
    move_on: str,
    by: Actor,
    reason: str = "",
    cause: str = "",
    occupancy: Occupancy | None = None,
) -> Occupancy:
    """Whoever is in the place left on a day; the night that follows it is free."""
    refuse_future(on, today, "say when they mean to leave instead")
    held = keep(place, by)
    ledger = Ledger(held, by=by, today=today, since=on)
    if before := ledger.said_before(Kind.LEFT, cause):
        return Occupancy.objects.get(began=before.about_id)
    stay = occupancy or _stay(ledger)
    row = ledger.say(
        Kind.LEFT, on=on, about=stay.began_id, move_on=move_on, reason=reason, cause=cause
    )
    states(held.service, by)
    assert row is not None  # noqa: S101 - a stay of a night or more remains
    return row


def _stay(ledger: Ledger) -> Occupancy:
    """The stay that goes on; with two, where a departure was never said, the earlier."""
    stays = [
        row
        for row in ledger.rows.values()
        if row.kind == OccupancyKind.OCCUPIED and not row.is_ended
    ]
    if not stays:
        raise PlaceRefused(f"{ledger.place}: nobody is in it who could leave.")
    return min(stays, key=lambda row: row.nights.lower)


@transaction.atomic
def plan_departure(
    *,
    occupancy: Occupancy,
    until: dt.date | None,
    today: dt.date,
    by: Actor,
    reason: str = "",
    cause: str = "",
) -> Occupancy:
    """A stay or a booking is planned to end on another day, later or earlier; None: open."""
    held = keep(occupancy.place, by)
    ledger = Ledger(held, by=by, today=today, since=occupancy.nights.lower)
    if not ledger.said_before(Kind.REPLANNED, cause):
        ledger.say(
            Kind.REPLANNED,
            on=occupancy.nights.lower,
            until=until,
            about=occupancy.began_id,
            reason=reason,
            cause=cause,
        )
        states(held.service, by)
    row = ledger.spell(occupancy.began_id)
    if row is None:
        raise PlaceRefused("What was planned was released.")
    return row


@transaction.atomic
def move(
    *, occupancy: Occupancy, to: Place, today: dt.date, by: Actor, reason: str, cause: str = ""
) -> Occupancy:
    """A stay goes on tonight, or a booking stands, in another place of the service.

    Returns the nights in the other place.
    """
    places = lock_places({occupancy.place_id, to.pk})
    source, target = places[occupancy.place_id], places[to.pk]
    require(by, Permission.PLACES_KEEP, organisation_id=source.service.provider_id)
    if source.pk == target.pk or source.service_id != target.service_id:
        raise PlaceRefused("Choose another place of the same service.", field="to")
    first = occupancy.nights.lower
    old = Ledger(source, by=by, today=today, since=first)
    new = Ledger(target, by=by, today=today, since=first)
    row = old.spell(occupancy.began_id)
    if row is None or row.is_ended:
        raise PlaceRefused("There is nobody to move.")
    words: dict[str, Any] = {
        "case": row.case,
        "partnership_id": row.partnership_id,
        "cause": cause,
    }
    until = row.planned_until
    for_them = list(CallOff.objects.filter(occupancy=row).values_list("pk", flat=True))
    if row.kind == OccupancyKind.OCCUPIED and first < today:
        until = until if until is None or until > today else None
        old.say(Kind.LEFT, on=today, about=row.began_id, reason=reason, cause=cause)
        moved = new.say(Kind.ADMITTED, on=today, until=until, reason=reason, **words)
    elif row.kind == OccupancyKind.BOOKED:
        old.say(Kind.RELEASED, on=first, about=row.began_id, reason=reason, cause=cause)
        moved = new.say(Kind.BOOKED, on=first, until=until, reason=reason, **words)
    else:
        raise PlaceRefused("Correct the admission instead: it was today, or is only held.")
    states(source.service, by)
    assert moved is not None  # noqa: S101 - what begins is there
    CallOff.objects.filter(pk__in=for_them).update(place=target, occupancy=moved)
    return moved
