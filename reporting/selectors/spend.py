"""The money of many plans through their year: the ledger's sums, the profile and the forecast."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from commissioning.choices import AGREED_IN
from commissioning.kernel.money import ZERO
from commissioning.models import Partnership
from commissioning.rules.posting import Sums
from commissioning.rules.profiles import share_spent
from commissioning.selectors.plans.across import PlanRow, plans_across, rows_of
from commissioning.selectors.plans.profiles import ReportCount, profiles_on, reports_on
from reporting.models import Forecast
from reporting.selectors.forecasts import newest_forecasts


@dataclass(frozen=True)
class PlanSpend:
    """A plan, or a partnership without one, with its money as it stands; pounds.

    Without an agreed plan there is no profile, and nothing is due.
    """

    row: PlanRow
    money: Sums
    profile: Decimal | None
    forecast: Forecast | None
    reports: ReportCount

    @property
    def of_profile(self) -> Decimal | None:
        """What was paid as a share of what was meant to be by the day."""
        return None if self.profile is None else share_spent(self.money.paid, self.profile)

    @property
    def expected(self) -> Decimal | None:
        return self.forecast.expected if self.forecast else None

    @property
    def low(self) -> Decimal | None:
        return self.forecast.low if self.forecast else None

    @property
    def high(self) -> Decimal | None:
        return self.forecast.high if self.forecast else None

    @property
    def chance(self) -> Decimal | None:
        """Of overspend; None where there is no forecast, or it is too early to say."""
        return self.forecast.chance if self.forecast else None

    @property
    def over(self) -> Decimal:
        """What is expected beyond what is planned, below nothing where it is less."""
        return self.forecast.expected - self.forecast.planned if self.forecast else ZERO


@dataclass(frozen=True)
class SpendTotals:
    """Plans together. Of those with a forecast, the expected out-turns add up; their limits and
    chances do not, so there are none."""

    plans: int
    money: Sums
    profile: Decimal
    expected: Decimal
    forecast_of: int
    signed: int
    late: int
    plans_late: int

    @property
    def of_profile(self) -> Decimal | None:
        return share_spent(self.money.paid, self.profile)


def spend_across(
    partnerships: QuerySet[Partnership], *, year: int, on: dt.date
) -> list[PlanSpend]:
    """The plans of a year with their money as at the day. Eight statements, however many."""
    rows = rows_of(plans_across(partnerships, year=year, on=on))
    plans = [row.plan_id for row in rows if row.plan_id and row.state in AGREED_IN]
    profiles = profiles_on(plans, year=year, on=on)
    forecasts, reports = newest_forecasts(plans), reports_on(plans, on=on)
    return [
        PlanSpend(
            row,
            row.money(),
            profiles.get(row.plan_id or 0),
            forecasts.get(row.plan_id or 0),
            reports.get(row.plan_id or 0, ReportCount()),
        )
        for row in rows
    ]


def totals_of(rows: Sequence[PlanSpend]) -> SpendTotals:
    """The plans that are agreed, added up."""
    agreed = [one for one in rows if one.profile is not None]
    return SpendTotals(
        plans=len(agreed),
        money=sum((one.money for one in agreed), Sums()),
        profile=sum((one.profile or ZERO for one in agreed), ZERO),
        expected=sum((one.expected or ZERO for one in agreed), ZERO),
        forecast_of=sum(one.forecast is not None for one in agreed),
        signed=sum(one.reports.signed for one in agreed),
        late=sum(one.reports.late for one in agreed),
        plans_late=sum(one.reports.late > 0 for one in agreed),
    )
