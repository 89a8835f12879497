"""Waits for a structured intervention, counted together.

A wait runs from the referral for the intervention to the first appointment offered. Each is in
the period in which the intervention started. It is the first of its journey or a subsequent one.
"""

from django.db.models import Q

from reporting.indicators.words import Count, DaysOf, Family, Longest, Rule
from reporting.models import WaitResult

TURNS = {"first": Q(is_first=True), "subsequent": Q(is_first=False)}
GROUPS = {
    "voluntary": (Q(voluntary=True), "wait_target_days"),
    "everyone": (Q(), "wait_target_days"),
    "pregnant": (Q(pregnant=True), "pregnant_target_days"),
    "criminal_justice": (Q(criminal_justice=True), "criminal_justice_target_days"),
    "stimulant": (Q(stimulant=True), "stimulant_target_days"),
}
WITH_LENGTHS = ("voluntary", "everyone")


def _of_a_group(turn: str, group: str) -> dict[str, Count]:
    """What is counted of one group's first or subsequent waits."""
    of_group, target = GROUPS[group]
    rows = TURNS[turn] & of_group
    waits = rows & Q(days__gte=0)
    counts = {
        "waits": Count(waits),
        "within": Count(waits & Q(days__lte=Rule(target))),
        "negative": Count(rows & Q(days__lt=0)),
        "missing": Count(rows & Q(days__isnull=True)),
    }
    if group in WITH_LENGTHS:
        counts |= {
            "long": Count(waits & Q(days__gte=Rule("long_wait_days"))),
            "days": DaysOf(waits),
            "longest": Longest(waits),
        }
    return {f"{turn}_{group}_{what}": count for what, count in counts.items()}


class Waits(Family):
    """Started structured interventions."""

    code = "waits"
    unit = "interventions started"
    results = WaitResult
    rows = "waits.sql"
    columns = ("days",)
    counts = {
        name: count
        for turn in TURNS
        for group in GROUPS
        for name, count in _of_a_group(turn, group).items()
    }
