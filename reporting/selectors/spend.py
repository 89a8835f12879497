"""The money of many plans through their year: the ledger's sums, the profile and the forecast."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet

from commissioning.choices import AGREED_IN
from commissioning.kernel.money import ZERO
from commissioning.models import Partnership
from commissioning.rules.posting import Sums, totalled
from commissioning.rules.profiles import share_spent
from commissioning.rules.shares import part_of_each
from commissioning.selectors.plans.across import PlanRow, rows_of
from commissioning.selectors.plans.profiles import ReportCount, profiles_on, reports_on
from commissioning.selectors.plans.standing import plans_named_across
from reporting.models import Forecast
from reporting.selectors.forecasts import newest_forecasts

Parts = Mapping[int, Mapping[int, Decimal]]


@dataclass(frozen=True)
class JointSpend:
    """What is a member's of the joint plans of the year that are agreed; pounds."""

    money: Sums
    profile: Decimal
    expected: Decimal


NOTHING_JOINT = JointSpend(Sums(), ZERO, ZERO)


@dataclass(frozen=True)
class PlanSpend:
    """A plan, or a partnership without one, with its money as it stands; pounds.

    Its part of joint plans is in the money and the profile; the forecast is the plan's own, since
    limits and chances do not add up. Without an agreed plan there is no profile, and nothing is
    due.
    """

    row: PlanRow
    profile_of_plan: Decimal | None
    joint: JointSpend
    forecast: Forecast | None
    reports: ReportCount

    @property
    def is_agreed(self) -> bool:
        return self.profile_of_plan is not None

    @cached_property
    def money(self) -> Sums:
        return self.row.money()

    @cached_property
    def agreed_money(self) -> Sums:
        """The same of what is agreed: the plan if it is, and the parts of joint plans that are."""
        return self.row.of_plan_together + self.joint.money if self.is_agreed else self.joint.money

    @cached_property
    def profile(self) -> Decimal | None:
        if self.profile_of_plan is None and not self.joint.profile:
            return None
        return (self.profile_of_plan or ZERO) + self.joint.profile

    @property
    def of_profile(self) -> Decimal | None:
        """What was paid as a share of what was meant to be by the day."""
        if self.profile is None:
            return None
        return share_spent(self.agreed_money.paid, self.profile)

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
    """The plans of a year with their money as at the day. Five statements, however many."""
    rows = rows_of(plans_named_across(partnerships, year=year, on=on))
    planned = {
        row.plan_id: row.of_plan_together.planned
        for row in rows
        if row.plan_id and row.state in AGREED_IN
    }
    shares: dict[int, Mapping[int, Decimal]] = {}
    for share in (one for row in rows for one in row.joint if one.is_agreed):
        planned[share.plan_id], shares[share.plan_id] = share.planned, share.shares
    plans = sorted(planned)
    profiles = profiles_on(planned, year=year, on=on)
    forecasts, reports = newest_forecasts(plans), reports_on(plans, on=on)
    meant = _parts(profiles, shares)
    expected = _parts({plan: one.expected for plan, one in forecasts.items()}, shares)
    return [
        PlanSpend(
            row,
            profiles.get(row.plan_id or 0),
            _joint(row, meant, expected),
            forecasts.get(row.plan_id or 0),
            reports.get(row.plan_id or 0, ReportCount()),
        )
        for row in rows
    ]


def _parts(amounts: Mapping[int, Decimal], shares: Mapping[int, Mapping[int, Decimal]]) -> Parts:
    """What of the amounts of joint plans is each member's: by plan, then by member."""
    return {
        plan: part_of_each(amounts[plan], members)
        for plan, members in shares.items()
        if plan in amounts
    }


def _joint(row: PlanRow, meant: Parts, expected: Parts) -> JointSpend:
    mine = [share for share in row.joint if share.is_agreed]
    if not mine:
        return NOTHING_JOINT

    def together(parts: Parts) -> Decimal:
        return sum((parts.get(one.plan_id, {}).get(one.member, ZERO) for one in mine), ZERO)

    money = totalled(share.money for share in mine)
    return JointSpend(money, together(meant), together(expected))


def totals_of(rows: Sequence[PlanSpend]) -> SpendTotals:
    """The plans that are agreed, added up. A pound of a joint plan counts with its members, not
    with the plan besides.
    """
    agreed = [one for one in rows if one.is_agreed]
    own = [one for one in rows if one.row.is_own]
    return SpendTotals(
        plans=len(agreed),
        money=totalled(one.agreed_money for one in own),
        profile=sum((one.profile or ZERO for one in own), ZERO),
        expected=sum(((one.expected or ZERO) + one.joint.expected for one in own), ZERO),
        forecast_of=sum(one.forecast is not None for one in agreed),
        signed=sum(one.reports.signed for one in agreed),
        late=sum(one.reports.late for one in agreed),
        plans_late=sum(one.reports.late > 0 for one in agreed),
    )
