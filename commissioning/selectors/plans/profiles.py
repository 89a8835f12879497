"""Many plans through their year at once: their profile on a day, and how their reports stand."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery, Sum

from commissioning.choices import ReportState
from commissioning.kernel.money import ZERO, whole_pennies
from commissioning.kernel.periods import Grain, periods_between
from commissioning.models import Allocation, LineTrajectory, QuarterReport
from commissioning.models.plans import year_period
from commissioning.rules.profiles import QUARTERS


@dataclass(frozen=True)
class ReportCount:
    """How many of a plan's quarterly reports are signed, and how many late."""

    signed: int = 0
    late: int = 0
    late_since: dt.date | None = None


def profiles_on(planned: Mapping[int, Decimal], *, year: int, on: dt.date) -> dict[int, Decimal]:
    """What each plan is meant to have spent by the end of the day; pounds. One statement.

    `planned` is what the ledger holds as planned of each. Between the ends of two quarters it goes
    evenly. A line without a profile is spent evenly.
    """
    period = year_period(year)
    if on < period.start:
        return dict.fromkeys(planned, ZERO)
    if on >= period.end:
        return {plan: after for plan, (_, after) in _ends(planned, QUARTERS).items()}
    quarters = list(periods_between(period.start, period.last_day, Grain.QUARTER))
    over = sum(one.last_day < on for one in quarters)
    running = quarters[over]
    gone = Decimal((on - running.start).days + 1) / running.days
    return {
        plan: whole_pennies(before + (after - before) * gone)
        for plan, (before, after) in _ends(planned, over + 1).items()
    }


def _ends(planned: Mapping[int, Decimal], quarter: int) -> dict[int, tuple[Decimal, Decimal]]:
    """The profile by the beginning and by the end of a quarter (1 is April to June)."""
    of_line = (
        Allocation.objects.filter(line=OuterRef("line"))
        .order_by()
        .values("line")
        .annotate(planned=Sum("planned"))
        .values("planned")
    )
    # Of each line the largest step stated by then: a quarter left out counts as the one before.
    stated = (
        LineTrajectory.objects.filter(line__plan__in=list(planned), spend__isnull=False)
        .order_by()
        .values("line__plan", "line")
        .annotate(
            before=Max("spend", filter=Q(quarter__lt=quarter)),
            after=Max("spend", filter=Q(quarter__lte=quarter)),
            planned=Subquery(of_line),
        )
        .values_list("line__plan", "before", "after", "planned")
    )
    begun, ended, even = dict.fromkeys(planned, ZERO), dict.fromkeys(planned, ZERO), {**planned}
    for plan, before, after, line_planned in stated:
        begun[plan] += before or ZERO
        ended[plan] += after or ZERO
        even[plan] -= line_planned or ZERO
    return {
        plan: (
            begun[plan] + even[plan] * (quarter - 1) / QUARTERS,
            ended[plan] + even[plan] * quarter / QUARTERS,
        )
        for plan in planned
    }


def reports_on(plans: Collection[int], *, on: dt.date) -> dict[int, ReportCount]:
    """How the reports of each plan stand on the day. One statement."""
    late = Q(state=ReportState.OPEN, due_on__lt=on)
    rows = (
        QuarterReport.objects.filter(plan__in=plans)
        .order_by()
        .values("plan")
        .annotate(
            signed=Count("pk", filter=Q(state=ReportState.SIGNED)),
            late=Count("pk", filter=late),
            late_since=Min("due_on", filter=late),
        )
    )
    return {
        one["plan"]: ReportCount(one["signed"], one["late"], one["late_since"]) for one in rows
    }
