"""Many plans through their year at once: their profile on a day, and how their reports stand."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Min, Q, Sum

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


def profiles_on(plans: Collection[int], *, year: int, on: dt.date) -> dict[int, Decimal]:
    """What each plan is meant to have spent by the end of the day; pounds. Four statements.

    Between the ends of two quarters it goes evenly. A line without a profile is spent evenly.
    """
    period = year_period(year)
    if on < period.start:
        return dict.fromkeys(plans, ZERO)
    if on >= period.end:
        return _by_quarter(plans, QUARTERS)
    quarters = list(periods_between(period.start, period.last_day, Grain.QUARTER))
    over = sum(one.last_day < on for one in quarters)
    running = quarters[over]
    gone = Decimal((on - running.start).days + 1) / running.days
    before, after = _by_quarter(plans, over), _by_quarter(plans, over + 1)
    return {
        plan: whole_pennies(before[plan] + (after[plan] - before[plan]) * gone) for plan in plans
    }


def _by_quarter(plans: Collection[int], quarter: int) -> dict[int, Decimal]:
    """The profile by the end of a quarter; that of none is nothing. Two statements."""
    if not quarter:
        return dict.fromkeys(plans, ZERO)
    stated = LineTrajectory.objects.filter(line__plan__in=plans, spend__isnull=False)
    # Of each line the largest step stated by then: a quarter left out counts as the one before.
    last = (
        stated.filter(quarter__lte=quarter)
        .order_by("line_id", "-spend")
        .distinct("line_id")
        .values("pk")
    )
    profiled = dict(
        LineTrajectory.objects.filter(pk__in=last)
        .order_by()
        .values_list("line__plan")
        .annotate(spend=Sum("spend"))
    )
    even = dict(
        Allocation.objects.filter(line__plan__in=plans)
        .exclude(line__in=stated.values("line"))
        .order_by()
        .values_list("line__plan")
        .annotate(planned=Sum("planned"))
    )
    return {
        plan: profiled.get(plan, ZERO) + even.get(plan, ZERO) * quarter / QUARTERS
        for plan in plans
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
