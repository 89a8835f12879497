"""Who is in which place, night by night: stays drawn so that as many are taken as should be. Pure.

A free place goes to somebody when too few are taken; services that are in favour fill first. So
each pool of places is as full as it is meant to be on every night, while one house is full for
months and another half empty.
"""

import datetime as dt
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from providers.rules.spells import NIGHT

SWING = 0.005
REPAIRS = (
    ("Redecoration after a long stay", 9),
    ("A leak in the bathroom above", 16),
    ("New wiring on this corridor", 28),
    ("No waking night staff this fortnight", 14),
    ("Deep clean", 5),
)


@dataclass(frozen=True)
class Length:
    """How long somebody means to stay and stays, in nights. Without `planned` nobody plans it."""

    planned: int | None
    stayed: int


@dataclass(frozen=True)
class Unit:
    """A place of the pool: its service's favour, and from and until when it is open."""

    key: int
    favour: float
    opened_on: dt.date
    closed_on: dt.date | None = None


@dataclass(frozen=True)
class Stay:
    """Nights of one person. `left`: when they left, where that was by the last day."""

    start: dt.date
    planned_until: dt.date | None
    left: dt.date | None


@dataclass(frozen=True)
class Outage:
    """Nights out of service. `back`: when it was back, where that was by the last day."""

    start: dt.date
    until: dt.date
    back: dt.date | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Pool:
    """How a kind of place is used: `taken` of those in service, `out` of those open."""

    length: Callable[[random.Random], Length]
    taken: float
    out: float


@dataclass
class Course:
    """What became of one place, in order."""

    stays: list[Stay] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)


class Simulation:
    """A pool of places through the days of a year."""

    def __init__(self, pool: Pool, units: Sequence[Unit], rng: random.Random) -> None:
        self.pool, self.rng = pool, rng
        self.units = {one.key: one for one in units}
        self.courses = {one.key: Course() for one in units}
        # Until when each is taken or out; those that stand in neither are free.
        self.leaving: dict[int, tuple[dt.date, Stay]] = {}
        self.repaired: dict[int, tuple[dt.date, Outage]] = {}

    def run(self, first: dt.date, last: dt.date) -> dict[int, Course]:
        """From the first night to the last, by which all is said that was to be said."""
        night = first
        while night <= last:
            self._end(night)
            there = [one for one in self.units.values() if _is_open(one, night)]
            free = [
                one.key
                for one in there
                if one.key not in self.leaving and one.key not in self.repaired
            ]
            free = self._take_out(free, len(there), night)
            in_service = len(there) - sum(1 for key in self.repaired if key in self.units)
            wanted = round(in_service * (self.pool.taken + season(night))) - len(self.leaving)
            for key in self._chosen(free, wanted):
                self._admit(key, night, is_first=night == first)
            night += NIGHT
        self._close()
        return self.courses

    def _end(self, night: dt.date) -> None:
        for key in [key for key, (until, _) in self.leaving.items() if until <= night]:
            until, stay = self.leaving.pop(key)
            self.courses[key].stays.append(Stay(stay.start, stay.planned_until, until))
        for key in [key for key, (until, _) in self.repaired.items() if until <= night]:
            until, out = self.repaired.pop(key)
            self.courses[key].outages.append(Outage(out.start, out.until, until, out.reason))

    def _take_out(self, free: list[int], number: int, night: dt.date) -> list[int]:
        """A few places go out of service, while nobody is in them."""
        missing = round(number * self.pool.out) - len(self.repaired)
        for key in self.rng.sample(free, min(max(missing, 0), len(free))):
            reason, nights = self.rng.choice(REPAIRS)
            until = night + nights * NIGHT
            late = self.rng.choice((0, 0, 0, 2, 5)) * NIGHT
            end = self._before_closing(key, until + late)
            self.repaired[key] = (end, Outage(night, min(until, end), None, reason))
        return [key for key in free if key not in self.repaired]

    def _chosen(self, free: list[int], wanted: int) -> list[int]:
        """Which of the free places are taken: drawn without repeating, by favour."""
        drawn = sorted(free, key=lambda key: -self._luck(self.units[key].favour))
        return drawn[: max(wanted, 0)]

    def _luck(self, favour: float) -> float:
        """The largest of such numbers are a draw by weight (Efraimidis and Spirakis, 2006)."""
        return float(self.rng.random() ** (1 / favour))

    def _admit(self, key: int, night: dt.date, *, is_first: bool) -> None:
        length = self.pool.length(self.rng)
        planned, stayed = length.planned, length.stayed
        if is_first:  # They came before; what is left of the stay.
            gone = self.rng.randrange(stayed)
            stayed, planned = stayed - gone, planned and max(1, planned - gone)
        until = self._before_closing(key, night + stayed * NIGHT)
        planned_until = None if planned is None else night + planned * NIGHT
        closing = self.units[key].closed_on
        if closing and planned_until and planned_until > closing:
            planned_until = closing
        self.leaving[key] = (until, Stay(night, planned_until, None))

    def _before_closing(self, key: int, until: dt.date) -> dt.date:
        closing = self.units[key].closed_on
        return until if closing is None else min(until, closing)

    def _close(self) -> None:
        """Who is still there on the last night, and what is still out."""
        for key, (_, stay) in self.leaving.items():
            self.courses[key].stays.append(stay)
        for key, (_, out) in self.repaired.items():
            self.courses[key].outages.append(out)


