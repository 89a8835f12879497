"""How a figure is told: its value with its unit, its limits, its verdict, and how it changed.

Everything is made from what the selectors released: nothing here knows a count that is not shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from commissioning import components
from commissioning.charts import Unit
from commissioning.components import Direction, Scale, Tone
from commissioning.kernel import words
from commissioning.kernel.periods import Grain, Period
from reporting.disclosure import Shown, Sign
from reporting.indicators.declared import Form, Indicator, Polarity
from reporting.rules import Colour
from reporting.selectors.figures import Figures
from reporting.selectors.shown import Figure

TONES: Mapping[Colour, Tone] = {
    Colour.GREEN: "good",
    Colour.AMBER: "watch",
    Colour.RED: "bad",
}
IN_DAYS = frozenset({Form.MEAN, Form.MEDIAN, Form.PERCENTILE, Form.LONGEST})
WITHOUT = {
    Sign.SUPPRESSED: "Too few people to show",
    Sign.MISSING: "No return reaches the period",
    Sign.NOT_APPLICABLE: "Nobody to count among",
}


@dataclass(frozen=True)
class Change:
    """How far a figure moved from another period's, both as shown."""

    words: str  # "up 4 points"
    by: float
    direction: Direction
    is_better: bool | None


def short(period: Period) -> str:
    """A period where there is little room: Oct 2006, Oct–Dec 2006, 2006/07."""
    if period.grain is Grain.QUARTER:
        return f"{period.start:%b}–{period.last_day:%b %Y}"
    return f"{period.start:%b %Y}" if period.grain is Grain.MONTH else period.label


def unit_of(indicator: type[Indicator]) -> Unit:
    """The unit a figure is shown and drawn in."""
    if indicator.form is Form.SHARE:
        return "percent"
    return "weeks" if indicator.form in IN_DAYS else "count"


