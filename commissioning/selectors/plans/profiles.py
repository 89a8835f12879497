"""Many plans through their year at once: their profile on a day, and how their reports stand."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Min, Q

from commissioning.choices import ReportState
from commissioning.kernel.money import ZERO, whole_pennies
from commissioning.kernel.periods import Grain, periods_between
from commissioning.models import QuarterReport
from commissioning.models.plans import year_period
from commissioning.rules.profiles import QUARTERS
from commissioning.selectors.together import sql


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


# Of each line the largest step stated by then: a quarter left out counts as the one before. What
# is planned of these lines is read for all of a plan's at once.
_STATED = """
SELECT stated.plan_id, coalesce(stated.before, 0), coalesce(stated.after, 0),
       (SELECT coalesce(sum(part.planned), 0) FROM commissioning_allocation part
         WHERE part.line_id = ANY(stated.lines))
  FROM (SELECT line.plan_id, sum(line.before) AS before, sum(line.after) AS after,
               array_agg(line.id) AS lines
          FROM (SELECT step.plan_id, step.line_id AS id,
                       max(step.spend) FILTER (WHERE step.quarter < %(quarter)s) AS before,
                       max(step.spend) FILTER (WHERE step.quarter <= %(quarter)s) AS after
                  FROM commissioning_linetrajectory step
                 WHERE step.plan_id = ANY(%(plans)s) AND step.spend IS NOT NULL
                 GROUP BY step.plan_id, step.line_id) line
         GROUP BY line.plan_id) stated
"""


def _ends(planned: Mapping[int, Decimal], quarter: int) -> dict[int, tuple[Decimal, Decimal]]:
    """The profile by the beginning and by the end of a quarter (1 is April to June)."""
    words, values = sql(_STATED, quarter=quarter, plans=list(planned))
    with connection.cursor() as cursor:
        cursor.execute(words, values)
        stated = {plan: sums for plan, *sums in cursor.fetchall()}
    found = {}
    for plan, together in planned.items():
        begun, ended, of_stated = stated.get(plan, (ZERO, ZERO, ZERO))
        even = together - of_stated
        found[plan] = (
            begun + even * (quarter - 1) / QUARTERS,
            ended + even * quarter / QUARTERS,
        )
    return found


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
