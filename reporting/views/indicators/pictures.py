"""The charts of figures: what each says, the picture it becomes and the table beneath it."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from commissioning import charts
from commissioning.components import Chart, DataTable
from commissioning.kernel import words
from commissioning.kernel.periods import Period
from reporting.disclosure import Sign
from reporting.indicators.declared import Form, Indicator
from reporting.rules import funnel_limits
from reporting.selectors.areas import Area
from reporting.selectors.breaks import Break
from reporting.selectors.shown import Figure
from reporting.selectors.spreads import LAST_STEP, STEPS, Spread
from reporting.views.indicators.telling import Telling, short, unit_of

BARS_AT_MOST = 40
FUNNEL_STEPS = 60
ROOM_OVER_FUNNEL = 5  # per cent points around the points and limits


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


@dataclass(frozen=True)
class Trend:
    """One indicator over time: the area's own line first, then what it is set against."""

    indicator: type[Indicator]
    area: Area
    chosen: Period
    lines: Sequence[Sequence[Figure]]
    breaks: Sequence[Break] = ()


def trend_picture(trend: Trend, telling: Telling) -> Picture:
    """The line over time, with its target, limits, and what changed on the way."""
    ours, unit = trend.lines[0], unit_of(trend.indicator)
    periods = [short(one.period) for one in ours]
    series = [
        charts.Series(
            line[0].area.name,
            [_point(figure, telling, with_limits=line is ours) for figure in line],
            "ours" if line is ours else "context",
        )
        for line in trend.lines
    ]
    targets = {one.period: one.target for one in ours if one.target is not None}
    target = targets.get(trend.chosen, max(targets.items())[1] if targets else None)
    title = _finding(trend, telling)
    subtitle = f"{trend.indicator.title}, {trend.area.name}"
    description = _described(trend, telling)
    told = charts.TimeSeries(
        title=title,
        subtitle=subtitle,
        description=description,
        periods=periods,
        series=series,
        unit=unit,
        target=target,
        target_words=f"Target {target}%" if target is not None else "",
        annotations=_annotations(trend),
    )
    return Picture(
        partial(charts.time_series_chart, told), 380, title, subtitle, description,
        _trend_table(trend, telling), _trend_note(ours, telling),
    )  # fmt: skip


def _point(figure: Figure, telling: Telling, *, with_limits: bool) -> charts.Point:
    low, high = figure.limits if figure.limits and with_limits else (None, None)
    among = figure.denominator.value if figure.indicator.form is not Form.COUNT else None
    return charts.Point(
        telling.number(figure),
        n=int(among) if among is not None else None,
        provisional=telling.may_change(figure),
        low=None if low is None else 100 * low,
        high=None if high is None else 100 * high,
    )


def _finding(trend: Trend, telling: Telling) -> str:
    """What the line says of the period chosen, against a year before where that is known."""
    chosen = next(one for one in trend.lines[0] if one.period == trend.chosen)
    said, when = telling.with_unit(chosen), trend.chosen.label
    if not chosen.value.is_figure:
        return f"{trend.area.name}: {_absent(chosen)} in {when}"
    before = _year_before(trend)
    change = telling.change(chosen, before) if before else None
    if change is None or before is None:
        return f"{said} in {when}"
    return f"{said} in {when}, {change.words} on a year before"


def _year_before(trend: Trend) -> Figure | None:
    year = trend.chosen.start.year - 1
    start = trend.chosen.start.replace(year=year)
    return next((one for one in trend.lines[0] if one.period.start == start), None)


def _absent(figure: Figure) -> str:
    return {
        Sign.SUPPRESSED: "too few people to show",
        Sign.NOT_APPLICABLE: "nobody to count among",
    }.get(figure.value.sign, "no return")


def _described(trend: Trend, telling: Telling) -> str:
    """What somebody who cannot see the picture is told."""
    sentences = [f"Line chart of {trend.indicator.title.lower()}."]
    for line in trend.lines:
        known = [one for one in line if one.value.is_figure]
        name = line[0].area.name
        if not known:
            sentences.append(f"{name}: nothing can be shown.")
            continue
        first, last = known[0], known[-1]
        sentences.append(
            f"{name}: {telling.with_unit(first)} in {first.period.label}, "
            f"{telling.with_unit(last)} in {last.period.label}."
        )
    return " ".join(sentences)


def _annotations(trend: Trend) -> list[charts.Annotation]:
    """Changes of boundaries and of rules, in the period in which each began to count."""
    ours = trend.lines[0]
    found = [
        charts.Annotation(short(one.period), at.words)
        for at in trend.breaks
        for one in ours
        if at.on in one.period
    ]
    for before, after in itertools.pairwise(ours):
        if before.rule_set and after.rule_set and before.rule_set != after.rule_set:
            found.append(charts.Annotation(short(after.period), f"Rules {after.rule_set}"))
    return found


def _trend_table(trend: Trend, telling: Telling) -> DataTable:
    ours, others = trend.lines[0], trend.lines[1:]
    is_share = trend.indicator.form is Form.SHARE
    among = trend.indicator.form is not Form.COUNT
    header = ["Period", trend.area.name]
    header += ["95% limits"] if is_share else []
    header += ["Counted" if is_share else "Among"] if among else []
    header += [line[0].area.name for line in others]
    rows = []
    for place, figure in enumerate(ours):
        row = [figure.period.label, telling.value(figure)]
        row += [telling.limits(figure)] if is_share else []
        row += [telling.among(figure)] if among else []
        rows.append([*row, *(telling.value(line[place]) for line in others)])
    return DataTable(header, rows)


