"""The parts of a needs assessment as values: what is typed, what is kept, what is shown."""

from dataclasses import dataclass
from decimal import Decimal

from commissioning.rules.bullseye import Estimate
from commissioning.rules.capacity import Capacity


@dataclass(frozen=True, kw_only=True)
class RingFigure:
    """A ring of the bullseye for one area, with its interval where it is an estimate."""

    partnership: int
    ring: str
    value: int
    lower: int | None = None
    upper: int | None = None
    source: str

    @property
    def estimate(self) -> Estimate:
        return Estimate(value=self.value, lower=self.lower, upper=self.upper)


@dataclass(frozen=True, kw_only=True)
class GroupFigure:
    """What is known of one group of people; any of it may be missing."""

    group: str
    estimate: int | None = None
    in_treatment: int | None = None
    source: str = ""
    need: str = ""

    @property
    def says_something(self) -> bool:
        return bool(self.need or self.source) or not self.estimate is self.in_treatment is None


@dataclass(frozen=True, kw_only=True)
class HarmValue:
    """A local figure beside a national comparator, in the comparator's unit."""

    comparator: str
    value: Decimal
    source: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """What service users or carers said, and how they were asked."""

    of: str
    said: str
    how_asked: str


@dataclass(frozen=True, kw_only=True)
class FoundGap:
    """Something needed and not there, and the framework item it belongs to, if any."""

    text: str
    item: str | None = None


@dataclass(frozen=True, kw_only=True)
class CapacityInput:
    """From need to capacity for one intervention."""

    intervention: str
    need: int
    penetration: Decimal
    weeks: Decimal
    occupancy: Decimal
    source: str = ""

    @property
    def worked(self) -> Capacity:
        return Capacity(
            need=self.need,
            penetration=self.penetration,
            weeks=self.weeks,
            occupancy=self.occupancy,
        )
