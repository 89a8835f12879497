"""Areas side by side as bars, and a distribution as columns."""

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
    target_line,
    value_axis,
    written,
)


@dataclass(frozen=True)
class Bar:
    """One area's value, with its limits when they are known."""

    name: str
    value: float | None
    part: Part = "context"
    n: int | None = None
    low: float | None = None
    high: float | None = None
    sign: str = ""  # what stands for a value that is not shown; a dash unless given


@dataclass(frozen=True)
class Bars:
    """Areas in the order given, from the top."""

    title: str
    description: str
    bars: Sequence[Bar]
    unit: Unit
    subtitle: str = ""
    target: float | None = None
    target_words: str = ""
    largest: float | None = None

    @property
    def height(self) -> int:
        """The height in pixels that leaves each bar its room."""
        return 70 + 26 * len(self.bars)


@dataclass(frozen=True)
class Distribution:
    """How many fell into each step of a measure; from step `beyond` on they are a signal.

    `markers` are named values on the axis, counted in steps from the left edge of the first.
    """

    title: str
    description: str
    steps: Sequence[str]
    counts: Sequence[int | None]
    subtitle: str = ""
    step_name: str = ""  # "Weeks waited"
    counted: str = "people"
    beyond: int | None = None
    markers: Sequence[tuple[float, str]] = ()


def bar_chart(chart: Bars) -> Option:
    return both_widths(partial(_bars, chart))


def distribution_chart(chart: Distribution) -> Option:
    return both_widths(partial(_distribution, chart))


def _bars(chart: Bars, narrow: bool) -> Option:  # noqa: FBT001
    limits = [
        [{"coord": [bar.low, bar.name]}, {"coord": [bar.high, bar.name]}]
        for bar in chart.bars
        if bar.low is not None and bar.high is not None
    ]
    drawn = {"lineStyle": {"color": INK, "width": 1.5, "type": "solid"}, "label": {"show": False}}
    marks: list[object] = [[{**ends[0], **drawn}, ends[1]] for ends in limits]
    if chart.target is not None:
        said = chart.target_words or f"Target {written(chart.target, chart.unit)}"
        marks.append(target_line(chart.target, said, along="xAxis"))
    largest = chart.largest
    if largest is None and chart.unit == "percent":
        largest = 100
    axis = category_axis([_name(bar) for bar in chart.bars], inverse=True)
    axis["axisLabel"] = {
        "color": INK,
        "fontSize": 13,
        "interval": 0,
        "width": 96 if narrow else 230,
        "overflow": "truncate",
    }
    return {
        **frame(title=chart.title, subtitle=chart.subtitle, description=chart.description),
        "grid": {"left": 8, "right": 24, "top": 28, "bottom": 8, "containLabel": True},
        "xAxis": value_axis(chart.unit, largest=largest),
        "yAxis": axis,
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 18,
                "data": [_bar(chart, bar) for bar in chart.bars],
                **({"markLine": lines(marks)} if marks else {}),
            }
        ],
    }


def _name(bar: Bar) -> str:
    """Where there is no bar, the sign of a missing value stands by the name."""
    return bar.name if bar.value is not None else f"{bar.name}  {_written(bar, 'count')}"


def _written(bar: Bar, unit: Unit) -> str:
    return bar.sign if bar.value is None and bar.sign else written(bar.value, unit)


def _bar(chart: Bars, bar: Bar) -> Option:
    said = [bar.name, _written(bar, chart.unit)]
    if bar.low is not None and bar.high is not None:
        said.append(f"limits {written(bar.low, chart.unit)} to {written(bar.high, chart.unit)}")
    if bar.n is not None:
        said.append(f"n = {bar.n:,}")
    own = "#a9b4bc" if bar.part == "context" else colour(bar.part)
    return {
        "value": bar.value,
        "itemStyle": {"color": own, "borderRadius": [0, 2, 2, 0]},
        "tooltip": {"formatter": "\n".join(said)},
        "label": {
            "show": True,
            "position": "insideLeft",
            "distance": 6,
            "formatter": _written(bar, chart.unit),
            "color": INK if bar.part == "context" else "#ffffff",
            "fontWeight": 600,
            "fontSize": 13,
        },
    }


def _distribution(chart: Distribution, narrow: bool) -> Option:  # noqa: FBT001
    steps = len(chart.steps)
    named = [
        {
            "xAxis": at,
            "lineStyle": {"color": INK, "type": "dashed", "width": 1.5},
            "label": {
                "formatter": said,
                "position": "end",
                "color": INK,
                "fontSize": 13,
                "fontWeight": 600,
                "offset": [0, -18 * (place % 2)],
            },
        }
        for place, (at, said) in enumerate(chart.markers)
    ]
    below = {"name": chart.step_name, "nameLocation": "middle", "nameGap": 32}
    return {
        **frame(title=chart.title, subtitle=chart.subtitle, description=chart.description),
        "grid": {"left": 8, "right": 20, "top": 48, "bottom": 30, "containLabel": True},
        "xAxis": [
            category_axis(list(chart.steps), nameTextStyle={"color": QUIET}, **below),
            {"type": "value", "min": 0, "max": steps, "show": False},
        ],
        "yAxis": value_axis("count", name=chart.counted.capitalize()),
        "series": [
            {
                "type": "bar",
                "barCategoryGap": "12%",
                "data": [_column(chart, i, narrow=narrow) for i in range(steps)],
            },
            {
                "type": "scatter",
                "xAxisIndex": 1,
                "data": [],
                **({"markLine": lines(named)} if named else {}),
            },
        ],
    }


def _column(chart: Distribution, place: int, *, narrow: bool) -> Option:
    number = chart.counts[place]
    signal = chart.beyond is not None and place >= chart.beyond
    return {
        "value": number,
        "itemStyle": {"color": colour("signal" if signal else "ours")},
        "tooltip": {
            "formatter": f"{chart.step_name} {chart.steps[place]}\n"
            f"{written(number, 'count')} {chart.counted}"
        },
        "label": {
            "show": not narrow and len(chart.steps) <= 16,  # noqa: PLR2004 - labels fit side by side
            "position": "top",
            "formatter": written(number, "count"),
            "color": INK,
            "fontSize": 13,
        },
    }
