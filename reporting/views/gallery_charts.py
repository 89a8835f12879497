"""Invented charts for the gallery: one of each kind, with its table."""

import math

from commissioning import charts
from commissioning.charts.cartogram import Cartogram, MapBlock, MapTile, bounds_of, steps_of
from commissioning.charts.rings import HEIGHT as RINGS_HEIGHT
from commissioning.components import Chart, DataTable
from commissioning.kernel.words import MISSING, pounds

Told = (
    charts.TimeSeries
    | charts.Bars
    | charts.Distribution
    | charts.Funnel
    | charts.Rings
    | charts.StackedBars
    | charts.HeatMap
)

PERIODS = (
    "Apr–Jun 2005",
    "Jul–Sep 2005",
    "Oct–Dec 2005",
    "Jan–Mar 2006",
    "Apr–Jun 2006",
    "Jul–Sep 2006",
    "Oct–Dec 2006",
)
SHARES = {
    "Northshire": (71, 78, 85, 91, 92, 90, 83),
    "North West": (68, 72, 80, 84, 86, 88, 89),
    "England": (66, 71, 77, 81, 84, 85, 87),
}
STEPS = ("0–1", "1–2", "2–3", "3–4", "4–5", "5–6", "6–7", "7 or more")
WAITED = (142, 118, 82, 31, 14, 9, 6, 10)


def options() -> dict[str, tuple[charts.Option, int]]:
    """The option and height of each sample chart."""
    bars, stacked, heat = _bars(), _stacked(), _heat_map()
    return {
        "waits": (charts.time_series_chart(_time_series()), 380),
        "areas": (charts.bar_chart(bars), bars.height),
        "distribution": (charts.distribution_chart(_distribution()), 340),
        "funnel": (charts.funnel_chart(_funnel()), 400),
        "rings": (charts.ring_chart(_rings()), RINGS_HEIGHT),
        "stacked": (charts.stacked_chart(stacked), stacked.height),
        "heat": (charts.heat_map(heat), heat.height),
    }


def shown_charts() -> list[Chart]:
    series, bars, spread, funnel = _time_series(), _bars(), _distribution(), _funnel()
    rings, stacked, heat = _rings(), _stacked(), _heat_map()
    tabled: dict[str, tuple[Told, DataTable]] = {
        "waits": (series, DataTable(
            ["Period", *SHARES],
            [[period, *(f"{shares[place]}%" for shares in SHARES.values())]
             for place, period in enumerate(PERIODS)])),
        "areas": (bars, DataTable(
            ["Partnership", "Within three weeks"],
            [[bar.name, "–" if bar.value is None else f"{bar.value:.0f}%"] for bar in bars.bars])),
        "distribution": (spread, DataTable(
            ["Weeks waited", "People"],
            [[step, str(number)] for step, number in zip(STEPS, WAITED, strict=True)])),
        "funnel": (funnel, DataTable(
            ["Partnership", "People", "Share"],
            [[one.name, f"{one.n}", f"{one.share:.0f}%"] for one in funnel.points])),
        "rings": (rings, DataTable(
            ["Ring", "People"],
            [[one.name, one.sign or f"{one.value:,}"] for one in rings.rings])),
        "stacked": (stacked, DataTable(
            ["Tier", *(part.name for part in stacked.parts)],
            [[bar, *(pounds(part.values[at]) for part in stacked.parts)]
             for at, bar in enumerate(stacked.bars)])),
        "heat": (heat, DataTable(
            ["Service", *heat.columns],
            [[row.name, *("–" if one is None else f"{one:.0%}" for one in row.shares)]
             for row in heat.rows])),
    }  # fmt: skip
    return [
        Chart(
            identifier=name, title=told.title, subtitle=told.subtitle,
            description=told.description, table=table, svg_href=f"chart.svg?chart={name}",
            json_href=f"chart.json?chart={name}", csv_href="list.csv",
            definition_href="#definition", height=options()[name][1],
        )
        for name, (told, table) in tabled.items()
    ]  # fmt: skip


def _time_series() -> charts.TimeSeries:
    return charts.TimeSeries(
        title="Waits within target fell to 83% after a service closed",
        subtitle="First waits within three weeks, Northshire, by quarter",
        description="Line chart. Northshire rose from 71% to 92%, then fell to 83% in October to "
        "December 2006, below the target of 90% and below the North West and England.",
        periods=PERIODS, unit="percent", target=90,
        series=[
            charts.Series(
                name,
                [charts.Point(share, n=400 + place, provisional=place == len(shares) - 1)
                 for place, share in enumerate(shares)],
                "ours" if name == "Northshire" else "context",
            )
            for name, shares in SHARES.items()
        ],
        annotations=[charts.Annotation("Jul–Sep 2006", "Harbour closed")],
    )  # fmt: skip


def _bars() -> charts.Bars:
    names = ("Bolton", "Bury", "Northshire", "Oldham", "Rochdale", "Salford", "Wigan")
    shares = (94, 91, 83, None, 89, 72, 87)
    return charts.Bars(
        title="Two partnerships are below the target with certainty",
        subtitle="First waits within three weeks, October to December 2006, with 95% limits",
        description="Bar chart of seven partnerships against the target of 90%. Salford is "
        "lowest with 72%, Northshire has 83%.",
        unit="percent", target=90,
        bars=[
            charts.Bar(
                name, share, "ours" if name == "Northshire" else
                "signal" if name == "Salford" else "context",
                n=None if share is None else 200,
                low=None if share is None else share - 5,
                high=None if share is None else share + 4,
            )
            for name, share in zip(names, shares, strict=True)
        ],
    )  # fmt: skip


