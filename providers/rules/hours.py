"""Opening hours as people write them: `9:00–17:00`, `9 to 12.30 and 14 to 20`. Pure."""

import datetime as dt
import re

from commissioning.kernel.errors import DomainError
from commissioning.rules.tiers import OpeningHours

_TIME = r"(\d{1,2})(?:[:.](\d{2}))?"
_SPAN = re.compile(rf"\s*{_TIME}\s*(?:-|–|—|to|until)\s*{_TIME}\s*", re.ASCII | re.IGNORECASE)
_BETWEEN = re.compile(r",|;|\band\b|&", re.IGNORECASE)


class NotHours(DomainError):
    """What was typed says no opening hours."""


def read_hours(typed: str, *, weekday: int) -> list[OpeningHours]:
    """The openings of one weekday (0 is Monday) in 24-hour time; nothing typed is closed.

    Midnight at the end of a day is 24:00, kept as 23:59. Raises `NotHours`.
    """
    if not typed.strip():
        return []
    return [_opening(part, weekday) for part in _BETWEEN.split(typed)]


def written_hours(openings: list[OpeningHours]) -> str:
    """The openings of one day as they are read again."""
    return ", ".join(f"{one.opens:%H:%M}–{one.closes:%H:%M}" for one in openings)


def _opening(typed: str, weekday: int) -> OpeningHours:
    found = _SPAN.fullmatch(typed)
    if found is None:
        raise NotHours(f"“{typed.strip()}” is no opening. Write it as 9:00–17:00.")
    return OpeningHours(weekday, _time(found[1], found[2]), _time(found[3], found[4]))


def _time(hour: str, minute: str | None) -> dt.time:
    if (hour, minute or "00") == ("24", "00"):
        return dt.time(23, 59)
    try:
        return dt.time(int(hour), int(minute or 0))
    except ValueError as wrong:
        raise NotHours(f"There is no time {hour}:{minute or '00'}.") from wrong
