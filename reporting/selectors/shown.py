"""A figure as it is shown, and how the counts of a cell become one: through the gate only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from commissioning.kernel.periods import Period
from commissioning.rule_settings import RuleSettings
from reporting.choices import TOTAL
from reporting.disclosure import MISSING, Gate, Shown
from reporting.indicators.declared import Form, Indicator, Polarity
from reporting.rules import Distribution, Limits, Verdict
from reporting.selectors.areas import Area


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One indicator in one cell. Every count and value has been through the gate."""

    indicator: type[Indicator]
    area: Area
    period: Period
    breakdown: str = TOTAL
    value_code: str = TOTAL
    is_exact: bool
    numerator: Shown
    denominator: Shown
    value: Shown
    limits: Limits | None = None
    verdict: Verdict | None = None
    target: int | None = None
    left_out: Mapping[str, Shown] = field(default_factory=dict)  # reason → how many
    beside: Mapping[str, Shown] = field(default_factory=dict)
    not_yet_known: Shown | None = None
    provisional: Shown | None = None
    is_as_if: bool = False
    is_partial: bool = False  # the returns do not reach the end of the period
    rule_set: str = ""
    rate: float | None = None  # of the shown counts: what charts and sorting are made of

    @property
    def is_missing(self) -> bool:
        """No return reaches the period, or it was never measured."""
        return self.value == MISSING

    @property
    def sort_key(self) -> tuple[bool, float]:
        """By what is shown; cells without a figure come last."""
        value = self.rate if self.rate is not None else self.value.value
        return (value is None, float(value) if value is not None else 0.0)

    def as_row(self) -> dict[str, Any]:
        """Everything shown, flat, for files and the API: numbers, or the sign in their place."""
        return {
            "indicator": self.indicator.code,
            "level": self.area.kind.value,
            "area": self.area.code,
            "area_name": self.area.name,
            "period": self.period.code,
            "breakdown": self.breakdown,
            "breakdown_value": self.value_code,
            "numerator": plain(self.numerator),
            "denominator": plain(self.denominator) if self.indicator.denominator else None,
            "value": plain(self.value),
            "unit": self.indicator.unit,
            "lower": round(self.limits.lower * 100, 1) if self.limits else None,
            "upper": round(self.limits.upper * 100, 1) if self.limits else None,
            "target": self.target,
            "verdict": self.verdict.words if self.verdict else "",
            "left_out": {reason: plain(count) for reason, count in self.left_out.items()},
            "beside": {reason: plain(count) for reason, count in self.beside.items()},
            "not_yet_known": plain(self.not_yet_known),
            "provisional": plain(self.provisional),
            "as_if": self.is_as_if,
            "partial": self.is_partial,
            "exact": self.is_exact,
            "rule_set": self.rule_set,
        }


def plain(shown: Shown | None) -> int | float | str | None:
    """A shown count or value as files hold it."""
    if shown is None:
        return None
    if shown.value is None:
        return shown.sign.value
    return shown.value if isinstance(shown.value, int) else float(shown.value)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The counts of one indicator in one cell, and the gate they go through."""

    indicator: type[Indicator]
    rules: RuleSettings
    gate: Gate
    counts: Mapping[str, int]
    days: Distribution
    period: Period

    def shown(self) -> dict[str, Any]:
        """The parts of a figure that come from the counts."""
        indicator, gate = self.indicator, self.gate
        provisional = self.counts.get(indicator.provisional, 0)
        value = self.value()
        one_person = indicator.form is Form.LONGEST
        days = indicator.form in {Form.MEAN, Form.MEDIAN, Form.PERCENTILE}
        return {
            "numerator": value
            if one_person
            else gate.sum_over(self.top, self.bottom)
            if days
            else gate.count(self.top),
            "denominator": gate.count(self.bottom),
            "value": value.as_provisional() if provisional else value,
            **self._rates(),
            "left_out": self._counted(indicator.reasons_left_out()),
            "beside": self._counted(indicator.beside),
            "not_yet_known": gate.count(self.counts.get(indicator.not_yet_known, 0))
            if indicator.not_yet_known
            else None,
            "provisional": gate.count(provisional) if indicator.provisional else None,
        }

    @property
    def top(self) -> int:
        return self.counts.get(self.indicator.numerator, 0)

    @property
    def bottom(self) -> int:
        """The denominator; of a count, the count itself."""
        return self.counts.get(self.indicator.denominator or self.indicator.numerator, 0)

    def value(self) -> Shown:
        """What the indicator is here, as shown."""
        gate, indicator = self.gate, self.indicator
        match indicator.form:
            case Form.COUNT:
                return gate.count(self.top)
            case Form.SHARE:
                return gate.percent(self.top, self.bottom)
            case Form.MEAN:
                mean = Fraction(self.top, self.bottom) if self.bottom else None
                return gate.measure(mean, self.bottom)
            case Form.MEDIAN:
                return gate.measure(self.days.median, self.bottom)
            case Form.PERCENTILE:
                found = self.days.percentile(indicator.percentile)
                return gate.measure(found, self.bottom, places=0)
        return gate.extreme(self.top if self.bottom else None)

    def _counted(self, reasons: Mapping[str, str]) -> dict[str, Shown]:
        return {
            reason: self.gate.count(self.counts.get(column, 0))
            for column, reason in reasons.items()
        }

    def _rates(self) -> dict[str, Any]:
        """Rate, limits and verdict, all from the shown counts."""
        if self.indicator.form is not Form.SHARE:
            return {}
        pair = self.gate.pair(self.top, self.bottom)
        if pair is None:
            return {}
        confidence = float(self.rules.confidence_percent) / 100
        target = self.indicator.target(self.rules, self.period)
        return {
            "rate": pair[0] / pair[1],
            "limits": self.gate.limits(self.top, self.bottom, confidence=confidence),
            "target": target,
            "verdict": None
            if target is None
            else self.gate.verdict(
                self.top,
                self.bottom,
                target_percent=target,
                higher_is_better=self.indicator.polarity is not Polarity.LOWER,
                confidence=confidence,
            ),
        }
