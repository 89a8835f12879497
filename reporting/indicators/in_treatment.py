"""People in structured treatment: counted afresh for every kind of area, never added up."""

from django.db.models import Q

from reporting.indicators.words import Count, Family
from reporting.models import TreatmentResult


class InTreatment(Family):
    """People between a first structured start and the discharge, in each period that meets it.

    A person is counted once in an area and period, and in a breakdown where the latest of the
    episodes that meet the period puts them; by intervention, in each that was received.
    """

    code = "treatment"
    unit = "people"
    results = TreatmentResult
    counts = {"people": Count(Q())}
    additive = False
