"""What a contract's performance schedule may measure: indicators by code, and its own places.

The codes are those of the indicators above, which a test there compares.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

PLACES = "places"


@dataclass(frozen=True)
class Measure:
    """A measure: its words, whether more of it is better, and how its value is written."""

    code: str
    title: str
    unit: Literal["share", "count"] = "share"
    more_is_better: bool = True


MEASURES: tuple[Measure, ...] = ()
BY_CODE: Mapping[str, Measure] = {}
