"""In which order places are looked at: those that are paid for already come first. Pure."""

import datetime as dt
from collections.abc import Iterable
from enum import IntEnum

from providers.rules.spells import NIGHT


class Buying(IntEnum):
    """By what a partnership would buy a place; the first is looked at first."""

    OUR_BLOCK = 0
    CONSORTIUM = 1
    PREFERRED = 2
    FRAMEWORK = 3
    OTHER = 4

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Buying.OUR_BLOCK: "Our block",
    Buying.CONSORTIUM: "Our consortium's block",
    Buying.PREFERRED: "Preferred provider",
    Buying.FRAMEWORK: "Framework or spot contract",
    Buying.OTHER: "No contract",
}


def first_free(
    spells: Iterable[tuple[dt.date, dt.date | None]],
    *,
    start: dt.date,
    nights: int,
    opened_on: dt.date,
    closed_on: dt.date | None,
) -> dt.date | None:
    """The first day from `start` on which so many nights in a row are free; None if nobody knows
    one. `spells` are nights that are not, half-open; without an end until something is said.
    """
    day, length = max(start, opened_on), nights * NIGHT
    for begins, until in sorted(spells, key=lambda one: one[0]):
        if begins < day + length and (until is None or day < until):
            if until is None:
                return None
            day = until
    return None if closed_on is not None and day + length > closed_on else day
