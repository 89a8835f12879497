"""Rings around a centre, as a bullseye: the area of each is as many people as it holds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from commissioning.charts.option import (
    INK,
    OURS,
    QUIET,
    Option,
    both_widths,
    frame,
    written,
)

# From the centre outwards; told apart by lightness, and each by its label and line.
SHADES = (OURS, "#5d6f7b", "#a9b4bc", "#e1e6e9")
SIDE, RADIUS = 400, 190  # pixels of the square that the rings stand in
NARROW_SIDE, NARROW_RADIUS = 280, 130
LINE = 34  # pixels a label takes under the rings of a narrow picture
HEIGHT = 460


@dataclass(frozen=True)
class Ring:
    """So many in one ring. Without a value its `sign` stands in the label and no ring is drawn."""

    name: str
    value: int | None
    sign: str = ""


@dataclass(frozen=True)
class Rings:
    """Rings in order from the centre outwards; at most four."""

    title: str
    description: str
    rings: Sequence[Ring]
    subtitle: str = ""


def ring_chart(chart: Rings) -> Option:
    if len(chart.rings) > len(SHADES):
        raise ValueError(f"A bullseye has at most {len(SHADES)} rings.")
    return both_widths(partial(_rings, chart))


def radii(values: Sequence[int | None], whole: float) -> list[float]:
    """The outer radius of each ring so that areas are as the values; the last is `whole`."""
    total, sum_so_far = sum(one or 0 for one in values), 0
    found = []
    for one in values:
        sum_so_far += one or 0
        found.append(whole * math.sqrt(sum_so_far / total) if total else 0.0)
    return found


def _rings(chart: Rings, narrow: bool) -> Option:  # noqa: FBT001
    side, whole = (NARROW_SIDE, NARROW_RADIUS) if narrow else (SIDE, RADIUS)
    below = LINE * len(chart.rings) + 16 if narrow else 0
    outer = radii([one.value for one in chart.rings], whole)
    centre = (side / 2, below + side / 2)
    circles = [
        _circle(one, 2 * radius, shade, centre)
        for one, radius, shade in zip(chart.rings, outer, SHADES, strict=False)
        if one.value
    ]
    labels = [
        _label(one, shade, _beside(place, len(chart.rings), side, narrow=narrow))
        for place, (one, shade) in enumerate(zip(chart.rings, SHADES, strict=False))
    ]
    return {
        **frame(title=chart.title, subtitle=chart.subtitle, description=chart.description),
        "grid": {"left": 0, "top": 8, "width": side, "height": side + below},
        "xAxis": {"type": "value", "min": 0, "max": side, "show": False},
        "yAxis": {"type": "value", "min": 0, "max": side + below, "show": False},
        "series": [
            # The widest first, so that each covers the middle of the one around it.
            {"type": "scatter", "clip": False, "data": list(reversed(circles))},
            {"type": "scatter", "clip": False, "silent": True, "data": labels},
        ],
    }


def _beside(place: int, rings: int, side: int, *, narrow: bool) -> tuple[float, float]:
    """Where a label stands: right of the rings, the outermost on top, or below them."""
    if narrow:
        return (14, LINE * (place + 0.5))
    return (side + 34, side / 2 + (place - (rings - 1) / 2) * side / (rings + 1))


def _circle(one: Ring, across: float, shade: str, centre: tuple[float, float]) -> Option:
    return {
        "name": one.name,
        "value": [*centre],
        "symbol": "circle",
        "symbolSize": across,
        "itemStyle": {"color": shade, "borderColor": "#ffffff", "borderWidth": 2, "opacity": 1},
        "tooltip": {"formatter": f"{one.name}\n{_said(one)}"},
    }


def _label(one: Ring, shade: str, at: tuple[float, float]) -> Option:
    return {
        "name": one.name,
        "value": [*at],
        "symbol": "roundRect",
        "symbolSize": 16,
        "itemStyle": {"color": shade, "borderColor": QUIET, "borderWidth": 1, "opacity": 1},
        "label": {
            "show": True,
            "position": "right",
            "distance": 8,
            "formatter": f"{one.name}: {_said(one)}",
            "color": INK,
            "fontSize": 13,
            "fontWeight": 600,
        },
    }


def _said(one: Ring) -> str:
    return one.sign if one.value is None and one.sign else written(one.value, "count")
