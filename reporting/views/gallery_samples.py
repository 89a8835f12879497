"""Invented contents for the gallery: every component in each of its tones."""

import datetime as dt
from typing import Any

import django_filters
import django_tables2
from django import forms

from commissioning import tables
from commissioning.components import (
    AsAt,
    Card,
    Fact,
    Figure,
    Happening,
    Progress,
    Scale,
    Summary,
    WorkItem,
)
from commissioning.filter_chips import FromTo

DAY = dt.date(2007, 2, 15)

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
