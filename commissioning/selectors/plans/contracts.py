"""Contracts behind a plan's lines that come to an end, for whoever has to buy again."""

from commissioning.kernel.periods import Period
from commissioning.models import Line, Plan


def contracts_ending(plan: Plan, year: Period) -> list[Line]:
    """Lines whose contract ends inside the year, the first to end first. One query."""
    return list(
        plan.lines.select_related("provider", "intervention")
        .filter(ends_on__range=(year.start, year.last_day))
        .order_by("ends_on", "position", "number")
    )
