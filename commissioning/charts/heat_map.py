"""Shares in a grid: a row for each of several things, a column for each of several days."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from commissioning.charts.option import INK, Option, both_widths, category_axis, frame
from commissioning.kernel import words

# One hue from light to dark, which is from empty to full; a cell of nothing is white and crossed.
EMPTY, FULL = "#e8f0f8", "#003087"
ROW = 30  # pixels


@dataclass(frozen=True)
class HeatRow:
    """A row by name: a share between 0 and 1 for each column, None where there is none."""

    name: str
    shares: Sequence[float | None]


@dataclass(frozen=True)
class HeatMap:
    """The title says the finding. Rows stand in the order given, from the top."""

    title: str
    description: str
    columns: Sequence[str]
    rows: Sequence[HeatRow]
    subtitle: str = ""

    @property
    def height(self) -> int:
        """The height in pixels that leaves each row its room."""
        return 120 + ROW * len(self.rows)


def heat_map(chart: HeatMap) -> Option:
    return both_widths(partial(_heat_map, chart))


def _heat_map(chart: HeatMap, narrow: bool) -> Option:  # noqa: FBT001
    down = category_axis([one.name for one in chart.rows], inverse=True)
    down["axisLabel"] = {
        "color": INK,
        "fontSize": 13,
        "interval": 0,
        "width": 90 if narrow else 190,
        "overflow": "truncate",
    }
    known, unknown = _cells(chart)
    return {
        **frame(title=chart.title, subtitle=chart.subtitle, description=chart.description),
        "legend": {"show": False},
        "grid": {"left": 8, "right": 12, "top": 8, "bottom": 56, "containLabel": True},
        "xAxis": category_axis(list(chart.columns)),
        "yAxis": down,
        "visualMap": {
            "type": "continuous",
            "min": 0,
            "max": 100,
            "orient": "horizontal",
            "left": "center",
            "bottom": 0,
            "itemWidth": 12,
            "itemHeight": 160,
            "text": ["100%", "0%"],
            "textStyle": {"color": INK, "fontSize": 13},
            "inRange": {"color": [EMPTY, "#7fa6d1", FULL]},
            "seriesIndex": 0,
        },
        "series": [
            {
                "type": "heatmap",
                "data": known,
                "itemStyle": {"borderColor": "#ffffff", "borderWidth": 1},
            },
            {
                "type": "scatter",
                "symbol": "path://M0,0L10,10M10,0L0,10",
                "symbolSize": 8,
                "silent": True,
                "itemStyle": {"color": "none", "borderColor": "#919ea8", "borderWidth": 1},
                "data": unknown,
            },
        ],
    }


def _cells(chart: HeatMap) -> tuple[list[Option], list[list[int]]]:
    """Cells with a share, and the places of those without."""
    known: list[Option] = []
    unknown: list[list[int]] = []
    for at, row in enumerate(chart.rows):
        for number, share in enumerate(row.shares):
            if share is None:
                unknown.append([number, at])
                continue
            said = f"{row.name}, {chart.columns[number]}: {words.percent(share)}"
            known.append(
                {"value": [number, at, round(share * 100, 1)], "tooltip": {"formatter": said}}
            )
    return known, unknown