def _trend_note(ours: Sequence[Figure], telling: Telling) -> str:
    if any(telling.may_change(one) for one in ours):
        return "An open point is provisional (p): returns to come may still change it."
    return ""


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
        bars=[_bar(label, figure, telling) for label, figure in figures],
        unit=unit_of(one.indicator),
        target=one.target,
        target_words=f"Target {one.target}%" if one.target is not None else "",
    )
    return Picture(
        partial(charts.bar_chart, drawn), drawn.height, title, drawn.subtitle, drawn.description,
        _split_table(figures, by, telling),
    )  # fmt: skip


def _bar(label: str, figure: Figure, telling: Telling, *, ours: bool = True) -> charts.Bar:
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


def across_picture(
    figures: Sequence[Figure], england: Figure, own: frozenset[str], telling: Telling
) -> Picture | None:
    """Areas side by side: a funnel of shares, bars of everything else."""
    shown = [one for one in figures if one.value.is_figure]
    if not shown:
        return None
    if england.indicator.form is Form.SHARE and england.rate is not None:
        return _funnel(shown, england, own, telling)
    return _side_by_side(shown, england, own, telling)


def _funnel(
    shown: Sequence[Figure], england: Figure, own: frozenset[str], telling: Telling
) -> Picture:
    centre = england.rate or 0.0
    measured = telling.figures.measured(england.period)
    inner = float(measured.rules.confidence_percent) / 100 if measured else 0.95
    outer = float(measured.rules.funnel_outer_percent) / 100 if measured else 0.998
    points, outside = [], []
    for figure in shown:
        n, rate = int(figure.denominator.value or 0), figure.rate or 0.0
        if not n:
            continue
        limits = funnel_limits(centre, n, inner=inner, outer=outer).outer
        is_outside = not limits.lower <= rate <= limits.upper
        if is_outside:
            outside.append(figure.area.name)
        points.append(
            charts.FunnelPoint(
                figure.area.name, n, 100 * rate, figure.area.code in own, is_outside
            )
        )
    widest = max(one.n for one in points)
    lines = []
    for step in range(1, FUNNEL_STEPS + 1):
        n = max(1, round(widest * 1.04 * step / FUNNEL_STEPS))
        at = funnel_limits(centre, n, inner=inner, outer=outer)
        lines.append(charts.Limits(n, *(100 * edge for edge in (*at.inner, *at.outer))))
    spread = [one.share for one in points]
    smallest = max(0, 10 * int(min([*spread, 100 * centre]) - ROOM_OVER_FUNNEL) // 10)
    title = _funnel_finding(outside, len(points))
    indicator, period = england.indicator, england.period
    said = telling.with_unit(england)
    told = charts.Funnel(
        title=title,
        subtitle=f"{indicator.title}, {period.label}, by how many are counted",
        description=f"Funnel plot of {len(points)} areas around England's {said}. {title}.",
        points=points,
        limits=lines,
        centre=100 * centre,
        centre_words=f"England {said}",
        size_name=indicator.denominator_words,
        smallest=smallest - smallest % 10,
    )
    return Picture(
        partial(charts.funnel_chart, told), 420, title, told.subtitle, told.description,
        _across_table(shown, telling),
        "Between the 99.8% limits an area differs from England by no more than chance would "
        "have it. Diamonds lie outside.",
    )  # fmt: skip


def _funnel_finding(outside: Sequence[str], of: int) -> str:
    if not outside:
        return f"All {of} areas lie within what chance allows"
    if len(outside) <= 3:  # noqa: PLR2004  # names that fit a title
        verb = "lies" if len(outside) == 1 else "lie"
        return f"{words.joined(outside)} {verb} outside what chance allows"
    return f"{len(outside)} of {of} areas lie outside what chance allows"


def _side_by_side(
    shown: Sequence[Figure], england: Figure, own: frozenset[str], telling: Telling
) -> Picture:
    drawn, indicator = shown[:BARS_AT_MOST], england.indicator
    title = f"{indicator.title}, {england.period.label}"
    told = charts.Bars(
        title=title,
        subtitle=f"England {telling.with_unit(england)}",
        description=f"Bar chart of {title.lower()} in {len(drawn)} areas. "
        + " ".join(f"{one.area.name}: {telling.with_unit(one)}." for one in drawn),
        bars=[_bar(one.area.name, one, telling, ours=one.area.code in own) for one in drawn],
        unit=unit_of(indicator),
    )
    note = (
        f"The first {BARS_AT_MOST} in the order of the table." if len(shown) > len(drawn) else ""
    )
    return Picture(
        partial(charts.bar_chart, told), told.height, title, told.subtitle, told.description,
        _across_table(drawn, telling), note, name=title,
    )  # fmt: skip


def _across_table(shown: Sequence[Figure], telling: Telling) -> DataTable:
    return DataTable(
        ["Area", "Figure", "95% limits", "Counted"],
        [
            [one.area.name, telling.value(one), telling.limits(one), telling.among(one)]
            for one in shown
        ],
    )
