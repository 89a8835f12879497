"""Bars made of parts: what a whole is made up of, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from commissioning.charts.option import (
    INK,
    Option,
    Unit,
    both_widths,
    category_axis,
    frame,
    refuse_too_many,
    value_axis,
    written,
)

# One hue from dark to light, so that neighbours differ also in grey; white lines between.
SHADES = ("#003087", "#005eb8", "#5d9bd3", "#a9c8e6", "#4c6272", "#919ea8", "#d8dde0")
_LIGHT = frozenset({"#5d9bd3", "#a9c8e6", "#919ea8", "#d8dde0"})
_ROOM_FOR_A_LABEL = 0.14  # of the longest bar


@dataclass(frozen=True)
class StackedPart:
    """One part in every bar; a value of nought or None is not drawn."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class StackedBars:
    """Bars by name, from the top, and the parts each is made of, seven at most."""

    title: str
    description: str
    bars: Sequence[str]
    parts: Sequence[StackedPart]
    unit: Unit
    subtitle: str = ""

    @property
    def height(self) -> int:
        """The height in pixels that leaves each bar and the names of the parts their room."""
        return 130 + 34 * len(self.bars)


def stacked_chart(chart: StackedBars) -> Option:
    """Raises `TooManySeries` beyond seven parts."""
    refuse_too_many(len(chart.parts))
    return both_widths(partial(_stacked, chart))


def _stacked(chart: StackedBars, narrow: bool) -> Option:  # noqa: FBT001
    axis = category_axis(list(chart.bars), inverse=True)
    axis["axisLabel"] = {"color": INK, "fontSize": 13, "interval": 0}
    sums = [sum(part.values[at] or 0 for part in chart.parts) for at in range(len(chart.bars))]
    values = value_axis(chart.unit)
    if narrow:
        values["splitNumber"] = 2
    return {
        **frame(title=chart.title, subtitle=chart.subtitle, description=chart.description),
        "legend": {
            "show": True,
            "left": 0,
            "top": 0,
            "type": "plain",
            "itemWidth": 14,
            "itemHeight": 14,
            "textStyle": {"color": INK, "fontSize": 13},
        },
        "grid": {
            "left": 8,
            "right": 24,
            "top": 96 if narrow else 60,
            "bottom": 8,
            "containLabel": True,
        },
        "xAxis": values,
        "yAxis": axis,
        "series": [
            _part(chart, part, SHADES[place], max(sums, default=0))
            for place, part in enumerate(chart.parts)
        ],
    }


def _part(chart: StackedBars, part: StackedPart, shade: str, longest: float) -> Option:
    return {
        "name": part.name,
        "type": "bar",
        "stack": "whole",
        "barMaxWidth": 24,
        "itemStyle": {"color": shade, "borderColor": "#ffffff", "borderWidth": 1},
        "data": [_piece(chart, part, place, shade, longest) for place in range(len(chart.bars))],
    }


def _piece(
    chart: StackedBars, part: StackedPart, place: int, shade: str, longest: float
) -> Option:
    value = part.values[place]
    said = written(value, chart.unit)
    return {
        "value": value or None,
        "tooltip": {"formatter": f"{chart.bars[place]}\n{part.name}: {said}"},
        "label": {
            "show": bool(value) and (value or 0) >= longest * _ROOM_FOR_A_LABEL,
            "position": "inside",
            "formatter": said,
            "color": INK if shade in _LIGHT else "#ffffff",
            "fontSize": 13,
            "fontWeight": 600,
        },
    }