def _distribution() -> charts.Distribution:
    return charts.Distribution(
        title="70 of 412 people waited longer than three weeks",
        subtitle="First waits, Northshire, October to December 2006",
        description="Column chart of waits by week. Half waited 1.6 weeks or less; 70 people "
        "waited three weeks or more.",
        steps=STEPS, counts=WAITED, step_name="Weeks waited", beyond=3,
        markers=[(1.6, "Median 1.6"), (3, "Target 3 weeks")],
    )  # fmt: skip


def _rings() -> charts.Rings:
    return charts.Rings(
        title="Northshire: 46% of those estimated are in treatment",
        subtitle="People, 2006/07",
        description="Rings from the centre outwards, each as large as its people. In treatment "
        "now: 890; left treatment this year: held back; known, not in treatment: 310; estimated, "
        "known to nobody: 743.",
        rings=[
            charts.Ring("In treatment now", 890),
            charts.Ring("Left treatment this year", None, "*"),
            charts.Ring("Known, not in treatment", 310),
            charts.Ring("Estimated, known to nobody", 743),
        ],
    )


def _stacked() -> charts.StackedBars:
    return charts.StackedBars(
        title="Tier 3 takes £641,000, 58% of the money",
        subtitle="Money by tier and stream, Northshire, 2006/07",
        description="Bars of what each tier costs, made of the streams that pay for it. "
        "Tier 2: £214,000. Tier 3: £641,000. Tier 4: £247,000.",
        bars=["Tier 2", "Tier 3", "Tier 4"],
        parts=[
            charts.StackedPart("Pooled treatment budget", [132_000, 402_000, 98_000]),
            charts.StackedPart("PCT mainstream", [None, 239_000, None]),
            charts.StackedPart("Drug interventions", [82_000, None, None]),
            charts.StackedPart("Community care", [None, None, 149_000]),
        ],
        unit="pounds",
    )


def _heat_map() -> charts.HeatMap:
    shares = (
        ("Harbour House", (1, 1, 0.9, 0.9, 0.8, 0.8, 0.7, 0.7, 0.8, 0.9, 1, 1, 1, 0.9)),
        ("The Mill", (0.5, 0.5, 0.4, 0.4, None, None, 0.1, 0.2, 0.2, 0.3, 0.4, 0.4, 0.5, 0.6)),
    )
    return charts.HeatMap(
        title="73% of bed-days available were occupied",
        subtitle="Occupancy of each service, night by night, Northshire, 1 to 14 February 2007",
        description="A row for each service, a column for each night. Harbour House was nearly "
        "full; The Mill stood half empty and was closed for two nights.",
        columns=[str(night) for night in range(1, 15)],
        rows=[charts.HeatRow(name, row) for name, row in shares],
    )


def _funnel() -> charts.Funnel:
    centre = 78.0

    def limits(n: int) -> charts.Limits:
        error = math.sqrt(centre * (100 - centre) / n)
        return charts.Limits(
            n=n,
            low=max(centre - 1.96 * error, 0),
            high=min(centre + 1.96 * error, 100),
            outer_low=max(centre - 3.09 * error, 0),
            outer_high=min(centre + 3.09 * error, 100),
        )

    others = [
        charts.FunnelPoint(
            f"Area {place}", 60 + 19 * place, centre + ((place * 37) % 13 - 6) * 0.7
        )
        for place in range(1, 46)
    ]
    return charts.Funnel(
        title="Northshire lies within what chance allows; Salford does not",
        subtitle="Kept in treatment for 12 weeks by number of starts, 2005/06",
        description="Funnel plot of 47 areas around England's 78%. Salford, 66% of 600, lies "
        "below the 99.8% limits.",
        points=[*others, charts.FunnelPoint("Northshire", 412, 83, ours=True),
                charts.FunnelPoint("Salford", 600, 66, outside=True)],
        limits=[limits(n) for n in range(30, 1001, 10)],
        centre=centre, centre_words="England 78%", size_name="Starts", smallest=50,
    )  # fmt: skip


def sample_map() -> Cartogram:
    """Twelve partnerships of one region; of one nothing is known."""
    values = (4, 11, 0, 2, 7, 5, None, 9, 3, 1, 14, 6)
    known = [float(one) for one in values if one is not None]
    return Cartogram(
        title="Places free tonight, North East",
        description="Most in Area 11 (14), least in Area 3 (0). Not shown of 1.",
        measure="Places free tonight",
        tiles=[
            MapTile(
                place % 3, place // 3, f"00E{place:X}", f"Area {place + 1}", value,
                MISSING if value is None else str(value), "#map",
            )
            for place, value in enumerate(values)
        ],
        blocks=[MapBlock("North East", 0, 0)],
        bounds=bounds_of(known),
        steps=[f"{low:.0f} to {high:.0f}" for low, high in steps_of(known)],
    )  # fmt: skip
