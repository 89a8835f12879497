"""How many waited how many days, from which every median, percentile and threshold is exact."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from typing import Self


@dataclass(frozen=True)
class Distribution:
    """Counts by day, in order of days. Those of areas add up to that of the wider area."""

    counts: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> Self:
        """From day → count. Raises `ValueError` when a count is negative."""
        if any(count < 0 for count in counts.values()):
            raise ValueError("A count is not negative.")
        return cls(tuple(sorted((day, count) for day, count in counts.items() if count)))

    @classmethod
    def together(cls, parts: Iterable["Distribution"]) -> Self:
        """The distribution of several areas or periods taken as one."""
        counts: dict[int, int] = {}
        for part in parts:
            for day, count in part.counts:
                counts[day] = counts.get(day, 0) + count
        return cls.of(counts)

    @cached_property
    def total(self) -> int:
        return sum(count for _, count in self.counts)

    @cached_property
    def days(self) -> int:
        """All the days waited, added up."""
        return sum(day * count for day, count in self.counts)

    @cached_property
    def squares(self) -> int:
        """The sum of the squared days, for limits of the mean."""
        return sum(day * day * count for day, count in self.counts)

    @property
    def mean(self) -> Fraction | None:
        return Fraction(self.days, self.total) if self.total else None

    @property
    def shortest(self) -> int | None:
        return self.counts[0][0] if self.counts else None

    @property
    def longest(self) -> int | None:
        return self.counts[-1][0] if self.counts else None

    def at_most(self, days: int) -> int:
        """How many waited so many days or fewer."""
        return sum(count for day, count in self.counts if day <= days)

    def at_least(self, days: int) -> int:
        """How many waited so many days or more."""
        return sum(count for day, count in self.counts if day >= days)

    def place(self, rank: int) -> int:
        """The days of whoever is in this place when all stand in order, 1 being the shortest."""
        if not 1 <= rank <= self.total:
            raise ValueError(f"There is no place {rank} among {self.total}.")
        sums = accumulate(count for _, count in self.counts)
        return next(
            day for (day, _), up_to in zip(self.counts, sums, strict=True) if up_to >= rank
        )

    @property
    def median(self) -> Fraction | None:
        """The middle one, or half-way between the two in the middle; none of nobody."""
        if not self.total:
            return None
        low, high = self.place((self.total + 1) // 2), self.place(self.total // 2 + 1)
        return Fraction(low + high, 2)

    def percentile(self, percent: int) -> int | None:
        """The fewest days within which at least this share had been seen; none of nobody.

        The nearest-rank percentile, as `percentile_disc` has it in SQL.
        """
        if not 0 < percent <= 100:  # noqa: PLR2004  # per cent
            raise ValueError("A percentile lies above 0 and up to 100.")
        if not self.total:
            return None
        return self.place(max(1, -(-percent * self.total // 100)))
