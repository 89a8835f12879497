"""Invented contents for the gallery: every component in each of its tones."""

import datetime as dt
import math
from typing import Any

import django_filters
import django_tables2
from django import forms

from commissioning import charts, tables
from commissioning.charts.cartogram import Cartogram, MapBlock, MapTile, bounds_of, steps_of
from commissioning.charts.rings import HEIGHT as RINGS_HEIGHT
from commissioning.components import (
    AsAt,
    Card,
    Chart,
    DataTable,
    Fact,
    Figure,
    Happening,
    Progress,
    Scale,
    Summary,
    WorkItem,
)
from commissioning.filter_chips import FromTo
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

DAY = dt.date(2007, 2, 15)
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

AS_AT = AsAt(DAY, "146 of 149 partnerships", "2006/07, version 2", provisional=True)
FINAL = AsAt(
    dt.date(2006, 9, 30), "149 of 149 partnerships", "2006/07, version 1", provisional=False
)

FIGURES = [
    Figure(
        label="First waits within three weeks", value="83%", target="Target 90%", direction="down",
        change="7 points down on July to September 2006", verdict="Below target", tone="bad",
        limits="95% limits 79% to 87%", n="412 first interventions",
        scale=Scale(83, target=90, low=79, high=87), definition_href="#definition",
    ),
    Figure(
        label="Kept in treatment for 12 weeks", value="78%", target="Target 75%", direction="up",
        change="2 points up on July to September 2006", verdict="On target", tone="good",
        limits="95% limits 74% to 82%", n="398 starts",
        scale=Scale(78, target=75, low=74, high=82), definition_href="#definition",
    ),
    Figure(
        label="Planned exits", value="41%", target="Target 43%", direction="level",
        change="no change on July to September 2006", verdict="Close to target", tone="watch",
        limits="95% limits 35% to 47%", n="261 exits (p)",
        scale=Scale(41, target=43, low=35, high=47), definition_href="#definition",
    ),
    Figure(
        label="Average wait for rehabilitation", value="*", verdict="Suppressed", tone="plain",
        n="fewer than five people", definition_href="#definition",
    ),
]  # fmt: skip
CARDS = [
    Card("14 people", "have waited six weeks or more, 5 of them new this week.",
         "Review long waits", "#cards", "bad", "Worse than last week"),
    Card("2 returns", "for January have not come; the cut-off is in 6 days.",
         "See who", "#cards", "watch", "Due soon"),
    Card("83%", "of first waits were within three weeks; the target is 90%.",
         "See the waits", "#cards", "info"),
    Card("78%", "were kept in treatment for 12 weeks, above the target of 75%.",
         "See retention", "#cards", "good", "On target"),
]  # fmt: skip
WORK = [
    WorkItem("Review the long wait NW-0417", "#work", dt.date(2007, 2, 9),
             "Waits 51 days for residential rehabilitation", late=True),
    WorkItem("Confirm the January return of Harbour Recovery", "#work", dt.date(2007, 2, 21),
             "312 rows, 4 findings to answer"),
    WorkItem("Invite a keyworker", "#work"),
]  # fmt: skip
SUMMARY = Summary(
    "Return 2007-01 of Harbour Recovery", "Waiting to be confirmed", "watch",
    [Fact("Month", "January 2007"), Fact("Rows", "312"),
     Fact("Findings", "4 to answer", "#summary"), Fact("Sent by", "Ann Keane"),
     Fact("Sent on", "14 February 2007")],
)  # fmt: skip
SENT_AT = dt.datetime(2007, 2, 14, 11, 2, tzinfo=dt.UTC)
HISTORY = [
    Happening("Confirmed the return", "Ann Keane", SENT_AT + dt.timedelta(hours=3),
              "The four clients without a postcode have no fixed address."),
    Happening("Answered the findings", "Ann Keane", SENT_AT + dt.timedelta(hours=2),
              details=("3 accepted with a reason", "1 row corrected")),
    Happening("Sent the return", "Ann Keane", SENT_AT),
]  # fmt: skip
PROGRESS = [
    Progress("Checking the return", 7_000, 12_000, "About 20 seconds left", poll_href="progress/"),
    Progress("Return checked", 12_000, 12_000, over=True, tone="good"),
    Progress("Stopped by a fault after 9,000 rows. Nothing was changed: start it again.",
             over=True, tone="bad"),
]  # fmt: skip


class SampleFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Filters of the kinds a list uses."""

    reference = django_filters.CharFilter(label="Reference contains")
    region = django_filters.MultipleChoiceFilter(
        label="Region",
        choices=[("NE", "North East"), ("NW", "North West"), ("LON", "London")],
        widget=forms.CheckboxSelectMultiple,
    )
    state = django_filters.ChoiceFilter(
        label="State", choices=[("DRAFT", "Draft"), ("LIVE", "Live")], empty_label="Any"
    )
    value = django_filters.RangeFilter(label="Value in pounds", widget=FromTo)


class SampleTable(tables.Table):
    """A list with every kind of column."""

    caption = "Contracts"
    counted = ("contract", "contracts")

    name = tables.NameColumn(verbose_name="Partnership", href=lambda _: "#table")
    state = tables.TagColumn(verbose_name="State", tone=lambda row: row["live"])
    first_waits = tables.PercentColumn(verbose_name="First waits within 3 weeks")
    verdict = tables.TagColumn(verbose_name="Verdict", tone=lambda row: row["tone"], verdict=True)
    wait = tables.WeeksColumn(verbose_name="Mean wait, weeks")
    people = tables.CountColumn(verbose_name="In treatment")
    value = tables.PoundsColumn(verbose_name="Annual value")
    ends_on = tables.DayColumn(verbose_name="Ends")


class SampleForm(forms.Form):
    """A form as crispy draws it."""

    file = forms.FileField(
        label="The return",
        help_text="A CSV file of at most 200 MB.",
        error_messages={"required": "Choose the file of the return"},
    )
    month = forms.CharField(label="Month", help_text="For example, 2007-01.")
    kind = forms.ChoiceField(
        label="What is in it?",
        choices=[("whole", "Everything of the month"), ("late", "Only late records")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what is in the return"},
    )
    reason = forms.CharField(
        label="Why is it late?",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why the return is late"},
    )


def sample_table() -> SampleTable:
    names = ("Northshire", "Bolton", "Bury", "Kensington and Chelsea", "Manchester", "Oldham",
             "Rochdale", "Salford", "Stockport", "Tameside", "Trafford", "Wigan")  # fmt: skip
    verdicts = (("Below target", "bad"), ("On target", "good"), ("Close to target", "watch"))
    rows: list[dict[str, Any]] = [
        {
            "name": name, "state": ("Live", "Draft")[place % 4 == 3],  # noqa: PLR2004
            "live": ("info", "plain")[place % 4 == 3],  # noqa: PLR2004
            "first_waits": None if place == 5 else 0.72 + 0.021 * place,  # noqa: PLR2004
            "verdict": verdicts[place % 3][0], "tone": verdicts[place % 3][1],
            "wait": 3.4 - 0.13 * place, "people": 412 + 97 * place,
            "value": 1_174_983 - 61_250 * place, "ends_on": dt.date(2008, 3, 31),
        }
        for place, name in enumerate(names)
    ]  # fmt: skip
    return SampleTable(rows)


def configured(request: Any) -> django_tables2.Table:
    table = sample_table()
    django_tables2.RequestConfig(request, paginate={"per_page": 8}).configure(table)
    return table


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
