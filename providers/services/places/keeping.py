"""Opening and closing places, and taking them out of service."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from commissioning.kernel.words import day
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.refusals import refused_by
from providers.choices import OccupancyKind, PlaceEventKind, SexTaken
from providers.models import Occupancy, Place, PlaceEvent, Service
from providers.rules.place_history import Kind
from providers.services.places.boards import states
from providers.services.places.locked import Ledger, PlaceRefused
from providers.services.places.staying import keep, refuse_future

MOST_AT_ONCE = 500


@transaction.atomic
def open_places(
    *,
    service: Service,
    labels: Sequence[str],
    kind: str,
    on: dt.date,
    today: dt.date,
    by: Actor,
    sex: str = SexTaken.ANY,
    is_accessible: bool = False,
    overbooked_for: str = "",
) -> list[Place]:
    """Open places of a service from a night on, each under a label of its own.

    `overbooked_for`: why they are beyond the service's capacity. Such places are never free.
    """
    require(by, Permission.PLACES_KEEP, organisation_id=service.provider_id)
    refuse_future(on, today, "open the places when they can be used")
    if not labels or len(labels) > MOST_AT_ONCE:
        raise PlaceRefused(f"Open from 1 to {MOST_AT_ONCE} places at once.", field="labels")
    if on < service.opened_on:
        raise PlaceRefused(f"{service} opened on {day(service.opened_on)}.", field="on")
    if service.closed_on is not None and on >= service.closed_on:
        raise PlaceRefused(f"{service} closed on {day(service.closed_on)}.", field="on")
    with refused_by(
        "place_has_a_label_of_its_own",
        "The service has, or had, a place of one of these names. Give others.",
        error=PlaceRefused,
        field="labels",
    ):
        places = Place.objects.bulk_create(
            Place(
                service=service,
                label=label,
                kind=kind,
                sex=sex,
                is_accessible=is_accessible,
                overbooked_for=overbooked_for,
                opened_on=on,
            )
            for label in labels
        )
    PlaceEvent.objects.bulk_create(
        PlaceEvent(
            place=place,
            kind=PlaceEventKind.OPENED,
            on=on,
            reason=overbooked_for,
            made_by=by if isinstance(by, User) else None,
            system="" if isinstance(by, User) else str(by),
        )
        for place in places
    )
    states(service, by)
    record(
        "places.opened",
        service,
        by=by,
        organisation=service.provider.organisation,
        places=len(places),
        kind=kind,
        on=on.isoformat(),
        **({"overbooked_for": overbooked_for} if overbooked_for else {}),
    )
    return places


def open_place(
    *,
    service: Service,
    label: str,
    kind: str,
    on: dt.date,
    today: dt.date,
    by: Actor,
    sex: str = SexTaken.ANY,
    is_accessible: bool = False,
    overbooked_for: str = "",
) -> Place:
    """Open one place; see `open_places`."""
    (place,) = open_places(
        service=service,
        labels=[label],
        kind=kind,
        on=on,
        today=today,
        by=by,
        sex=sex,
        is_accessible=is_accessible,
        overbooked_for=overbooked_for,
    )
    return place


@transaction.atomic
def close_place(
    *, place: Place, on: dt.date, today: dt.date, by: Actor, reason: str = ""
) -> Place:
    """The place is no more from the night `on`, today or to come. Who is in it leaves first."""
    held = keep(place, by)
    if held.closed_on is not None:
        raise PlaceRefused(f"{held} is closed from {day(held.closed_on)}.")
    ledger = Ledger(held, by=by, today=today, since=on)
    ledger.say(Kind.CLOSED, on=on, reason=reason)
    held.closed_on = on
    held.save(update_fields=["closed_on"])
    states(held.service, by)
    record(
        "place.closed",
        held.service,
        by=by,
        organisation=held.service.provider.organisation,
        place=held.label,
        on=on.isoformat(),
    )
    return held


@transaction.atomic
def out_of_service(
    *,
    place: Place,
    on: dt.date,
    today: dt.date,
    reason: str,
    by: Actor,
    until: dt.date | None = None,
    cause: str = "",
) -> Occupancy:
    """Nobody can have the place from the night `on`, until it is said to be back."""
    if not reason.strip():
        raise PlaceRefused("Say why the place is out of service.", field="reason")
    held = keep(place, by)
    ledger = Ledger(held, by=by, today=today, since=on)
    if before := ledger.said_before(Kind.OUT_OF_SERVICE, cause):
        return Occupancy.objects.get(began=before)
    row = ledger.say(Kind.OUT_OF_SERVICE, on=on, until=until, reason=reason, cause=cause)
    states(held.service, by)
    assert row is not None  # noqa: S101 - what begins is there
    return row


@transaction.atomic
def back(
    *, place: Place, on: dt.date, today: dt.date, by: Actor, reason: str = "", cause: str = ""
) -> None:
    """The place can be used again from the night `on`; what was only planned does not come."""
    refuse_future(on, today, "plan when it will be back instead")
    held = keep(place, by)
    ledger = Ledger(held, by=by, today=today, since=on)
    if ledger.said_before(Kind.BACK, cause):
        return
    out = [
        row
        for row in ledger.rows.values()
        if row.kind == OccupancyKind.OUT_OF_SERVICE and not row.is_ended
    ]
    if not out:
        raise PlaceRefused(f"{held} is in service.")
    first = min(out, key=lambda row: row.nights.lower)
    if on == today:
        on = max(on, first.nights.lower)
    ledger.say(Kind.BACK, on=on, about=first.began_id, reason=reason, cause=cause)
    states(held.service, by)
