"""How a contract performs, a quarter at a time, with its verdict in words."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.db.models import Q

from commissioning.kernel.periods import Grain, Period, periods_between
from commissioning.kernel.words import MISSING, count, day, percent
from providers.choices import IN_FORCE_IN, ContractState, Unread
from providers.models import (
    Contract,
    MonitoringReturn,
    PerformanceComment,
    PerformanceMeasure,
    PerformanceReading,
)
from providers.reference.measures import BY_CODE, PLACES, Measure

Tone = Literal["good", "bad", "plain"]
READ_BACK = 4  # quarters that are over and read again each night, since late returns change them


@dataclass(frozen=True)
class MeasureRead:
    """A measure of the schedule in a quarter: what is agreed, what was measured, the verdict."""

    title: str
    target: str
    value: str
    counts: str
    verdict: str
    tone: Tone


@dataclass(frozen=True)
class Quarter:
    """What is known and said of a quarter of a contract."""

    period: Period
    measures: Sequence[MeasureRead]
    returned: MonitoringReturn | None
    comments: Sequence[PerformanceComment]


def quarters_of(contract: Contract, *, today: dt.date) -> list[Period]:
    """The quarters of the term that have begun, the newest first."""
    end = min(contract.holds_until, today + dt.timedelta(days=1))
    if end <= contract.starts_on:
        return []
    last = end - dt.timedelta(days=1)
    return list(periods_between(contract.starts_on, last, Grain.QUARTER))[::-1]


@dataclass(frozen=True)
class Awaiting:
    """By what it is known when a quarter is measured: the day it is, and how many days after a
    month its return is due."""

    today: dt.date
    due_days: int

    def words(self, period: Period) -> str:
        """What a quarter without a value waits for."""
        if self.today < period.end:
            return f"Measured once the quarter is over, from {day(period.end)}"
        month = Period.containing(period.last_day, Grain.MONTH).label
        due = period.last_day + dt.timedelta(days=self.due_days)
        if self.today <= due:
            return f"Awaits the returns for {month}, due by {day(due)}"
        return f"Awaits the release of {period.label}: returns for {month} were due by {day(due)}"

    def is_read(self, period: Period) -> bool:
        """Whether the quarter is among those that are read each night."""
        first = Period.containing(self.today, Grain.QUARTER)
        for _ in range(READ_BACK):
            first = first.previous()
        return period.start >= first.start


def performance_of(
    contract: Contract, periods: Sequence[Period], awaiting: Awaiting
) -> list[Quarter]:
    """Those quarters, in their order. Four queries."""
    codes = [one.code for one in periods]
    lines = list(contract.schedule.order_by("pk"))
    schedule = {one.code: _agreed_in(lines, contract, one) for one in periods}
    readings: dict[tuple[int, str], PerformanceReading] = {
        (one.measure_id, one.quarter): one
        for one in PerformanceReading.objects.filter(measure__in=lines, quarter__in=codes)
    }
    comments: dict[str, list[PerformanceComment]] = defaultdict(list)
    for one in (
        contract.comments.filter(quarter__in=codes).select_related("made_by").order_by("pk")
    ):
        comments[one.quarter].append(one)
    returned = {
        one.quarter: one
        for one in contract.monitoring_returns.filter(quarter__in=codes).select_related(
            "sent_by", "accepted_by"
        )
    }
    return [
        Quarter(
            period,
            [
                _read(one, readings.get((one.pk, period.code)), period, awaiting)
                for one in schedule[period.code]
            ],
            returned.get(period.code),
            comments[period.code],
        )
        for period in periods
    ]


def _agreed_in(
    lines: Sequence[PerformanceMeasure], contract: Contract, period: Period
) -> list[PerformanceMeasure]:
    """What was agreed when the quarter began, or the contract within it; in the order of the
    measures."""
    order = list(BY_CODE)
    return sorted(
        (one for one in lines if is_agreed_in(one, contract, period)),
        key=lambda one: order.index(one.measure),
    )


def is_agreed_in(line: PerformanceMeasure, contract: Contract, period: Period) -> bool:
    """Whether a line of the schedule is what a quarter is measured by."""
    day = max(period.start, contract.starts_on)
    has_begun = line.agreed_from is None or line.agreed_from <= day
    return has_begun and (line.agreed_until is None or line.agreed_until > day)


def target_words(line: PerformanceMeasure) -> str:
    """An agreed value as it is written."""
    return written(BY_CODE[line.measure], line.target)


def _read(
    line: PerformanceMeasure,
    reading: PerformanceReading | None,
    period: Period,
    awaiting: Awaiting,
) -> MeasureRead:
    measure = BY_CODE[line.measure]
    target = written(measure, line.target)
    if reading is None or reading.value is None:
        why = _why_unread(measure, reading, period, awaiting)
        return MeasureRead(measure.title, target, MISSING, "", why, "plain")
    met = reading.value >= line.target if measure.more_is_better else reading.value <= line.target
    counts = (
        f"{count(reading.numerator)} of {count(reading.denominator)}"
        if reading.denominator
        else ""
    )
    gap = abs(reading.value - line.target)
    verdict = "As agreed" if met else f"{_gap(measure, gap)} below what is agreed"
    value = written(measure, reading.value)
    return MeasureRead(measure.title, target, value, counts, verdict, "good" if met else "bad")


def _why_unread(
    measure: Measure, reading: PerformanceReading | None, period: Period, awaiting: Awaiting
) -> str:
    """Why there is no value: what is awaited and when, or why none comes."""
    if reading is not None and reading.unread != Unread.AWAITED:
        return str(Unread(reading.unread).label)
    is_over = awaiting.today >= period.end
    if is_over and not awaiting.is_read(period):
        return f"Not measured: only the {READ_BACK} quarters before this one are read"
    if is_over and measure.code == PLACES:
        return "Measured in the coming night"
    return awaiting.words(period)


def written(measure: Measure, value: Decimal) -> str:
    """A value of a measure as it reads: 75 %, or 120."""
    return percent(value) if measure.unit == "share" else count(value)


def _gap(measure: Measure, gap: Decimal) -> str:
    if measure.unit != "share":
        return count(gap)
    points = max(round(gap * 100), 1)
    return f"{points} {'point' if points == 1 else 'points'}"


def performing_measures(*, from_: dt.date, until: dt.date) -> list[PerformanceMeasure]:
    """Measures of contracts in force that hold in the days up to `until`. One query."""
    return list(
        PerformanceMeasure.objects.filter(
            Q(agreed_from=None) | Q(agreed_from__lt=until),
            Q(agreed_until=None) | Q(agreed_until__gt=from_),
            contract__state__in=IN_FORCE_IN | {ContractState.ENDED},
            contract__starts_on__lt=until,
            contract__ends_on__gt=from_,
        )
        .select_related("contract")
        .order_by("pk")
    )
