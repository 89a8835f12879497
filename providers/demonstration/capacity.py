"""What a service can take, and how full it was through the year: places with their histories.

The mass is written at once. What was said is told as the rules take it up, and the nights that are
taken follow from replaying it, so both agree as if each event had been said on its own.
"""

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from providers.choices import OccupancyKind, PlaceKind, SexTaken
from providers.demonstration.rows import keys_for, write_rows
from providers.demonstration.stays import POOLS, Course, Simulation, Unit
from providers.demonstration.telling import Teller, Told
from providers.models import Occupancy, Place, PlaceEvent
from providers.rules.place_history import replay
from providers.rules.spells import NIGHT
from providers.services.places.locked import written

FIRST_NIGHT = dt.date(2006, 4, 1)
IN_OWN_REGION = 0.65  # of people in a bed, those who live in the service's region [B]
IN_BLOCK = 0.86  # of those in a bed of a block, whom one of its partnerships sent [B]
HOLDS, BOOKINGS = 26, 90
CORRECTED = 4
WEEKS_BOOKED = 12
BEYOND = "A mother came with her newborn: a cot room is used until the family room falls free."


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """Places of one kind at a service. `near`: the partnerships round about, by their keys;
    `block`: those that bought the first `sold` places together.

    `later`: so many of them opened in October only; `closed`: so many more closed in December.
    `kept`: the numbers of those that stay free, for what people do themselves.
    """

    service: int
    kind: PlaceKind
    pool: str
    number: int
    label: str
    favour: float = 1.0
    sex: SexTaken = SexTaken.ANY
    accessible: int = 0
    near: Sequence[int] = ()
    block: Sequence[int] = ()
    sold: int = 0
    later: int = 0
    closed: int = 0
    beyond: bool = False
    kept: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Bed:
    """One place about to be opened."""

    of: Capacity
    number: int
    opened_on: dt.date = FIRST_NIGHT
    closed_on: dt.date | None = None
    overbooked_for: str = ""

    @property
    def is_kept(self) -> bool:
        return self.number in self.of.kept

    def row(self, key: int) -> Mapping[str, Any]:
        of = self.of
        label = f"{of.label} {self.number}"
        return {
            "id": key,
            "service_id": of.service,
            "label": f"{label}, beyond capacity" if self.overbooked_for else label,
            "kind": of.kind.value,
            "sex": of.sex.value,
            "is_accessible": self.number <= of.accessible,
            "overbooked_for": self.overbooked_for,
            "opened_on": self.opened_on,
            "closed_on": self.closed_on,
        }


@dataclass
class Written:
    """How much was written."""

    places: int = 0
    events: int = 0
    nights: int = 0
    tellers: list[Teller] = field(default_factory=list)


def write_capacity(
    capacities: Sequence[Capacity],
    *,
    everywhere: Sequence[int],
    holders: Sequence[int],
    today: dt.date,
    now: dt.datetime,
    system: str,
    seed: int,
) -> Written:
    """Open the places, tell what happened in each up to `today`, and write it all.

    `everywhere` are the keys of all partnerships, `holders` of those that hold beds tonight; `now`
    is the instant that the last of it was said.
    """
    rng = random.Random(f"capacity {seed}")  # noqa: S311 (not a secret)
    beds = [bed for one in capacities for bed in _beds(one)]
    courses = _courses(beds, today, rng)
    tellers = [
        _told(bed, courses.get(at, Course()), everywhere, today, rng)
        for at, bed in enumerate(beds)
    ]
    _look_ahead(beds, tellers, holders, today=today, now=now, rng=rng)
    made = Written(tellers=tellers)
    keys = keys_for(Place, len(beds))
    made.places = write_rows(Place, (bed.row(key) for key, bed in zip(keys, beds, strict=True)))
    told = list(_keyed(tellers))
    made.events = write_rows(
        PlaceEvent,
        (
            _event(one, key, today=today, now=now, system=system)
            for key, events in zip(keys, told, strict=True)
            for one in events
        ),
    )
    made.nights = write_rows(
        Occupancy,
        (
            row
            for key, events in zip(keys, told, strict=True)
            for row in nights_of(key, events, today=today)
        ),
    )
    return made


def _beds(one: Capacity) -> Iterator[Bed]:
    autumn, winter = dt.date(2006, 10, 2), dt.date(2006, 12, 1)
    for number in range(1, one.number + 1):
        late = number > one.number - one.later
        yield Bed(of=one, number=number, opened_on=autumn if late else FIRST_NIGHT)
    for number in range(one.number + 1, one.number + one.closed + 1):
        yield Bed(of=one, number=number, closed_on=winter)
    if one.beyond:
        opened = dt.date(2007, 2, 1)
        yield Bed(of=one, number=one.number + 1, opened_on=opened, overbooked_for=BEYOND)


