"""Ends of journeys, by the reason of the last discharge."""

from django.db.models import Q

from reporting.indicators.words import Count, Family, Rule
from reporting.models import ExitResult

MISSING = Q(reason="")
NO_TREATMENT = Q(reason__in=Rule("left_out_exit_codes"))
COUNTS = ~MISSING & ~NO_TREATMENT


class Exits(Family):
    """Journeys that ended."""

    code = "exits"
    unit = "journeys ended"
    results = ExitResult
    rows = "exits.sql"
    counts = {
        "exits": Count(Q()),
        "provisional": Count(COUNTS & Q(is_provisional=True)),
        "reason_missing": Count(MISSING),
        "reason_left_out": Count(NO_TREATMENT),
        "counted": Count(COUNTS),
        "planned_2006": Count(COUNTS & Q(reason__in=Rule("planned_exit_codes_2006"))),
        "planned_2009": Count(COUNTS & Q(reason__in=Rule("planned_exit_codes_2009"))),
        "transfers_2009": Count(COUNTS & Q(reason__in=Rule("transfer_exit_codes_2009"))),
    }
