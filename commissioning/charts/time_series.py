"""A measure over time: one line of ours, others for context, its target and what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from commissioning.charts.option import (
    INK,
    QUIET,
    Option,
    Part,
    Unit,
    both_widths,
    category_axis,
    colour,
    frame,
    lines,
    refuse_too_many,
    target_line,
    value_axis,
    written,
)

_PLOT_HEIGHT, _LINE_HEIGHT = 310, 17  # pixels of the drawing area and of one name
LIMITS = "rgba(0,94,184,0.28)"  # ours, and the point is seen through it


@dataclass(frozen=True)
class Point:
    """A value of one period; None where it is missing or may not be shown."""

    value: float | None
    n: int | None = None
    provisional: bool = False
    low: float | None = None  # limits, in the unit of the value
    high: float | None = None


@dataclass(frozen=True)
class Series:
    """A line: as many points as the chart has periods."""

    name: str
    points: Sequence[Point]
    part: Part = "context"


@dataclass(frozen=True)
class Annotation:
    """Something that happened in a period and explains the line."""

    period: str
    words: str


@dataclass(frozen=True)
class TimeSeries:
    """The title says the finding. Values are in the unit: per cents from 0 to 100, or weeks."""

    title: str
    description: str
    periods: Sequence[str]
    series: Sequence[Series]
    unit: Unit
    subtitle: str = ""
    target: float | None = None
    target_words: str = ""
    annotations: Sequence[Annotation] = ()
    smallest: float | None = 0
    largest: float | None = None


def time_series_chart(chart: TimeSeries) -> Option:
    refuse_too_many(len(chart.series))
    return both_widths(partial(_build, chart))


def _build(chart: TimeSeries, narrow: bool) -> Option:  # noqa: FBT001
    shifts = _shifts(chart)
    ordered = sorted(chart.series, key=lambda one: one.part == "ours")  # ours is drawn on top
    largest = chart.largest
    if largest is None and chart.unit == "percent":
        largest = 100
    legend = narrow and len(chart.series) > 1
    return {
        **frame(title=chart.title, subtitle=chart.subtitle, description=chart.description),
        "grid": {
            "left": 8,
            "right": 16 if narrow else _room_for(chart),
            "top": 64 if legend else 34,
            "bottom": 8,
            "containLabel": True,
        },
        "legend": {
            "show": legend,
            "left": 0,
            "top": 0,
            "itemWidth": 18,
            "textStyle": {"color": INK},
            "data": [one.name for one in reversed(ordered)],
        },
        "xAxis": category_axis(list(chart.periods), boundaryGap=False),
        "yAxis": value_axis(
            chart.unit,
            name="Weeks" if chart.unit == "weeks" else "",
            smallest=chart.smallest,
            largest=largest,
        ),
        "series": [
            {
                **_line(chart, one, place, None if narrow else shifts[one.name]),
                **(_marks(chart, narrow=narrow) if one is ordered[-1] else {}),
            }
            for place, one in enumerate(ordered)
        ],
    }


def _line(chart: TimeSeries, one: Series, place: int, shift: float | None) -> Option:
    ours = one.part != "context"
    own = colour(one.part, place)
    last = _last(one)
    return {
        "name": one.name,
        "type": "line",
        "connectNulls": False,
        "symbol": "circle",
        "symbolSize": 7 if ours else 4,
        "lineStyle": {"color": own, "width": 3 if ours else 1.5},
        "itemStyle": {"color": own},
        "z": 3 if ours else 2,
        "data": [
            _point(chart, one, i, own, shift if i == last else None)
            for i in range(len(one.points))
        ],
    }


def _point(chart: TimeSeries, one: Series, place: int, own: str, shift: float | None) -> Option:
    point = one.points[place]
    said = [f"{one.name}, {chart.periods[place]}", written(point.value, chart.unit)]
    if point.low is not None and point.high is not None:
        said.append(
            f"limits {written(point.low, chart.unit)} to {written(point.high, chart.unit)}"
        )
    if point.n is not None:
        said.append(f"n = {point.n:,}")
    if point.provisional:
        said.append("provisional")
    made: Option = {"value": point.value, "tooltip": {"formatter": "\n".join(said)}}
    if point.provisional:
        made["itemStyle"] = {"color": "#ffffff", "borderColor": own, "borderWidth": 2}
    if shift is not None:
        made["label"] = {
            "show": True,
            "position": "right",
            "distance": 8,
            "offset": [0, shift],
            "color": QUIET if one.part == "context" else own,
            "fontSize": 13,
            "fontWeight": 600 if one.part != "context" else 400,
            "formatter": f"{one.name} {written(point.value, chart.unit)}",
        }
    return made


def _marks(chart: TimeSeries, *, narrow: bool) -> Option:
    marks: list[object] = []
    if chart.target is not None:
        said = chart.target_words or f"Target {written(chart.target, chart.unit)}"
        marks.append(target_line(chart.target, said))
    marks += [
        {
            "xAxis": one.period,
            "lineStyle": {"color": "#768692", "type": "solid", "width": 1},
            "label": {
                "show": not narrow,
                "formatter": one.words,
                "position": "end",
                "color": QUIET,
                "fontSize": 13,
            },
        }
        for one in chart.annotations
    ]
    marks += [limit for one in chart.series if one.part == "ours" for limit in _limits(chart, one)]
    return {"markLine": lines(marks)} if marks else {}


def _limits(chart: TimeSeries, one: Series) -> list[list[Option]]:
    """An upright line through each point of ours, from its lower limit to its upper."""
    drawn = {
        "lineStyle": {"color": LIMITS, "width": 5, "type": "solid", "cap": "butt"},
        "label": {"show": False},
    }
    return [
        [{"coord": [period, point.low], **drawn}, {"coord": [period, point.high]}]
        for period, point in zip(chart.periods, one.points, strict=True)
        if point.value is not None and point.low is not None and point.high is not None
    ]


def _last(one: Series) -> int | None:
    """The place of the last value, which carries the name of the line."""
    known = [place for place, point in enumerate(one.points) if point.value is not None]
    return known[-1] if known else None


def _shifts(chart: TimeSeries) -> dict[str, float]:
    """How far, in pixels, to move each line's name so that no two names meet."""
    values = [p.value for one in chart.series for p in one.points if p.value is not None]
    top = chart.largest or (100 if chart.unit == "percent" else max([*values, 1]) * 1.1)
    foot = chart.smallest if chart.smallest is not None else min([*values, 0])
    heights = {}
    for one in chart.series:
        last = _last(one)
        value = one.points[last].value if last is not None else None
        heights[one.name] = (top - (value or 0)) / ((top - foot) or 1) * _PLOT_HEIGHT
    shifts, taken = {}, float("-inf")
    for name, height in sorted(heights.items(), key=lambda item: item[1]):
        taken = max(height, taken + _LINE_HEIGHT)
        shifts[name] = round(taken - height, 1)
    return shifts


def _room_for(chart: TimeSeries) -> int:
    """Space at the right for the longest name and a value, about seven pixels a letter."""
    value = 12 if chart.unit == "pounds" else 6
    return min(220, 12 + 7 * (max((len(one.name) for one in chart.series), default=0) + value))
