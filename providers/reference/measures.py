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


MEASURES: tuple[Measure, ...] = (
    Measure("WAIT-FIRST-ALL", "First waits within target"),
    Measure("WAIT-NEXT-ALL", "Subsequent waits within target"),
    Measure("RET-NEW", "Retained twelve weeks, of new journeys"),
    Measure("RET-DISCHARGED", "Retained twelve weeks, of those discharged"),
    Measure("EXIT-PLANNED-2006", "Planned exits"),
    Measure("CARE-PLAN", "Care plan in place"),
    Measure("TIER4-COMPLETED", "Tier 4 treatment completed"),
    Measure("IN-TREATMENT", "People in treatment", unit="count"),
    Measure(PLACES, "Contracted places used"),
)
BY_CODE: Mapping[str, Measure] = {one.code: one for one in MEASURES}
