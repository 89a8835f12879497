"""Terms side by side along time, with the days within them that matter."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from commissioning.charts.option import (
    INK,
    QUIET,
    Option,
    both_widths,
    category_axis,
    colour,
    frame,
)

SHAPES = ("diamond", "triangle", "circle")


@dataclass(frozen=True)
class Span:
    """A term by name, from its first day to the day on which it is over."""

    name: str
    start: dt.date
    end: dt.date


@dataclass(frozen=True)
class Mark:
    """A day of a span; `kind` is what the legend calls it."""

    name: str
    on: dt.date
    kind: str


@dataclass(frozen=True)
class Timeline:
    """Terms in the order given, from the top; `today` is a line across them."""

    title: str
    description: str
    spans: Sequence[Span]
    marks: Sequence[Mark]
    today: dt.date
    subtitle: str = ""

    @property
    def height(self) -> int:
        """The height in pixels that leaves each span its room."""
        return 110 + 28 * len(self.spans)


def timeline_chart(chart: Timeline) -> Option:
    return both_widths(partial(_timeline, chart))


def _timeline(chart: Timeline, narrow: bool) -> Option:  # noqa: FBT001
    axis = category_axis([one.name for one in chart.spans], inverse=True)
    axis["axisLabel"] = {
        "color": INK,
        "fontSize": 13,
        "interval": 0,
        "width": 90 if narrow else 220,
        "overflow": "truncate",
    }
    terms: list[list[str | None]] = []
    for one in chart.spans:
        terms += [
            [one.start.isoformat(), one.name],
            [one.end.isoformat(), one.name],
            [None, None],
        ]
    kinds = list(dict.fromkeys(one.kind for one in chart.marks))
    return {
        **frame(title=chart.title, subtitle=chart.subtitle, description=chart.description),
        "legend": {"show": True, "top": 0, "textStyle": {"color": INK, "fontSize": 13}},
        "grid": {"left": 8, "right": 24, "top": 44, "bottom": 8, "containLabel": True},
        "xAxis": {
            "type": "time",
            "splitNumber": 3 if narrow else 8,
            "axisLabel": {"color": QUIET, "fontSize": 13, "hideOverlap": True},
            "splitLine": {"show": True, "lineStyle": {"color": "#e3e8ec"}},
        },
        "yAxis": axis,
        "series": [
            {
                "name": "Term",
                "type": "line",
                "symbol": "none",
                "connectNulls": False,
                "lineStyle": {"width": 12, "color": "#a9b4bc"},
                "itemStyle": {"color": "#a9b4bc"},
                "data": terms,
                "markLine": {
                    "symbol": "none",
                    "silent": True,
                    "data": [
                        {
                            "xAxis": chart.today.isoformat(),
                            "lineStyle": {"color": INK, "type": "dashed", "width": 1.5},
                            "label": {"formatter": "Today", "position": "start", "color": INK},
                        }
                    ],
                },
            },
            *(
                {
                    "name": kind,
                    "type": "scatter",
                    "symbol": SHAPES[number % len(SHAPES)],
                    "symbolSize": 13,
                    "z": 5,  # before the terms they lie in
                    "itemStyle": {
                        "color": colour("signal" if number == 0 else "ours"),
                        "borderColor": "#ffffff",
                        "borderWidth": 1,
                    },
                    "data": [
                        [one.on.isoformat(), one.name] for one in chart.marks if one.kind == kind
                    ],
                }
                for number, kind in enumerate(kinds)
            ),
        ],
    }
