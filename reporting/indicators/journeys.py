"""Journeys in the period they began, and those of them known to have lasted."""

from django.db.models import Q

from reporting.indicators.words import Count, Family
from reporting.models import JourneyResult

KNOWN = Q(is_known=True)


class Journeys(Family):
    """Journeys of the first episode's partnership and agency."""

    code = "journeys"
    unit = "journeys"
    results = JourneyResult
    rows = "journeys.sql"
    counts = {
        "journeys": Count(Q()),
        "known": Count(KNOWN, known_by="known_on"),
        "not_yet_known": Count(~KNOWN),
        "retained": Count(KNOWN & Q(lasted=True), known_by="known_on"),
        "effective": Count(KNOWN & (Q(lasted=True) | Q(planned=True)), known_by="known_on"),
    }
