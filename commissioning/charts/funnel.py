"""Areas by their size and their share, against the limits within which chance would leave them.

The limits are computed by the caller; the drawing only shows them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from commissioning.charts.option import (
    INK,
    OURS,
    QUIET,
    SIGNAL,
    Option,
    both_widths,
    frame,
    lines,
    target_line,
    value_axis,
    written,
)


@dataclass(frozen=True)
class FunnelPoint:
    """An area: how many people, what share (0 to 100), and whether it lies outside the limits."""

    name: str
    n: int
    share: float
    ours: bool = False
    outside: bool = False


@dataclass(frozen=True)
class Limits:
    """The inner (95%) and outer (99.8%) limits at one size, in per cents."""

    n: int
    low: float
    high: float
    outer_low: float
    outer_high: float


@dataclass(frozen=True)
class Funnel:
    title: str
    description: str
    points: Sequence[FunnelPoint]
    limits: Sequence[Limits]
    centre: float
    centre_words: str  # "England 78%"
    subtitle: str = ""
    size_name: str = "People"
    smallest: float = 0
    largest: float = 100


def funnel_chart(chart: Funnel) -> Option:
    return both_widths(partial(_build, chart))


def _build(chart: Funnel, narrow: bool) -> Option:  # noqa: FBT001
    centre = target_line(chart.centre, chart.centre_words)
    centre["lineStyle"] = {"color": INK, "type": "solid", "width": 1}
    centre["label"]["position"] = "insideEndTop"
    return {
        **frame(title=chart.title, subtitle=chart.subtitle, description=chart.description),
        "grid": {
            "left": 8,
            "right": 20 if narrow else 100,
            "top": 34,
            "bottom": 30,
            "containLabel": True,
        },
        "xAxis": {
            **value_axis("count", name=chart.size_name, largest=_widest(chart)),
            "nameLocation": "middle",
            "nameGap": 32,
            "splitLine": {"show": False},
            "axisLine": {"show": True, "lineStyle": {"color": "#768692"}},
        },
        "yAxis": value_axis("percent", smallest=chart.smallest, largest=chart.largest),
        "series": [
            *_limit_lines(chart, narrow=narrow),
            {"type": "scatter", "data": [], "markLine": lines([centre]), "z": 4},
            *_points(chart, narrow=narrow),
        ],
    }


def _widest(chart: Funnel) -> int:
    """As wide as the limits, or as the largest area."""
    return max([at.n for at in chart.limits] + [one.n for one in chart.points], default=1)


def _limit_lines(chart: Funnel, *, narrow: bool) -> list[Option]:
    """Four lines. Two carry their names, one above and one below the centre, to keep apart."""
    shown = [
        ("95% limits", "dashed", "high", False),
        ("95% limits", "dashed", "low", True),
        ("99.8% limits", "solid", "outer_high", True),
        ("99.8% limits", "solid", "outer_low", False),
    ]
    made: list[Option] = []
    for name, kind, edge, named in shown:
        line: Option = {
            "name": name,
            "type": "line",
            "silent": True,
            "showSymbol": False,
            "lineStyle": {"color": "#919ea8", "type": kind, "width": 1.25},
            "data": [[at.n, getattr(at, edge)] for at in chart.limits],
        }
        if named and not narrow:
            line["endLabel"] = {
                "show": True,
                "distance": 4,
                "formatter": name,
                "color": QUIET,
                "fontSize": 13,
            }
        made.append(line)
    return made


def _points(chart: Funnel, *, narrow: bool) -> list[Option]:
    """The areas, those that matter last and so on top. A series for each look: one for each point
    takes twice as long to draw."""
    looks = {(one.ours, one.outside) for one in chart.points}
    return [
        {
            "type": "scatter",
            "data": [_point(one) for one in chart.points if (one.ours, one.outside) == look],
            **_look(*look, narrow=narrow),
        }
        for look in sorted(looks)
    ]


def _point(one: FunnelPoint) -> Option:
    said = f"{one.name}\n{written(one.share, 'percent')} of {one.n:,}"
    return {"value": [one.n, one.share], "name": one.name, "tooltip": {"formatter": said}}


def _look(ours: bool, outside: bool, *, narrow: bool) -> Option:  # noqa: FBT001
    own = OURS if ours else SIGNAL if outside else "#a9b4bc"
    look: Option = {
        "symbol": "diamond" if outside else "circle",
        "symbolSize": 14 if ours else 11 if outside else 8,
        "itemStyle": {"color": own, "borderColor": "#ffffff", "borderWidth": 1, "opacity": 1},
        "z": 4,
    }
    if ours or (outside and not narrow):
        look["labelLayout"] = {"hideOverlap": True}
        look["label"] = {
            "show": True,
            "position": "right",
            "formatter": "{b}",
            "color": INK,
            "fontSize": 13,
            "fontWeight": 600 if ours else 400,
        }
    return look
