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
            {
                "type": "scatter",
                "data": [
                    _point(one, narrow=narrow)
                    for one in sorted(chart.points, key=lambda one: (one.ours, one.outside))
                ],
                "labelLayout": {"hideOverlap": True},
                "markLine": lines([centre]),
                "z": 4,
            },
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
        data: list[Option] = [{"value": [at.n, getattr(at, edge)]} for at in chart.limits]
        if named and data and not narrow:
            data[-1]["label"] = {
                "show": True,
                "position": "right",
                "distance": 4,
                "formatter": name,
                "color": QUIET,
                "fontSize": 13,
            }
        made.append(
            {
                "name": name,
                "type": "line",
                "silent": True,
                "symbol": "circle",
                "symbolSize": 0.1,
                "lineStyle": {"color": "#919ea8", "type": kind, "width": 1.25},
                "data": data,
            }
        )
    return made


def _point(one: FunnelPoint, *, narrow: bool) -> Option:
    own = OURS if one.ours else SIGNAL if one.outside else "#a9b4bc"
    return {
        "value": [one.n, one.share],
        "name": one.name,
        "symbol": "diamond" if one.outside else "circle",
        "symbolSize": 14 if one.ours else 11 if one.outside else 8,
        "itemStyle": {"color": own, "borderColor": "#ffffff", "borderWidth": 1, "opacity": 1},
        "tooltip": {"formatter": f"{one.name}\n{written(one.share, 'percent')} of {one.n:,}"},
        "label": {
            "show": one.ours or (one.outside and not narrow),
            "position": "right",
            "formatter": one.name,
            "color": INK,
            "fontSize": 13,
            "fontWeight": 600 if one.ours else 400,
        },
    }
