"""A place held under lock: what is said of it is checked, kept, and its nights follow.

Every deed on a place locks its row first, checks against the nights that stand, and then writes;
the exclusion constraint behind it is the backstop and not the method. Whoever waits longer than
`lock_timeout` for the row is told to try again.
"""

import datetime as dt
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from psycopg.types.range import DateRange

from commissioning.kernel.clock import technical_now
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import day
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.scoping import Actor, System
from commissioning.services.refusals import refused_when_late
from providers.choices import PlaceEventKind
from providers.models import Occupancy, Place, PlaceEvent
from providers.rules.place_history import Kind, Said, take_up
from providers.rules.spells import History, HistoryRefused, Spell, Taken, Use

PENDING = 0  # stands for the event that is about to be written
BEGINNINGS = frozenset({Kind.HELD, Kind.BOOKED, Kind.ADMITTED, Kind.OUT_OF_SERVICE})
HOLDS = System("holds that end")
# Asked before every deed, and so as they are sent: to put a query together takes longer than to
# answer it. What stands is read once the lock is given; a reading beside it would be older.
LOCKED = "SELECT * FROM providers_place WHERE id = %s FOR NO KEY UPDATE"
STANDING = """
SELECT * FROM providers_occupancy WHERE place_id = %s AND (nights && %s OR NOT is_ended)
"""


class PlaceRefused(DomainError):
    """The deed makes no sense as the place stands; nothing was written."""


class PlaceTaken(PlaceRefused):
    """Somebody else has the place on one of the nights.

    `free_from`: the first night on which it is free, None when nobody knows one; `telephone`:
    whom to ring, the service's own number where it has one.
    """

    def __init__(self, sentence: str, *, free_from: dt.date | None, telephone: str) -> None:
        super().__init__(sentence)
        self.free_from = free_from
        self.telephone = telephone


def patiently() -> AbstractContextManager[None]:
    """A lock that is not given in time is a refusal, not a fault."""
    return refused_when_late(
        "Somebody else is changing this place. Nothing was written: try again in a moment.",
        error=PlaceRefused,
    )


def lock_places(keys: set[int]) -> dict[int, Place]:
    """The places, locked in the order of their numbers, each with its service."""
    rows = Place.objects.filter(pk__in=keys).select_related("service").order_by("pk")
    with patiently():
        return {one.pk: one for one in rows.select_for_update(no_key=True, of=("self",))}


def lock_place(place: Place) -> Place:
    """The place as it stands, locked until the transaction ends; its service as it was read."""
    with patiently():
        (held,) = Place.objects.raw(LOCKED, [place.pk])
    if Place.service.is_cached(place):
        held.service = place.service
    return held


def nights_range(start: dt.date, until: dt.date | None) -> DateRange:
    return DateRange(start, until)


def spell_of(row: Occupancy) -> Spell:
    """What a row says, as the rules read it."""
    return Spell(
        began=row.began_id,
        use=Use(row.kind),
        start=row.nights.lower,
        until=row.nights.upper if row.is_ended else row.planned_until,
        is_ended=row.is_ended,
        partnership=row.partnership_id,
        case=row.case,
        held_until=row.held_until,
    )


def written(spell: Spell, nights: tuple[dt.date, dt.date | None]) -> dict[str, Any]:
    """The fields of the row that says the spell; the reverse of `spell_of`."""
    return {
        "nights": nights_range(*nights),
        "kind": spell.use.value,
        "planned_until": spell.until,
        "is_ended": spell.is_ended,
        "partnership_id": spell.partnership,
        "case": spell.case,
        "held_until": spell.held_until,
    }


