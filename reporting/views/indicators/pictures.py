"""The charts of one period: a figure split up, and how its waits are spread.

Each says what it is a picture of, and has its table beneath. The line over time and the areas
side by side have modules of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from commissioning import charts
from commissioning.components import Chart, DataTable
from commissioning.kernel import words
from commissioning.kernel.periods import Period
from reporting.disclosure import Sign
from reporting.indicators.declared import Form
from reporting.selectors.areas import Area
from reporting.selectors.shown import Figure
from reporting.selectors.spreads import LAST_STEP, STEPS, Spread
from reporting.views.indicators.telling import Telling, unit_of


@dataclass(frozen=True)
class Picture:
    """A chart: its height, what it says, the table beneath, and how its option is made.

    A page shows the words and the table; the option is asked for by the picture alone.
    """

    drawn: Callable[[], charts.Option]
    height: int
    title: str
    subtitle: str
    description: str
    table: DataTable
    note: str = ""
    name: str = ""  # indicator and area, where the subtitle says something else

    @property
    def option(self) -> charts.Option:
        return self.drawn()

    def shown(self, identifier: str, **hrefs: Any) -> Chart:
        """As a page shows it."""
        return Chart(
            identifier=identifier,
            title=self.title,
            subtitle=self.subtitle,
            description=self.description,
            table=self.table,
            note=self.note,
            height=self.height,
            name=self.name or self.subtitle,
            **hrefs,
        )


def split_picture(
    figures: Sequence[tuple[str, Figure]], by: str, telling: Telling
) -> Picture | None:
    """One period split up, as bars with their limits; None where nobody is in it."""
    if not figures:
        return None
    one = figures[0][1]
    name = f"{one.indicator.title}, {one.area.name}, {one.period.label}"
    known = [(label, figure) for label, figure in figures if figure.value.is_figure]
    ranked = sorted(known, key=lambda item: telling.number(item[1]) or 0, reverse=True)
    if ranked:
        high, low = ranked[0], ranked[-1]
        title = f"{high[0]}: {telling.with_unit(high[1])}" + (
            f"; {low[0]}: {telling.with_unit(low[1])}" if len(ranked) > 1 else ""
        )
    else:
        title = "Too few people in each group to show"
    drawn = charts.Bars(
        title=title,
        subtitle=f"{name}, by {by.lower()}",
        description=f"Bar chart of {name} by {by.lower()}. "
        + " ".join(f"{label}: {telling.with_unit(figure)}." for label, figure in figures),
        bars=[bar_of(label, figure, telling) for label, figure in figures],
        unit=unit_of(one.indicator),
        target=one.target,
        target_words=f"Target {one.target}%" if one.target is not None else "",
    )
    return Picture(
        partial(charts.bar_chart, drawn), drawn.height, title, drawn.subtitle, drawn.description,
        _split_table(figures, by, telling),
    )  # fmt: skip


def bar_of(label: str, figure: Figure, telling: Telling, *, ours: bool = True) -> charts.Bar:
    low, high = figure.limits or (None, None)
    among = figure.denominator.value if figure.indicator.form is not Form.COUNT else None
    return charts.Bar(
        label,
        telling.number(figure),
        "ours" if ours else "context",
        n=int(among) if among is not None else None,
        low=None if low is None else 100 * low,
        high=None if high is None else 100 * high,
        sign="" if figure.value.is_figure else figure.value.text,
    )


def _split_table(figures: Sequence[tuple[str, Figure]], by: str, telling: Telling) -> DataTable:
    indicator = figures[0][1].indicator
    is_share, is_count = indicator.form is Form.SHARE, indicator.form is Form.COUNT
    header = [by, "Weeks" if unit_of(indicator) == "weeks" else "Figure"]
    header += ["95% limits"] if is_share else []
    header += [] if is_count else ["Counted" if is_share else "Among"]
    rows = []
    for label, figure in figures:
        row = [label, telling.value(figure)]
        row += [telling.limits(figure)] if is_share else []
        row += [] if is_count else [telling.among(figure)]
        rows.append(row)
    return DataTable(header, rows)


def spread_picture(spread: Spread, area: Area, period: Period, *, days_per_week: int,
                   target_days: int, whose: str) -> Picture:  # fmt: skip
    """How many waited how many weeks, with the median and the target on the axis."""
    counts = [int(one.value) if one.value is not None else None for one in spread.weeks]
    near = spread.within
    title = (
        f"{near.text} waited {spread.within_days} days or fewer"
        if near.is_figure
        else "Too few people to show how long each waited"
        if near.sign is Sign.SUPPRESSED
        else "Nobody waited"
    )
    markers = [(target_days / days_per_week, f"Target {words.weeks(target_days / days_per_week)}")]
    if spread.median.value is not None:
        median = float(spread.median.value) / days_per_week
        if median < LAST_STEP:
            markers.insert(0, (median, f"Median {words.weeks(median)}"))
    subtitle = f"{whose}, {area.name}, {period.label}"
    told = charts.Distribution(
        title=title,
        subtitle=subtitle,
        description=f"Column chart of {whose.lower()} by weeks waited. {title}. "
        + " ".join(
            f"{label} weeks: {shown.text}."
            for label, shown in zip(STEPS, spread.weeks, strict=True)
        ),
        steps=STEPS,
        counts=counts,
        step_name="Weeks waited",
        counted="waits",
        beyond=-(-target_days // days_per_week),
        markers=markers,
    )
    return Picture(
        partial(charts.distribution_chart, told), 340, title, subtitle, told.description,
        DataTable(
            ["Weeks waited", "Waits"],
            [[label, shown.text] for label, shown in zip(STEPS, spread.weeks, strict=True)],
        ),
        " ".join(
            sentence
            for sentence, holds in (
                ("Orange: beyond the target.", any(counts[-(-target_days // days_per_week) :])),
                ("The CSV has every day.", bool(spread.days)),
            )
            if holds
        ),
    )  # fmt: skip