def season(night: dt.date) -> float:
    """What of the places more or less are taken at this time of the year [B]."""
    return SWING * math.sin(2 * math.pi * (night.toordinal() % 182) / 182)


def _is_open(unit: Unit, night: dt.date) -> bool:
    return unit.opened_on <= night and (unit.closed_on is None or night < unit.closed_on)


# --- how long people stay [B] -------------------------------------------------------------------
IN_FIRST_MONTH, BEFORE_PLANNED = 0.25, 0.42  # who leaves by then, of those in rehabilitation
DETOX_EARLY, DAY_EARLY = 0.3, 0.45  # who leaves before the end


def rehabilitation(rng: random.Random) -> Length:
    """Three or six months are planned; one in four leaves within a month, some a few days late."""
    planned = rng.choice((84, 84, 84, 112, 168, 182))
    luck = rng.random()
    if luck < IN_FIRST_MONTH:
        return Length(planned, rng.randint(2, 28))
    if luck < BEFORE_PLANNED:
        return Length(planned, rng.randint(29, planned - 8))
    return Length(planned, planned + rng.choice((-3, -1, 0, 0, 0, 0, 0, 1, 3)))


def detoxification(rng: random.Random) -> Length:
    """Ten days to three weeks."""
    planned = rng.choice((10, 12, 14, 14, 21))
    return Length(planned, rng.randint(2, planned) if rng.random() < DETOX_EARLY else planned)


def crisis(rng: random.Random) -> Length:
    planned = rng.choice((3, 5, 7))
    return Length(planned, max(1, planned + rng.choice((-2, -1, 0, 0, 1))))


def prescribing(rng: random.Random) -> Length:
    """From weeks to years; nobody plans an end beforehand."""
    return Length(None, max(7, round(rng.lognormvariate(5.4, 0.9))))


def day_programme(rng: random.Random) -> Length:
    planned = rng.choice((56, 84, 84, 112))
    return Length(planned, rng.randint(3, planned) if rng.random() < DAY_EARLY else planned)


def caseload(rng: random.Random) -> Length:
    return Length(None, max(7, round(rng.lognormvariate(4.8, 0.7))))


POOLS = {
    "rehabilitation": Pool(length=rehabilitation, taken=0.8375, out=0.006),
    "inpatient": Pool(length=detoxification, taken=0.86, out=0.03),
    "crisis": Pool(length=crisis, taken=0.7, out=0.03),
    "prescribing": Pool(length=prescribing, taken=0.93, out=0.0),
    "day_programme": Pool(length=day_programme, taken=0.82, out=0.0),
    "caseload": Pool(length=caseload, taken=0.88, out=0.0),
}
