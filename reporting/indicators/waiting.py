"""Waiting lists at the end of a period: what was asked for and had not begun.

A stock: a quarter or year shows the list at its close, or on the last day known of it.
"""

from django.db.models import Q

from reporting.indicators.words import Count, Family, Rule
from reporting.models import WaitingResult

OPEN = Q(offered=False)
LONG = Q(days__gte=Rule("long_wait_days"))
FIRST = Q(is_first=True)


class Waiting(Family):
    """Structured interventions asked for and not begun on the day."""

    code = "waiting"
    unit = "interventions waited for"
    results = WaitingResult
    rows = "waiting.sql"
    counts = {
        "open_waits": Count(OPEN),
        "open_first": Count(OPEN & FIRST),
        "open_long": Count(OPEN & LONG),
        "open_first_long": Count(OPEN & FIRST & LONG),
        "offered_not_started": Count(Q(offered=True)),
    }
