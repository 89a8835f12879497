"""Many places at once: a caseload or a list of slots is so full, said in one go.

The number is never typed over: the events that lead to it are appended, for the next free places
or for those who have been there longest.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from commissioning.kernel.words import count
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from providers.choices import MoveOn, OccupancyKind, PlaceEventKind
from providers.models import Occupancy, Place, PlaceEvent, Service
from providers.services.places.boards import states
from providers.services.places.locked import PlaceRefused, lock_places, nights_range


@transaction.atomic
def set_occupied(*, service: Service, kind: str, occupied: int, on: dt.date, by: Actor) -> int:
    """So many people are in the service's places of a kind tonight.

    Appends admissions to the next free places, or departures of those there longest, and returns
    how many (departures below nothing). Raises `PlaceRefused` with how many can be in them.
    """
    require(by, Permission.PLACES_KEEP, organisation_id=service.provider_id)
    asked = Place.objects.filter(service=service, kind=kind).open_on(on)
    places = lock_places(set(asked.values_list("pk", flat=True)))
    rows = list(
        Occupancy.objects.filter(
            Q(nights__overlap=nights_range(on, None)) | Q(is_ended=False), place__in=places
        )
    )
    here = [row for row in rows if row.kind == OccupancyKind.OCCUPIED and on in row.nights]
    more = occupied - len(here)
    if more > 0:
        _fill(places, {row.place_id for row in rows}, more, len(here), on=on, by=by)
    elif more < 0:
        _empty(here, -more, on=on, by=by)
    states(service, by)
    if more:
        record(
            "places.set",
            service,
            by=by,
            organisation=service.provider.organisation,
            kind=kind,
            occupied=occupied,
            on=on.isoformat(),
        )
    return more


def _fill(
    places: dict[int, Place],
    used: set[int],
    more: int,
    here: int,
    *,
    on: dt.date,
    by: Actor,
) -> None:
    """Admissions without a planned end, to places with nothing tonight or later."""
    free = sorted(
        (
            one
            for one in places.values()
            if one.pk not in used and not one.overbooked_for and one.closed_on is None
        ),
        key=lambda one: (_natural(one.label), one.pk),
    )
    if len(free) < more:
        raise PlaceRefused(
            f"At most {count(here + len(free))} can be in these places tonight: the others are"
            " held, booked, out of service or about to close. Open places beyond capacity, with a"
            " reason, if there are more people."
        )
    events = PlaceEvent.objects.bulk_create(
        _event(place, PlaceEventKind.ADMITTED, on=on, by=by) for place in free[:more]
    )
    Occupancy.objects.bulk_create(
        Occupancy(
            place_id=event.place_id,
            began=event,
            nights=nights_range(on, None),
            kind=OccupancyKind.OCCUPIED,
        )
        for event in events
    )


def _empty(here: list[Occupancy], fewer: int, *, on: dt.date, by: Actor) -> None:
    """Departures of those there longest; who came today cannot have left."""
    leaving = sorted(
        (row for row in here if row.nights.lower < on),
        key=lambda row: (row.nights.lower, row.pk),
    )[:fewer]
    if len(leaving) < fewer:
        raise PlaceRefused(
            "More would leave than were there yesterday: correct the admissions of today."
        )
    PlaceEvent.objects.bulk_create(
        _event(
            row.place,
            PlaceEventKind.LEFT,
            on=on,
            by=by,
            about_id=row.began_id,
            move_on=MoveOn.NOT_KNOWN,
        )
        for row in leaving
    )
    for row in leaving:
        row.nights = nights_range(row.nights.lower, on)
        row.planned_until, row.is_ended = on, True
    Occupancy.objects.bulk_update(leaving, ["nights", "planned_until", "is_ended"])


def _event(
    place: Place, kind: PlaceEventKind, *, on: dt.date, by: Actor, **more: object
) -> PlaceEvent:
    return PlaceEvent(
        place=place,
        kind=kind,
        on=on,
        reason="Set with the number of those in places.",
        made_by=by if isinstance(by, User) else None,
        system="" if isinstance(by, User) else str(by),
        **more,
    )


def _natural(label: str) -> tuple[str, int]:
    """Bed 2 before Bed 10."""
    words = label.rstrip("0123456789")
    number = label[len(words) :]
    return words, int(number) if number else 0
