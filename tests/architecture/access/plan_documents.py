"""What reporting adds to a plan: its forecast and its document."""

import datetime as dt

from reporting.models import Forecast
from tests.architecture.access.plan_lines import READERS, plan, seen
from tests.architecture.access_table import Row


def forecast(name):
    """A plan that was forecast."""

    def where(world):
        shown = getattr(world, name)
        day = dt.date(2007, 2, 15)
        pounds = dict.fromkeys(("planned", "committed", "paid", "expected"), 0)
        Forecast.objects.get_or_create(
            plan=shown,
            line=None,
            stream=None,
            month=day.replace(day=1),
            defaults={"as_at": day, "basis": "PLAN", **pounds},
        )
        return plan(name)(world)

    return where


ROWS = [
    row
    for url, place in (
        ("reporting:plan-forecast", forecast),
        ("reporting:plan-forecast-svg", forecast),
        ("reporting:plan-forecast-json", forecast),
        ("reporting:plan-document", plan),
        ("reporting:plan-document-pdf", plan),
    )
    for row in (
        Row(url, seen("partnership", *READERS), place("plan"), "our own"),
        Row(url, seen("other_partnership", "national_reviewer"), place("other_plan"), "of others"),
    )
]
