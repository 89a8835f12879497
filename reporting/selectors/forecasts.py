"""Forecasts as pages read them: the newest of a plan, and what was paid month by month."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from django.db.models import F, Subquery

from commissioning.kernel.money import ZERO
from commissioning.kernel.periods import Grain, periods_between
from commissioning.models import Plan
from commissioning.rules.profiles import QUARTERS
from commissioning.selectors.plans.monitoring import PlanCourse
from reporting.models import Forecast
from reporting.rules.out_turn import MONTHS_IN_A_YEAR

MONTHS_IN_A_QUARTER = MONTHS_IN_A_YEAR // QUARTERS


@dataclass(frozen=True)
class PlanForecast:
    """The newest forecast of a plan: of all of it, of its lines and of its streams."""

    plan: Plan
    rows: Sequence[Forecast]

    @cached_property
    def whole(self) -> Forecast | None:
        return next((one for one in self.rows if not (one.line_id or one.stream_id)), None)

    @property
    def lines(self) -> list[Forecast]:
        return [one for one in self.rows if one.line_id]

    @property
    def streams(self) -> list[Forecast]:
        return [one for one in self.rows if one.stream_id]


@dataclass(frozen=True)
class SpendProfile:
    """Pounds by the end of each month of the year: as planned, as paid, as expected.

    `paid` ends with the last complete month; `expected` begins there.
    """

    months: Sequence[str]
    planned: Sequence[Decimal]
    paid: Sequence[Decimal | None]
    expected: Sequence[Decimal | None]


def forecast_of(plan: Plan) -> PlanForecast:
    """The rows of the newest forecast, in the order of the lines. One statement."""
    newest = Forecast.objects.filter(plan=plan).order_by("-month").values("month")[:1]
    rows = (
        Forecast.objects.filter(plan=plan, month=Subquery(newest))
        .select_related("line", "stream")
        .order_by(F("line__position").asc(nulls_last=True), "stream__position", "pk")
    )
    return PlanForecast(plan, list(rows))


def newest_forecasts(plans: Collection[int]) -> dict[int, Forecast]:
    """The newest forecast of each whole plan, by the plan's id. One statement."""
    newest = (
        Forecast.objects.filter(plan__in=plans, line=None, stream=None)
        .order_by("plan", "-month")
        .distinct("plan")
    )
    return {one.plan_id: one for one in newest}


def spend_profile(plan: Plan, whole: Forecast, *, on: dt.date) -> SpendProfile:
    """The year's money month by month; within a quarter the profile goes evenly. Three statements.

    What is planned and paid is what the quarterly reports say of the same plan.
    """
    course = PlanCourse(plan)
    months = list(periods_between(plan.period.start, plan.period.last_day, Grain.MONTH))
    paid = [course.paid_together(month.last_day) for month in months if month.last_day < on]
    known, before = len(paid), paid[-1] if paid else ZERO
    step = (whole.expected - before) / max(1, MONTHS_IN_A_YEAR - known)
    return SpendProfile(
        months=[f"{month.start:%b %Y}" for month in months],
        planned=_by_month([course.profile_together(quarter) for quarter in range(QUARTERS + 1)]),
        paid=[*paid, *[None] * (MONTHS_IN_A_YEAR - known)],
        expected=[
            before + step * (at - known + 1) if at >= known - 1 else None
            for at in range(MONTHS_IN_A_YEAR)
        ],
    )


def _by_month(ends: Sequence[Decimal]) -> list[Decimal]:
    """The ends of quarters, from nothing on, with the months between them."""
    return [
        before + (after - before) * month / MONTHS_IN_A_QUARTER
        for before, after in pairwise(ends)
        for month in range(1, MONTHS_IN_A_QUARTER + 1)
    ]
