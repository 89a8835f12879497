"""When a place is likely to fall free: from planned departures and how long people stay. Pure.

Every stay that goes on has, for each day to come, a chance to be over by then. It follows from
how long the service's own past stays lasted among those that lasted at least as long as this one
already has (empirical survival). A planned departure is one more thing known: people leave
before it as past stays did, and of those still there on the day itself all but the share that
usually stays on leave. Stays end independently of each other, so the chance that at least one of
several places is free on a day is one less the product of the chances that each is not.
"""

import bisect
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WEEKS = 8
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Lengths:
    """How long stays last, nights. `past`: sorted; where there are too few, `assumed` is the
    mean of stays that end with the same chance every day."""

    past: Sequence[int]
    assumed: int
    needed: int

    @property
    def is_assumed(self) -> bool:
        return len(self.past) < self.needed

    def still_there(self, stayed: int, after: int) -> float:
        """The chance that who has stayed so many nights is still there so many days later."""
        if after <= 0:
            return 1.0
        if self.is_assumed:
            return math.exp(-after / self.assumed)
        longer = len(self.past) - bisect.bisect_right(self.past, stayed)
        if not longer:  # longer than anybody before: as if it ended with the same chance daily
            return math.exp(-after / max(self.past[-1], 1))
        return (len(self.past) - bisect.bisect_right(self.past, stayed + after)) / longer


@dataclass(frozen=True)
class Stay:
    """Somebody in a place since a day; `leaves`: when they mean to go, if they said so."""

    since: dt.date
    leaves: dt.date | None = None


@dataclass(frozen=True)
class Place:
    """One place: free tonight, or with a stay in it; `taken` are nights that are spoken for."""

    stay: Stay | None = None
    taken: Sequence[tuple[dt.date, dt.date | None]] = ()


def chance_gone(stay: Stay, on: dt.date, today: dt.date, lengths: Lengths) -> float:
    """The chance that a stay is over by the day `on`, which is after today."""
    if stay.leaves is not None and today < stay.leaves <= on:
        return 1.0
    stayed = max((today - stay.since).days, 0)
    return 1.0 - lengths.still_there(stayed, (on - today).days)


def chance_free(place: Place, on: dt.date, today: dt.date, lengths: Lengths) -> float:
    """The chance that the place is free on the night `on`."""
    for start, until in place.taken:
        if start <= on and (until is None or on < until):
            return 0.0
    if place.stay is None:
        return 1.0
    return 0.0 if on <= today else chance_gone(place.stay, on, today, lengths)


@dataclass(frozen=True)
class Night:
    """One night to come: the chance of at least one free place, and how many are expected."""

    on: dt.date
    chance: float
    expected: float


def projected(
    places: Sequence[Place], *, today: dt.date, lengths: Lengths, weeks: int = WEEKS
) -> list[Night]:
    """Every night from tomorrow over so many weeks."""
    nights = []
    for ahead in range(1, weeks * 7 + 1):
        on = today + ahead * DAY
        chances = [chance_free(one, on, today, lengths) for one in places]
        none_free = math.prod(1.0 - one for one in chances)
        nights.append(Night(on=on, chance=1.0 - none_free, expected=math.fsum(chances)))
    return nights


def first_likely(nights: Sequence[Night], percent: int) -> Night | None:
    """The first night on which a free place is at least so likely; None within the time shown."""
    return next((one for one in nights if one.chance * 100 >= percent), None)


def lengths_by_kind(
    past: Mapping[str, Sequence[int]], assumed: Mapping[str, int], *, needed: int
) -> dict[str, Lengths]:
    """How long people stay in each kind of place."""
    return {
        kind: Lengths(sorted(past.get(kind, ())), days, needed) for kind, days in assumed.items()
    }
