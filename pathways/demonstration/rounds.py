"""Which files are sent when: yearly ones of a region, then monthly ones of a provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pathways.demonstration.calibration import YEARS

APRIL = 4
MONTHLY = 3  # the last complete months before the business day come in monthly files


class NotGenerated(ValueError):
    """A year or day outside what the synthetic England covers."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One round of returns: what was open or ended from `opens` to the cut-off, both included."""

    reporting_month: str
    opens: date
    cut_off: date
    is_monthly: bool
    months_before_last: int  # 0 for the last round


def last_day_of_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def year_of(day: date) -> int:
    """The financial year of a day."""
    return day.year if day.month >= APRIL else day.year - 1


def sendings(*, years: Sequence[int], until: date) -> list[Sending]:
    """The rounds in order: one a financial year, the last three complete months one by one."""
    check_covered(years, until)
    first_of_month = until.replace(day=1)
    if until == last_day_of_month(first_of_month):
        months = [first_of_month]
    else:
        months = [month_before(first_of_month)]
    while len(months) < MONTHLY:
        months.insert(0, month_before(months[0]))
    rounds = [
        _sending(last, is_monthly=False)
        for year in sorted(years)
        if (last := min(date(year + 1, 3, 1), month_before(months[0]))) >= date(year, APRIL, 1)
    ]
    rounds += [
        _sending(month, is_monthly=True, before_last=MONTHLY - 1 - order)
        for order, month in enumerate(months)
        if year_of(month) in years
    ]
    return rounds


def _sending(month: date, *, is_monthly: bool, before_last: int = MONTHLY) -> Sending:
    return Sending(
        reporting_month=f"{month:%Y-%m}",
        opens=date(year_of(month), APRIL, 1),
        cut_off=last_day_of_month(month),
        is_monthly=is_monthly,
        months_before_last=before_last,
    )


def check_covered(years: Sequence[int], until: date) -> None:
    """Refuse years that are not calibrated, and days outside them."""
    if not years or not set(years) <= set(YEARS):
        raise NotGenerated(f"Years go from FY{YEARS[0]} to FY{YEARS[-1]}.")
    first, last = date(YEARS[0], APRIL, 1), date(YEARS[-1] + 1, 3, 31)
    if not first <= until <= last:
        raise NotGenerated(f"The last day lies between {first} and {last}.")
    if year_of(until) < max(years):
        raise NotGenerated(f"FY{max(years)} begins after {until}.")