def _courses(beds: Sequence[Bed], today: dt.date, rng: random.Random) -> dict[int, Course]:
    """Each pool is filled as a whole, so that England is as full as it was."""
    found: dict[int, Course] = {}
    for name, pool in POOLS.items():
        units = [
            Unit(at, bed.of.favour, bed.opened_on, bed.closed_on)
            for at, bed in enumerate(beds)
            if bed.of.pool == name and not bed.overbooked_for and not bed.is_kept
        ]
        found |= Simulation(pool, units, rng).run(FIRST_NIGHT, today)
    return found


def _told(
    bed: Bed, course: Course, everywhere: Sequence[int], today: dt.date, rng: random.Random
) -> Teller:
    teller = Teller(bed.opened_on, beds=bed.of.kind is PlaceKind.BED, rng=rng)
    if bed.overbooked_for:
        teller.told[0] = Told(said=teller.told[0].said, reason=bed.overbooked_for)
        teller.admit(bed.opened_on, until=today + 12 * NIGHT, partnership=rng.choice(everywhere))
        return teller
    teller.course(course, _senders(bed, everywhere, rng))
    if bed.closed_on is not None:
        teller.close(bed.closed_on)
    return teller


def _senders(bed: Bed, everywhere: Sequence[int], rng: random.Random) -> list[int]:
    """Who sent the people in a bed, in turn; nobody in particular for other places."""
    of = bed.of
    if of.kind is not PlaceKind.BED:
        return list(of.near)
    found = []
    for _ in range(12):
        luck = rng.random()
        if bed.number <= of.sold and luck < IN_BLOCK:
            found.append(rng.choice(of.block))
        elif of.near and luck < IN_OWN_REGION:
            found.append(rng.choice(of.near))
        else:
            found.append(rng.choice(everywhere))
    return found


def _look_ahead(
    beds: Sequence[Bed],
    tellers: Sequence[Teller],
    holders: Sequence[int],
    *,
    today: dt.date,
    now: dt.datetime,
    rng: random.Random,
) -> None:
    """Holds and bookings of nights to come, and a few corrections of what was said."""
    houses = [
        teller
        for bed, teller in zip(beds, tellers, strict=True)
        if bed.of.pool == "rehabilitation" and not bed.closed_on and not bed.is_kept
    ]
    for teller in rng.sample([one for one in houses if one.is_free], HOLDS):
        start = today + rng.choice((0, 1, 3, 7)) * NIGHT
        teller.hold(
            (start, start + WEEKS_BOOKED * 7 * NIGHT),
            partnership=rng.choice(holders),
            case=f"H-{rng.randrange(100, 999)}",
            until=now + dt.timedelta(hours=rng.randint(6, 46)),
        )
    leaving = [
        (teller, day)
        for teller in houses
        if (day := teller.leaves_on) and today < day < today + 35 * NIGHT
    ]
    for teller, day in rng.sample(leaving, min(BOOKINGS, len(leaving))):
        start = day + rng.choice((0, 1, 4)) * NIGHT
        teller.book(
            (start, start + WEEKS_BOOKED * 7 * NIGHT),
            partnership=rng.choice(holders),
            case=f"B-{rng.randrange(100, 999)}",
        )
    for teller in houses[:: len(houses) // CORRECTED]:
        teller.correct_last_departure()


def _keyed(tellers: Iterable[Teller]) -> Iterator[list[Told]]:
    """What was told of each place, under the keys its events will have."""
    tellers = list(tellers)
    keys = iter(keys_for(PlaceEvent, sum(len(one.told) for one in tellers)))
    for teller in tellers:
        own = [next(keys) for _ in teller.told]
        yield [one.keyed(own) for one in teller.told]


def _event(
    told: Told, place: int, *, today: dt.date, now: dt.datetime, system: str
) -> Mapping[str, Any]:
    """The row of an event. What was said of nights to come was said just now."""
    said = told.said
    ago = max((today - said.on).days, 0)
    return {
        "id": said.key,
        "place_id": place,
        "kind": said.kind.value,
        "on": said.on,
        "until": said.until,
        "about_id": said.about,
        "partnership_id": said.partnership,
        "held_until": said.held_until,
        "case": said.case,
        "move_on": told.move_on,
        "reason": told.reason,
        "corrects_id": said.corrects,
        "is_anew": said.is_anew,
        "made_at": now - dt.timedelta(days=ago, minutes=5 + said.key % 300),
        "system": system,
    }


def nights_of(place: int, told: Sequence[Told], *, today: dt.date) -> Iterator[Mapping[str, Any]]:
    """The rows of the nights on which a place is not free, as its history leaves them."""
    history = replay(one.said for one in told)
    nights = history.nights(today=today)
    for spell in history.spells:
        yield {
            "place_id": place,
            "began_id": spell.began,
            **written(spell, nights[spell.began]),
            "kind": OccupancyKind(spell.use.value).value,
        }
