"""The chart of one indicator over time, with what it is set against."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from commissioning import charts
from commissioning.components import DataTable
from commissioning.kernel.periods import Period
from reporting.disclosure import Sign
from reporting.indicators.declared import Form, Indicator
from reporting.selectors.areas import Area
from reporting.selectors.breaks import Break
from reporting.selectors.shown import Figure
from reporting.views.indicators.pictures import Picture
from reporting.views.indicators.telling import Telling, short, unit_of


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