class Ledger:
    """A locked place with the nights from `since` on, and what is said of it now."""

    def __init__(self, place: Place, *, by: Actor, today: dt.date, since: dt.date) -> None:
        self.place, self.by, self.today = place, by, today
        rows = Occupancy.objects.raw(STANDING, [place.pk, nights_range(since, None)])
        self.rows = {row.began_id: row for row in rows}
        self.history = History(
            opened_on=place.opened_on,
            closed_on=place.closed_on,
            spells=tuple(
                sorted(
                    (spell_of(row) for row in self.rows.values()),
                    key=lambda one: (one.start, one.began),
                )
            ),
        )
        self._release_what_ran_out()

    def _release_what_ran_out(self) -> None:
        """Holds that are over are nobody's, whether or not the sweeper came by already."""
        now = technical_now()
        for spell in self.history.spells:
            if spell.use is Use.HELD and spell.held_until and spell.held_until <= now:
                self.say(
                    Kind.RELEASED,
                    on=spell.start,
                    about=spell.began,
                    reason="The hold ran out.",
                    cause=f"hold-ended:{spell.began}",
                    by=HOLDS,
                )

    def said_before(self, kind: Kind, cause: str) -> PlaceEvent | None:
        """The event that the same cause brought about before."""
        if not cause:
            return None
        return PlaceEvent.objects.filter(place=self.place, kind=kind.value, cause=cause).first()

    def spell(self, began: int) -> Occupancy | None:
        return self.rows.get(began)

    def say(
        self,
        kind: Kind,
        *,
        on: dt.date,
        until: dt.date | None = None,
        about: int | None = None,
        by: Actor | None = None,
        cause: str = "",
        **more: Any,
    ) -> Occupancy | None:
        """Append an event and bring the nights up to it.

        Returns the row of the nights it is about, None when there are none any more. Raises
        `PlaceTaken` or `PlaceRefused`, and writes nothing, when it does not fit.
        """
        said = Said(
            key=PENDING,
            kind=kind,
            on=on,
            until=until,
            about=about,
            partnership=more.get("partnership_id"),
            case=more.get("case", ""),
            held_until=more.get("held_until"),
        )
        after = self._taken_up(said)
        by = by or self.by
        event = PlaceEvent.objects.create(
            place=self.place,
            kind=PlaceEventKind(kind.value),
            on=on,
            until=until,
            about_id=about,
            cause=cause,
            made_by=by if isinstance(by, User) else None,
            system="" if isinstance(by, User) else str(by),
            **more,
        )
        if about is None:
            after = replace(
                after,
                spells=tuple(
                    replace(one, began=event.pk) if one.began == PENDING else one
                    for one in after.spells
                ),
            )
        self.become(after)
        return self.rows.get(event.pk if about is None else about)

    def insist_free(self, start: dt.date, until: dt.date) -> None:
        """Raises `PlaceTaken` where somebody has one of the nights as they stand today."""
        try:
            self.history.as_of(self.today).free(start, until)
        except Taken as taken:
            raise self.taken(taken) from taken
        except HistoryRefused as refused:
            raise PlaceRefused(f"{self.place}: {refused}") from refused

    def _taken_up(self, said: Said) -> History:
        try:
            if said.kind in BEGINNINGS and (said.about is None or said.kind is Kind.ADMITTED):
                stands = self.history.as_of(self.today)
                stands.free(said.on, said.until or said.on + dt.timedelta(1), but=said.about)
            return take_up(self.history, said)
        except Taken as taken:
            raise self.taken(taken) from taken
        except HistoryRefused as refused:
            raise PlaceRefused(f"{self.place}: {refused}") from refused

    def taken(self, taken: Taken) -> PlaceTaken:
        """The sentence for whoever came too late: what is there, until when, and whom to ring."""
        service = self.place.service
        falls_free = (
            f" It falls free on {day(taken.free_from)} at the earliest."
            if taken.free_from
            else " Nobody has said when it falls free."
        )
        ring = f" Ring {service} on {service.telephone}." if service.telephone else ""
        keepers = Permission.PLACES_KEEP
        if isinstance(self.by, User) and self.by.reach(keepers).covers(service.provider_id):
            ring = ""  # it is their own house
        return PlaceTaken(
            f"{self.place} is not free on these nights. {taken}{falls_free}{ring}",
            free_from=taken.free_from,
            telephone=service.telephone,
        )

    def become(self, after: History) -> None:
        """Write what differs between the nights that stand and those of a history."""
        nights = after.nights(today=self.today)
        wanted = {one.began: written(one, nights[one.began]) for one in after.spells}
        gone = [began for began in self.rows if began not in wanted]
        if gone:
            Occupancy.objects.filter(began__in=gone).delete()
            for began in gone:
                del self.rows[began]
        # Who grows shorter goes first, so that nobody stands on another's nights meanwhile.
        for began in sorted(wanted, key=lambda key: self._grows(key, nights[key])):
            fields = wanted[began]
            row = self.rows.get(began)
            if row is None:
                self.rows[began] = Occupancy.objects.create(
                    place=self.place, began_id=began, **fields
                )
                continue
            changed = [name for name, value in fields.items() if getattr(row, name) != value]
            if changed:
                for name in changed:
                    setattr(row, name, fields[name])
                row.save(update_fields=[name.removesuffix("_id") for name in changed])
        self.history = after

    def _grows(self, began: int, nights: tuple[dt.date, dt.date | None]) -> bool:
        row = self.rows.get(began)
        if row is None:
            return True
        start, until = nights
        longer = row.nights.upper is not None and (until is None or until > row.nights.upper)
        return longer or start < row.nights.lower
