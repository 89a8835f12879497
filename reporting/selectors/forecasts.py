"""Forecasts as pages read them: the newest of a plan, and what was paid month by month."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import F, Q, Subquery, Sum
from django.db.models.functions import TruncMonth

from commissioning.kernel.money import ZERO
from commissioning.kernel.periods import Grain, periods_between
from commissioning.models import Entry, Line, LineTrajectory, Plan
from commissioning.rules.posting import kinds_of
from reporting.models import Forecast
from reporting.rules.out_turn import MONTHS_IN_A_YEAR

QUARTERS, MONTHS_IN_A_QUARTER = 4, 3


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
    """The year's money month by month. Three statements.

    What is planned follows the lines' own quarterly profiles; a line without one is spent evenly.
    """
    year = plan.period
    months = list(periods_between(year.start, year.last_day, Grain.MONTH))
    complete = [month for month in months if month.last_day < on]
    spent = _paid_by_month(plan, on)
    sums, running = [], sum((v for m, v in spent.items() if m < year.start), ZERO)
    for month in months:
        running += spent.get(month.start, ZERO)
        sums.append(running)
    known = len(complete)
    step = (whole.expected - sums[known - 1] if known else whole.expected) / max(
        1, MONTHS_IN_A_YEAR - known
    )
    before = sums[known - 1] if known else ZERO
    return SpendProfile(
        months=[f"{month.start:%b %Y}" for month in months],
        planned=_planned_by_month(plan, whole.planned),
        paid=[sums[at] if at < known else None for at in range(MONTHS_IN_A_YEAR)],
        expected=[
            before + step * (at - known + 1) if at >= known - 1 else None
            for at in range(MONTHS_IN_A_YEAR)
        ],
    )


def _paid_by_month(plan: Plan, on: dt.date) -> dict[dt.date, Decimal]:
    found = (
        Entry.objects.filter(allocation__line__plan=plan, kind__in=kinds_of("paid"), on__lte=on)
        .order_by()
        .annotate(month=TruncMonth("on"))
        .values("month")
        .annotate(amount=Sum("amount"))
        .values_list("month", "amount")
    )
    return dict(found)


def _planned_by_month(plan: Plan, planned: Decimal) -> list[Decimal]:
    profiled = dict(
        LineTrajectory.objects.filter(line__plan=plan, spend__isnull=False)
        .order_by()
        .values("quarter")
        .annotate(spend=Sum("spend"))
        .values_list("quarter", "spend")
    )
    covered = (
        Line.objects.filter(plan=plan)
        .filter(Q(pk__in=LineTrajectory.objects.filter(spend__isnull=False).values("line")))
        .aggregate(cost=Sum("cost"))["cost"]
        or ZERO
    )
    evenly = max(ZERO, planned - covered) / MONTHS_IN_A_YEAR
    sums: list[Decimal] = []
    reached = before = ZERO
    for quarter in range(1, QUARTERS + 1):
        reached = max(before, profiled.get(quarter, before))
        for month in range(1, MONTHS_IN_A_QUARTER + 1):
            at = before + (reached - before) * month / MONTHS_IN_A_QUARTER
            sums.append(at + evenly * (len(sums) + 1))
        before = reached
    return sums
