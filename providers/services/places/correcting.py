"""Putting right what was said wrongly: by an event of its own, and a replay of the whole."""

import datetime as dt

from django.db import connection, transaction

from commissioning.models import User
from commissioning.scoping import Actor
from commissioning.services.audit import record
from providers.choices import PlaceEventKind
from providers.models import Place, PlaceEvent
from providers.rules.place_history import Kind, Said, replay
from providers.rules.spells import History, HistoryRefused
from providers.services.places.boards import states
from providers.services.places.locked import Ledger, PlaceRefused
from providers.services.places.staying import keep, refuse_future

MAY_COME = frozenset(
    {
        PlaceEventKind.HELD,
        PlaceEventKind.BOOKED,
        PlaceEventKind.OUT_OF_SERVICE,
        PlaceEventKind.CLOSED,
        PlaceEventKind.REPLANNED,
        PlaceEventKind.RELEASED,
    }
)


def said_of(event: PlaceEvent) -> Said:
    """An event as the rules read it."""
    return Said(
        key=event.pk,
        kind=Kind(event.kind),
        on=event.on,
        until=event.until,
        about=event.about_id,
        partnership=event.partnership_id,
        case=event.case,
        held_until=event.held_until,
        corrects=event.corrects_id,
        is_anew=event.is_anew,
    )


def history_of(place: Place) -> History:
    """The place as its whole history leaves it."""
    return replay(said_of(one) for one in PlaceEvent.objects.filter(place=place).order_by("pk"))


@transaction.atomic
def correct(
    *,
    event: PlaceEvent,
    reason: str,
    by: Actor,
    today: dt.date,
    on: dt.date | None = None,
    until: dt.date | None = None,
    case: str = "",
) -> PlaceEvent:
    """Take an event back or, with `on`, say it anew with other days. Nothing is rewritten.

    The nights are those of the history without what was wrong. Raises `PlaceRefused` where what
    was said later rests on it: that has to be corrected first.
    """
    if not reason.strip():
        raise PlaceRefused("Say why the history was wrong.", field="reason")
    place = keep(event.place, by)
    if PlaceEvent.objects.filter(corrects=event).exists():
        raise PlaceRefused("This was corrected already: correct the correction.")
    first = _first(event)
    if on is None and first.kind == PlaceEventKind.OPENED:
        raise PlaceRefused("Say anew when the place opened, or close it.")
    if on is not None and first.kind not in MAY_COME:
        refuse_future(on, today, "what happened has a day that is over, or today")
    if until is not None and until <= (on or event.on):
        raise PlaceRefused(
            "Give an end that is a night or more after the beginning.", field="until"
        )
    correction = PlaceEvent.objects.create(
        place=place,
        kind=PlaceEventKind.CORRECTED,
        on=on or event.on,
        until=until,
        case=case,
        reason=reason,
        corrects=event,
        is_anew=on is not None,
        made_by=by if isinstance(by, User) else None,
        system="" if isinstance(by, User) else str(by),
    )
    _replay_into(place, by=by, today=today)
    states(place.service, by)
    record(
        "place.corrected",
        place.service,
        by=by,
        organisation=place.service.provider.organisation,
        place=place.label,
        event=first.get_kind_display(),
        reason=reason,
    )
    return correction


def _first(event: PlaceEvent) -> PlaceEvent:
    """What was said at first, below any corrections of it."""
    while event.corrects is not None:
        event = event.corrects
    return event


def _replay_into(place: Place, *, by: Actor, today: dt.date) -> None:
    """Make the nights of a locked place those of its history."""
    try:
        history = history_of(place)
    except HistoryRefused as refused:
        raise PlaceRefused(f"{place} cannot be corrected so. {refused}") from refused
    ledger = Ledger(place, by=by, today=today, since=dt.date.min)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS place_has_one_thing_a_night DEFERRED")
        ledger.become(history)
        cursor.execute("SET CONSTRAINTS place_has_one_thing_a_night IMMEDIATE")
    if (place.opened_on, place.closed_on) != (history.opened_on, history.closed_on):
        place.opened_on, place.closed_on = history.opened_on, history.closed_on
        place.save(update_fields=["opened_on", "closed_on"])
