"""What is asked of the search for a place, by whom and when."""

import datetime as dt
from dataclasses import dataclass

from commissioning.models import Partnership
from providers.selectors.register.search import (
    Asked,
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Nights from `start` to before `until`, and what is asked of the service."""

    start: dt.date
    until: dt.date
    intervention: str
    service: Asked
    with_full: bool = False  # those without a free place too

    @property
    def nights(self) -> int:
        return (self.until - self.start).days


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who asks and when: `now` is the real time, `fresh_hours` after which a board is unknown."""

    now: dt.datetime
    fresh_hours: int
    partnership: Partnership | None
    centre: Partnership | None
    on: dt.date
