"""The disclosure gate: exact counts of people in, what may be shown of them out.

The one place where counts are hidden and rounded, for page, chart, CSV, API and PDF. Hiding
small counts alone is not enough where totals are exact, so the current rule also rounds
everything; rates, limits and verdicts are worked out from rounded counts only. It covers people,
not pounds or beds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Self

from commissioning.rule_settings import EXACT, SuppressionRule
from reporting.rules import (
    Limits,
    Verdict,
    rounded,
    rounded_to_multiple,
    verdict,
    whole_percent,
    wilson,
)


class Sign(StrEnum):
    """What stands in a cell that is more, or less, than a figure."""

    FIGURE = ""
    ZERO = "0"
    SUPPRESSED = "*"
    MISSING = "–"
    NOT_APPLICABLE = "n/a"
    PROVISIONAL = "(p)"


@dataclass(frozen=True)
class Shown:
    """A cell as it is shown. Without a figure `value` is None and `sign` says why."""

    value: int | Decimal | None
    sign: Sign
    text: str
    provisional: bool = False

    @classmethod
    def without_figure(cls, sign: Sign) -> Self:
        return cls(None, sign, sign.value)

    @classmethod
    def figure(cls, value: int | Decimal, *, unit: str = "") -> Self:
        return cls(value, Sign.FIGURE, f"{value:,}{unit}")

    @property
    def is_figure(self) -> bool:
        return self.value is not None

    def as_provisional(self) -> Self:
        """The same cell, marked as one that may still change; an empty cell stays as it is."""
        if self.value is None or self.provisional:
            return self
        marked = f"{self.text} {Sign.PROVISIONAL.value}"
        return type(self)(self.value, self.sign, marked, provisional=True)

    def __str__(self) -> str:
        return self.text


SUPPRESSED = Shown.without_figure(Sign.SUPPRESSED)
MISSING = Shown.without_figure(Sign.MISSING)
NOT_APPLICABLE = Shown.without_figure(Sign.NOT_APPLICABLE)
NOBODY = Shown(0, Sign.ZERO, Sign.ZERO.value)

NATIONAL = SuppressionRule(code="NATIONAL", hide_to=0)


@dataclass(frozen=True)
class Gate:
    """What one suppression rule lets through.

    A count that is not known is given as None and shown as missing. Whoever belongs to the area
    or organisation passes `Gate.exact()`; England's totals pass `gate.national`.
    """

    rule: SuppressionRule

    @classmethod
    def exact(cls) -> Self:
        """The gate for those whose own figures they are: nothing is hidden or rounded."""
        return cls(EXACT)

    @property
    def national(self) -> "Gate":
        """The gate for England's totals, which are exact; one person's figure stays hidden."""
        return Gate(NATIONAL)

    def hides(self, count: int) -> bool:
        """Whether so few people are not to be shown."""
        if count < 0:
            raise ValueError("A count of people is not negative.")
        return 1 <= count <= self.rule.hide_to

    def count(self, people: int | None) -> Shown:
        """A count or a total: hidden when small, otherwise rounded by the rule."""
        if people is None:
            return MISSING
        if self.hides(people):
            return SUPPRESSED
        return Shown.figure(self._rounded(people)) if people else NOBODY

    def pair(self, numerator: int | None, denominator: int | None) -> tuple[int, int] | None:
        """The released numerator and denominator, when a rate may be made of them.

        Everything that is derived from two counts (rate, limits, verdict, sort order, chart) is
        made from this. None when either is missing or hidden, or the denominator is too small.
        """
        if numerator is None or denominator is None or denominator == 0:
            return None
        if self.hides(numerator) or not self.enough(denominator):
            return None
        return self._rounded(numerator), self._rounded(denominator)

    def percent(self, numerator: int | None, denominator: int | None) -> Shown:
        """A share as a whole per cent of the released counts."""
        pair = self.pair(numerator, denominator)
        if pair is None:
            return self._why_not(numerator, denominator)
        return Shown.figure(whole_percent(*pair), unit="%")

    def limits(
        self, numerator: int | None, denominator: int | None, *, confidence: float = 0.95
    ) -> Limits | None:
        """Wilson limits of the released counts; None where there is no rate."""
        pair = self.pair(numerator, denominator)
        return None if pair is None else wilson(*pair, confidence=confidence)

    def verdict(
        self,
        numerator: int | None,
        denominator: int | None,
        *,
        target_percent: float,
        higher_is_better: bool = True,
        confidence: float = 0.95,
    ) -> Verdict | None:
        """What the released counts say of a target; None where there is no rate."""
        pair = self.pair(numerator, denominator)
        if pair is None:
            return None
        return verdict(
            *pair,
            target_percent=target_percent,
            higher_is_better=higher_is_better,
            confidence=confidence,
        )

    def measure(
        self, value: Fraction | int | None, people: int | None, *, places: int = 1, unit: str = ""
    ) -> Shown:
        """A mean, median or percentile of so many people; hidden when they are too few."""
        if people is None:
            return MISSING
        if people == 0:
            return NOT_APPLICABLE
        if not self.enough(people):
            return SUPPRESSED
        if value is None:
            return MISSING
        return Shown.figure(rounded(value, places), unit=unit)

    def extreme(self, value: int | None, *, unit: str = "") -> Shown:
        """One person's figure, such as the longest wait: never released outside."""
        if value is None:
            return NOT_APPLICABLE if self.rule.shows_extremes else SUPPRESSED
        if not self.rule.shows_extremes:
            return SUPPRESSED
        return Shown.figure(value, unit=unit)

    def spread(self, steps: Sequence[int], *, tail: int) -> list[Shown]:
        """Counts along a scale of lengths, as in a chart of waits.

        Where one person's figure is hidden, so is where the longest lies: the last steps of at
        most `tail` people, empty ones among them, all look the same.
        """
        shown = [self.count(step) for step in steps]
        if not self.rule.shows_extremes:
            for place in reversed(range(len(steps))):
                if steps[place] > tail:
                    break
                shown[place] = SUPPRESSED
        return shown

    def sum_over(self, value: int, people: int) -> Shown:
        """A sum of something over so many people, such as days.

        Never released where counts are rounded: with the mean it would tell how many they are.
        """
        if people == 0:
            return MISSING
        return SUPPRESSED if self.rule.round_to > 1 else self.measure(value, people, places=0)

    def _rounded(self, people: int) -> int:
        return rounded_to_multiple(people, self.rule.round_to)

    def enough(self, people: int) -> bool:
        """Whether a rate, a mean or its limits may be released of so many people."""
        return not self.hides(people) and self._rounded(people) >= self.rule.smallest_denominator

    def _why_not(self, numerator: int | None, denominator: int | None) -> Shown:
        if numerator is None or denominator is None:
            return MISSING
        return NOT_APPLICABLE if denominator == 0 else SUPPRESSED
