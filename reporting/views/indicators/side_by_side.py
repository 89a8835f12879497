"""The chart of one indicator across areas: a funnel of shares, bars of everything else."""

from collections.abc import Sequence
from functools import partial

from commissioning import charts
from commissioning.components import DataTable
from commissioning.kernel import words
from reporting.indicators.declared import Form
from reporting.rules import funnel_limits
from reporting.selectors.shown import Figure
from reporting.views.indicators.pictures import Picture, bar_of
from reporting.views.indicators.telling import Telling, unit_of

BARS_AT_MOST = 40
FUNNEL_STEPS = 60
ROOM_OVER_FUNNEL = 5  # per cent points around the points and limits


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
        bars=[bar_of(one.area.name, one, telling, ours=one.area.code in own) for one in drawn],
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
