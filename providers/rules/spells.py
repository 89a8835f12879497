"""The nights on which a place is not free, and why: its spells. Pure.

Nights are half-open: the last day of a spell is the day the place is free again.
"""

import datetime as dt
from dataclasses import dataclass, field, replace
from enum import StrEnum

from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import day

NIGHT = dt.timedelta(days=1)


def night_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The one night that begins on a day: its day, and the day on which it is over."""
    return day, day + NIGHT


class Use(StrEnum):
    """Why a place is not free."""

    HELD = "HELD"
    BOOKED = "BOOKED"
    OCCUPIED = "OCCUPIED"
    OUT_OF_SERVICE = "OUT_OF_SERVICE"


# Such a spell runs on past its planned end until somebody says that it ended.
RUNS_ON = frozenset({Use.OCCUPIED, Use.OUT_OF_SERVICE})
_SAID = {
    Use.HELD: "held",
    Use.BOOKED: "booked",
    Use.OCCUPIED: "taken",
    Use.OUT_OF_SERVICE: "out of service",
}


class HistoryRefused(DomainError):
    """What is said does not follow from what was said before; the message says why."""


class Taken(HistoryRefused):
    """The nights are not free. `free_from`: the first night that is, None if nobody knows."""

    def __init__(self, sentence: str, *, free_from: dt.date | None) -> None:
        super().__init__(sentence)
        self.free_from = free_from


@dataclass(frozen=True, kw_only=True)
class Spell:
    """Nights from `start`. `until`: the planned end, or the real one once `is_ended`."""

    began: int
    use: Use
    start: dt.date
    until: dt.date | None
    is_ended: bool = False
    partnership: int | None = None
    case: str = ""
    held_until: dt.datetime | None = None

    @property
    def awaits_word(self) -> bool:
        return self.use in RUNS_ON and not self.is_ended

    @property
    def said(self) -> str:
        """What the place is meanwhile: held, taken."""
        return _SAID[self.use]

    def why_taken(self, start: dt.date) -> str:
        """Why nobody else has its nights from `start`."""
        since = day(max(self.start, start))
        if self.until is None:
            return f"It is {self.said} from {since} until something else is said."
        return f"It is {self.said} from {since} to {day(self.until)}."

    def meets(self, start: dt.date, until: dt.date | None) -> bool:
        """Whether it shares a night with those from `start` to before `until`."""
        return (until is None or self.start < until) and (self.until is None or start < self.until)


@dataclass(frozen=True, kw_only=True)
class History:
    """A place as its history leaves it: when it is open, and its spells by their first night."""

    opened_on: dt.date
    closed_on: dt.date | None = None
    spells: tuple[Spell, ...] = field(default=())

    def spell(self, began: int | None) -> Spell:
        """The spell that began with this event. Raises `HistoryRefused` when it is no more."""
        for one in self.spells:
            if one.began == began:
                return one
        raise HistoryRefused("What this is about was released or taken back.")

    def free_from(self, start: dt.date) -> dt.date | None:
        """The first night from `start` on which nothing is; None when nobody knows one."""
        night = start
        for one in self.spells:
            if one.meets(night, night + NIGHT):
                if one.until is None:
                    return None
                night = one.until
        return None if self.closed_on is not None and night >= self.closed_on else night

    def nights(self, *, today: dt.date) -> dict[int, tuple[dt.date, dt.date | None]]:
        """The nights of each spell as they stand today, by the event with which it began.

        Who should have left and of whom nobody said so is here tonight too, unless the next
        spell or the closing of the place stands in the way: that is for people to sort out.
        """
        found: dict[int, tuple[dt.date, dt.date | None]] = {}
        following = self.closed_on
        for one in reversed(self.spells):
            until = one.until
            if one.awaits_word and until is not None and until <= today:
                tonight = today + NIGHT
                until = tonight if following is None else max(until, min(following, tonight))
            found[one.began] = (one.start, until)
            following = one.start
        return found

    def as_of(self, today: dt.date) -> "History":
        """The same with each spell as long as it stands today; to see what is free."""
        nights = self.nights(today=today)
        return replace(
            self, spells=tuple(replace(one, until=nights[one.began][1]) for one in self.spells)
        )

    def free(self, start: dt.date, until: dt.date | None, *, but: int | None = None) -> None:
        """Raise `Taken` when a spell other than `but` has a night of these."""
        if start < self.opened_on:
            raise HistoryRefused(f"The place opened on {day(self.opened_on)}.")
        if self.closed_on is not None and (until is None or until > self.closed_on):
            raise HistoryRefused(f"The place closes on {day(self.closed_on)}.")
        for one in self.spells:
            if one.began != but and one.meets(start, until):
                raise Taken(one.why_taken(start), free_from=self.free_from(start))

    def with_spell(self, spell: Spell) -> "History":
        others = [one for one in self.spells if one.began != spell.began]
        ordered = sorted([*others, spell], key=lambda one: (one.start, one.began))
        return replace(self, spells=tuple(ordered))

    def without(self, spell: Spell) -> "History":
        return replace(self, spells=tuple(one for one in self.spells if one != spell))