@dataclass(frozen=True)
class Telling:
    """Tells the figures of one reader."""

    figures: Figures

    def number(self, figure: Figure) -> float | None:
        """The value in the unit it is shown in; None where none is shown."""
        if figure.indicator.form is Form.SHARE:
            return None if figure.rate is None else 100 * figure.rate
        value = figure.value.value
        if value is None:
            return None
        if figure.indicator.form in IN_DAYS:
            return float(value) / self._days_per_week(figure)
        return float(value)

    def value(self, figure: Figure) -> str:
        """83%, 2.4 or 412; a sign where there is no figure. `(p)` marks what may still change."""
        if not figure.value.is_figure:
            return figure.value.text
        if figure.indicator.form in IN_DAYS:
            weeks = Decimal(figure.value.value or 0) / self._days_per_week(figure)
            written = words.weeks(weeks)
        else:
            written = figure.value.text.removesuffix(f" {Sign.PROVISIONAL.value}")
        return f"{written} {Sign.PROVISIONAL.value}" if self.may_change(figure) else written

    def is_in_weeks(self, figure: Figure) -> bool:
        """Whether the value is a time, shown in weeks."""
        return figure.indicator.form in IN_DAYS and figure.value.is_figure

    def with_unit(self, figure: Figure) -> str:
        """The value as a sentence has it: 83%, 2.4 weeks, 412."""
        written = self.value(figure).removesuffix(f" {Sign.PROVISIONAL.value}")
        return f"{written} weeks" if self.is_in_weeks(figure) else written

    def may_change(self, figure: Figure) -> bool:
        """Whether returns to come may still change it."""
        waits_for = figure.not_yet_known
        return (
            figure.is_partial
            or figure.value.provisional
            or bool(waits_for and waits_for.sign is not Sign.ZERO)
        )

    def limits(self, figure: Figure) -> str:
        """79% to 87%; a dash where there are none."""
        if figure.limits is None:
            return words.MISSING
        low, high = (words.percent(edge) for edge in figure.limits)
        return f"{low} to {high}"

    def among(self, figure: Figure) -> str:
        """Of how many: 341 of 412; a count alone is among nobody."""
        if not figure.value.is_figure and figure.value.sign is Sign.MISSING:
            return words.MISSING
        match figure.indicator.form:
            case Form.SHARE:
                return f"{figure.numerator} of {figure.denominator}"
            case Form.COUNT:
                return words.NOT_APPLICABLE
        return str(figure.denominator)

    def change(self, figure: Figure, before: Figure | None) -> Change | None:
        """How it moved from a figure of another period; None where either is not shown."""
        if before is None or figure.is_partial or before.is_partial:
            return None
        now, then = self._compared(figure), self._compared(before)
        if now is None or then is None:
            return None
        by = now - then
        direction: Direction = "level" if by == 0 else "up" if by > 0 else "down"
        polarity = figure.indicator.polarity
        better = (
            None if by == 0 or polarity is Polarity.NEITHER
            else (by > 0) == (polarity is Polarity.HIGHER)
        )  # fmt: skip
        return Change(self._moved(figure.indicator, by), float(by), direction, better)

    def card(
        self,
        figure: Figure,
        *,
        before: Figure | None = None,
        label: str = "",
        href: str = "",
        definition_href: str = "",
    ) -> components.Figure:
        """The figure as the component shows it."""
        indicator, change = figure.indicator, self.change(figure, before)
        return components.Figure(
            label=label or indicator.title,
            value=self.value(figure),
            unit="weeks" if self.is_in_weeks(figure) else "",
            target="" if figure.target is None else f"Target {figure.target}%",
            direction=change.direction if change else None,
            change=f"{change.words} on {before.period.label}" if change and before else "",
            verdict=figure.verdict.words if figure.verdict else self._without(figure),
            tone=TONES[figure.verdict.colour] if figure.verdict else "plain",
            limits="" if figure.limits is None else f"95% limits {self.limits(figure)}",
            n=self._n(figure),
            scale=self._scale(figure),
            href=href,
            definition_href=definition_href,
        )

    def _n(self, figure: Figure) -> str:
        indicator = figure.indicator
        if figure.is_missing:
            return ""
        if indicator.form is Form.COUNT:
            return indicator.numerator_words
        said = indicator.denominator_words
        return f"{self.among(figure)} {said[:1].lower()}{said[1:]}"

    def _scale(self, figure: Figure) -> Scale | None:
        if figure.rate is None or figure.limits is None:
            return None
        low, high = (round(100 * edge, 1) for edge in figure.limits)
        return Scale(round(100 * figure.rate, 1), target=figure.target, low=low, high=high)

    def _without(self, figure: Figure) -> str:
        return "" if figure.value.is_figure else WITHOUT.get(figure.value.sign, "")

    def _compared(self, figure: Figure) -> Decimal | None:
        """The value as it is written, so that a difference is that of the numbers seen."""
        if figure.value.value is None:
            return None
        value = Decimal(figure.value.value)
        if figure.indicator.form in IN_DAYS:
            return Decimal(words.weeks(value / self._days_per_week(figure)).replace(",", ""))
        return value

    def _moved(self, indicator: type[Indicator], by: Decimal) -> str:
        if by == 0:
            return "no change"
        way, size = ("up" if by > 0 else "down"), abs(by)
        match unit_of(indicator):
            case "percent":
                return f"{way} {size:,} {'point' if size == 1 else 'points'}"
            case "weeks":
                return f"{way} {words.weeks(size)} {'week' if size == 1 else 'weeks'}"
        return f"{way} {words.count(size)}"

    def _days_per_week(self, figure: Figure) -> int:
        measured = self.figures.measured(figure.period)
        return measured.rules.days_per_week if measured else 7  # of the calendar


def plain(shown: Shown | None) -> object:
    """A cell as a file holds it: the number, or the sign that stands for none."""
    if shown is None:
        return None
    return shown.value if shown.is_figure else shown.text
