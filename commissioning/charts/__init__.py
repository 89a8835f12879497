"""Charts: told in our own words, made into an ECharts option, drawn here and in the browser.

A chart is a frozen value (`TimeSeries`, `Bars`, `Distribution`, `Funnel`); its builder makes the
option, plain data that is tested here, drawn by `draw` on the server and again by `charts.js`.
"""

from commissioning.charts.answers import as_asked, as_json, as_svg, in_both_forms
from commissioning.charts.bars import Bar, Bars, Distribution, bar_chart, distribution_chart
from commissioning.charts.drawing import DrawingFailed, draw
from commissioning.charts.funnel import Funnel, FunnelPoint, Limits, funnel_chart
from commissioning.charts.heat_map import HeatMap, HeatRow, heat_map
from commissioning.charts.option import Option, TooManySeries, Unit
from commissioning.charts.rings import Ring, Rings, ring_chart
from commissioning.charts.stacked import StackedBars, StackedPart, stacked_chart
from commissioning.charts.time_series import (
    Annotation,
    Point,
    Series,
    TimeSeries,
    time_series_chart,
)
from commissioning.charts.timeline import Mark, Span, Timeline, timeline_chart

__all__ = [
    "Annotation",
    "Bar",
    "Bars",
    "Distribution",
    "DrawingFailed",
    "Funnel",
    "FunnelPoint",
    "HeatMap",
    "HeatRow",
    "Limits",
    "Mark",
    "Option",
    "Point",
    "Ring",
    "Rings",
    "Series",
    "Span",
    "StackedBars",
    "StackedPart",
    "TimeSeries",
    "Timeline",
    "TooManySeries",
    "Unit",
    "as_asked",
    "as_json",
    "as_svg",
    "bar_chart",
    "distribution_chart",
    "draw",
    "funnel_chart",
    "heat_map",
    "in_both_forms",
    "ring_chart",
    "stacked_chart",
    "time_series_chart",
    "timeline_chart",
]
