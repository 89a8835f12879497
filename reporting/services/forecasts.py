"""Forecasting plans: from the ledger's entries by month, for every plan that is being carried out.

Each night, and when a person asks for one plan. A pure function of the ledger and the day.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import TruncMonth

from commissioning.choices import AT_WORK_IN
from commissioning.kernel.money import ZERO
from commissioning.kernel.periods import Grain, Period, periods_between
from commissioning.models import Allocation, Entry, Plan
from commissioning.rules.posting import kinds_of
from commissioning.services.jobs import Run
from reporting.models import Forecast
from reporting.rules.out_turn import out_turn

ROWS_AT_ONCE = 5_000


@dataclass
class Sums:
    """What is planned, committed and paid of something, and what was paid in each month."""

    planned: Decimal = ZERO
    committed: Decimal = ZERO
    paid: Decimal = ZERO
    by_month: dict[dt.date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


@transaction.atomic
def forecast_plans(*, on: dt.date, plans: Iterable[Plan] | None = None) -> int:
    """Forecast the plans (without any named: all at work) as at the day; how many rows.

    Two reads and one write, however many plans there are.
    """
    asked = Plan.objects.filter(state__in=AT_WORK_IN)
    if plans is not None:
        asked = asked.filter(pk__in=[plan.pk for plan in plans])
    years = dict(asked.values_list("pk", "year"))
    complete = {year: _complete_months(year, on) for year in set(years.values())}
    rows = [
        _forecast(key, sums, complete[years[key[0]]], on)
        for key, sums in _sums(list(years), on).items()
    ]
    Forecast.objects.bulk_create(
        rows,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["plan", "line", "stream", "month"],
        update_fields=[
            *("as_at", "basis", "planned", "committed", "paid"),
            *("expected", "low", "high", "chance"),
        ],
    )
    return len(rows)


@transaction.atomic
def forecast_by_job(run: Run, *, on: dt.date) -> None:
    """Forecast the plan of which money was posted."""
    plan = Plan.objects.filter(pk=run.payload["plan"])
    rows = forecast_plans(on=on, plans=plan)
    run.tell(rows, rows, "Forecast")
    run.require_lease()


# Which plan, and of it which line or stream (both None: all of it).
Key = tuple[int, int | None, str | None]


def _sums(plan_ids: list[int], on: dt.date) -> dict[Key, Sums]:
    sums: dict[Key, Sums] = defaultdict(Sums)
    keys: dict[int, tuple[Key, ...]] = {}
    held = Allocation.objects.filter(plan__in=plan_ids)
    for pk, plan, line, stream, planned, committed, paid in held.values_list(
        "pk", "plan", "line", "stream", "planned", "committed", "paid"
    ):
        keys[pk] = ((plan, line, None), (plan, None, stream), (plan, None, None))
        for key in keys[pk]:
            sums[key].planned += planned
            sums[key].committed += committed
            sums[key].paid += paid
    entries = Entry.objects.filter(
        plan__in=plan_ids, kind__in=kinds_of("paid"), on__lte=on
    ).order_by()
    for pk, month, amount in (
        entries.annotate(month=TruncMonth("on"))
        .values("allocation", "month")
        .annotate(amount=Sum("amount"))
        .values_list("allocation", "month", "amount")
    ):
        for key in keys[pk]:
            sums[key].by_month[month] += amount
    return sums


def _forecast(key: Key, sums: Sums, complete: list[dt.date], on: dt.date) -> Forecast:
    plan, line, stream = key
    found = out_turn(
        planned=sums.planned,
        committed=sums.committed,
        paid=sums.paid,
        months=_spent(sums, complete),
    )
    return Forecast(
        plan_id=plan,
        line_id=line,
        stream_id=stream,
        month=on.replace(day=1),
        as_at=on,
        basis=found.basis.value,
        planned=sums.planned,
        committed=sums.committed,
        paid=sums.paid,
        expected=found.expected,
        low=found.low,
        high=found.high,
        chance=None if found.chance is None else round(Decimal(found.chance), 4),
    )


def _complete_months(year: int, on: dt.date) -> list[dt.date]:
    """The months of the financial year that were over before the day."""
    period = Period.parse(f"FY{year}")
    months = periods_between(period.start, period.last_day, Grain.MONTH)
    return [one.start for one in months if one.last_day < on]


def _spent(sums: Sums, complete: list[dt.date]) -> list[Decimal]:
    """Paid in each complete month; what was dated before the year counts in its first."""
    if not complete:
        return []
    spent = [sums.by_month.get(month, ZERO) for month in complete]
    spent[0] += sum(
        (amount for month, amount in sums.by_month.items() if month < complete[0]), ZERO
    )
    return spent
