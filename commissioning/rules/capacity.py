"""From need to capacity: how many starts and places an intervention takes in a year.

need × penetration = starts; starts × weeks of stay ÷ 52 ÷ occupancy = places. Every part of a
person or a place is rounded up: one that is missing is missing.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from commissioning.kernel.words import count

WEEKS_IN_A_YEAR = 52
WHOLE = 100  # per cent


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """What one intervention is worked out from.

    `need` people could benefit; `penetration` per cent of them are to start in the year, for
    `weeks` each, in places that are `occupancy` per cent full.
    """

    need: int
    penetration: Decimal
    weeks: Decimal
    occupancy: Decimal

    @property
    def starts(self) -> int:
        """People to start in the year."""
        return math.ceil(self.need * Fraction(self.penetration) / WHOLE)

    @property
    def places(self) -> int:
        """Places that so many starts fill through a year."""
        weeks = self.starts * Fraction(self.weeks)
        return math.ceil(weeks / WEEKS_IN_A_YEAR / (Fraction(self.occupancy) / WHOLE))

    @property
    def starts_sum(self) -> str:
        """420 people × 60% = 252 starts."""
        reached = f"{count(self.need)} people × {_plain(self.penetration)}%"
        return f"{reached} = {count(self.starts)} starts"

    @property
    def places_sum(self) -> str:
        """252 × 12 weeks ÷ 52 ÷ 85% = 69 places."""
        return (
            f"{count(self.starts)} × {_plain(self.weeks)} weeks ÷ {WEEKS_IN_A_YEAR}"
            f" ÷ {_plain(self.occupancy)}% = {count(self.places)} places"
        )

    @property
    def arithmetic(self) -> str:
        """Both sums, as one follows them."""
        return f"{self.starts_sum}; {self.places_sum}"


def compared(needed: int, held: int | None) -> str:
    """What a plan's lines hold beside what is needed: “short by 42”, “3 more than needed”."""
    if held is None:
        return "Nothing planned"
    if held == needed:
        return "As needed"
    if held < needed:
        return f"Short by {count(needed - held)}"
    return f"{count(held - needed)} more than needed"


def _plain(number: Decimal) -> str:
    """12.00 as 12, 12.50 as 12.5."""
    return f"{number.normalize():f}"
