"""Quarterly returns of Tier 1 and Tier 2 work: which are due, and what they say.

A service owes a return for every quarter in which it delivered something at Tier 1 or Tier 2.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, QuerySet

from commissioning.kernel.periods import Grain, Period
from commissioning.models import Organisation
from providers.choices import ActivityMeasure, ActivityState
from providers.models import ActivityCount, ActivityReturn, DeliveredIntervention, Service
from providers.reference.activity_measures import measures_of
from providers.rules.activity_checks import (
    ActivityFinding,
    Cell,
    Part,
    activity_findings,
    part_findings,
)

COUNTED_TIERS = (1, 2)
QUARTERS_SHOWN = 8


class Standing(StrEnum):
    """How a service's quarter stands."""

    CONFIRMED = "Confirmed"
    FILLED_IN = "Being filled in"
    DUE = "Due"
    LATE = "Late"


@dataclass(frozen=True)
class ServiceQuarter:
    """What one service owes for one quarter, and what came of it."""

    service: Service
    period: Period
    due_on: dt.date
    standing: Standing
    confirmed: ActivityReturn | None = None
    draft: ActivityReturn | None = None

    @property
    def quarter(self) -> str:
        return self.period.label

    @property
    def said(self) -> str:
        """Its standing in a word."""
        if self.confirmed and self.draft:
            return "Being replaced"
        return self.standing.value

    @property
    def is_open(self) -> bool:
        """Something is still to be done about it."""
        return self.standing is not Standing.CONFIRMED or self.draft is not None


@dataclass(frozen=True)
class AskedRow:
    """An intervention as the service delivers it, with what it counts."""

    delivered: DeliveredIntervention
    measures: tuple[ActivityMeasure, ...]

    @property
    def cells(self) -> list[Cell]:
        return [(self.delivered.pk, one.value) for one in self.measures]

    @property
    def first(self) -> Cell:
        """The number that says how much was done: the one that is split by partnership."""
        return self.cells[0]


def quarters_until(today: dt.date, *, how_many: int = QUARTERS_SHOWN) -> list[Period]:
    """The quarters that are over, the newest first."""
    found = [Period.containing(today, Grain.QUARTER).previous()]
    while len(found) < how_many:
        found.append(found[-1].previous())
    return found


def due_on(quarter: Period, *, due_days: int) -> dt.date:
    """The last day on which the quarter's return is in time."""
    return quarter.last_day + dt.timedelta(days=due_days)


def counted_in(quarters: Sequence[Period]) -> QuerySet[DeliveredIntervention]:
    """What services delivered at Tier 1 or 2 on some day of these quarters."""
    first, last = min(one.start for one in quarters), max(one.end for one in quarters)
    return (
        DeliveredIntervention.objects.filter(
            Q(closed_on__isnull=True) | Q(closed_on__gt=first),
            Q(service__closed_on__isnull=True) | Q(service__closed_on__gt=first),
            tier__in=COUNTED_TIERS,
            opened_on__lt=last,
            service__opened_on__lt=last,
        )
        .select_related("service__provider__organisation", "service__site", "intervention")
        .order_by("service__name", "service_id", "tier", "intervention__position", "pk")
    )


def is_counted(delivered: DeliveredIntervention, quarter: Period) -> bool:
    """Whether both the service and the intervention were open on some day of the quarter."""
    return all(
        one.opened_on < quarter.end and (one.closed_on is None or one.closed_on > quarter.start)
        for one in (delivered, delivered.service)
    )


def service_quarters(
    provider: Organisation, *, today: dt.date, due_days: int, how_many: int = QUARTERS_SHOWN
) -> list[ServiceQuarter]:
    """A line for each quarter that is over and each service that owed its return, the newest
    quarter first. Two queries."""
    quarters = quarters_until(today, how_many=how_many)
    return _lines(
        counted_in(quarters).filter(service__provider=provider.pk), quarters, today, due_days
    )


def _lines(
    delivered: QuerySet[DeliveredIntervention],
    quarters: Sequence[Period],
    today: dt.date,
    due_days: int,
) -> list[ServiceQuarter]:
    rows = list(delivered)
    services = {one.service_id: one.service for one in rows}
    returns: dict[tuple[int, str, str], ActivityReturn] = {
        (one.service_id, one.quarter, one.state): one
        for one in ActivityReturn.objects.filter(
            service__in=services, quarter__in=[one.code for one in quarters]
        )
        .exclude(state=ActivityState.REPLACED)
        .select_related("confirmed_by", "begun_by")
    }
    lines = []
    for quarter in quarters:
        owing = dict.fromkeys(one.service_id for one in rows if is_counted(one, quarter))
        for pk in owing:
            confirmed = returns.get((pk, quarter.code, ActivityState.CONFIRMED))
            draft = returns.get((pk, quarter.code, ActivityState.DRAFT))
            due = due_on(quarter, due_days=due_days)
            standing = standing_of(confirmed, draft, is_late=today > due)
            lines.append(ServiceQuarter(services[pk], quarter, due, standing, confirmed, draft))
    return lines


def standing_of(
    confirmed: ActivityReturn | None, draft: ActivityReturn | None, *, is_late: bool
) -> Standing:
    """How a quarter stands with what was confirmed and what is filled in of it."""
    if confirmed:
        return Standing.CONFIRMED
    if is_late:
        return Standing.LATE
    return Standing.FILLED_IN if draft else Standing.DUE


def asked_of(service: Service, quarter: Period) -> list[AskedRow]:
    """The rows of the return: what the service delivered at Tiers 1 and 2. One query."""
    return [
        AskedRow(one, _measures(one))
        for one in counted_in([quarter]).filter(service=service)
        if is_counted(one, quarter)
    ]


def _measures(delivered: DeliveredIntervention) -> tuple[ActivityMeasure, ...]:
    return tuple(ActivityMeasure(one) for one in measures_of(delivered.intervention.code))


def numbers_of(activity: ActivityReturn | None) -> dict[Cell, int]:
    """What a return says, by what is delivered and measured. One query."""
    if activity is None:
        return {}
    counts = ActivityCount.objects.filter(activity=activity)
    return {(one.delivered_id, one.measure): one.number for one in counts}


def versions_of(service: Service, quarter: Period) -> list[ActivityReturn]:
    """Every return of the quarter that was confirmed, the newest first."""
    return list(
        ActivityReturn.objects.filter(service=service, quarter=quarter.code)
        .exclude(state=ActivityState.DRAFT)
        .select_related("confirmed_by")
        .order_by("-confirmed_at", "-pk")
    )


def draft_of(service: Service, quarter: Period) -> ActivityReturn | None:
    return ActivityReturn.objects.filter(
        service=service, quarter=quarter.code, state=ActivityState.DRAFT
    ).first()


def confirmed_of(service: Service, quarter: Period) -> ActivityReturn | None:
    return ActivityReturn.objects.filter(
        service=service, quarter=quarter.code, state=ActivityState.CONFIRMED
    ).first()


def findings_of(
    rows: Iterable[AskedRow],
    numbers: Mapping[Cell, int],
    *,
    service: Service,
    quarter: Period,
    jump_factor: int,
    jump_from: int,
    parts: Mapping[Part, int],
    partnerships: Sequence[Organisation],
) -> Sequence[ActivityFinding]:
    """What is wrong with the numbers, beside those confirmed for the quarter before, and with
    their parts by partnership."""
    rows = list(rows)
    return [
        *activity_findings(
            [cell for row in rows for cell in row.cells],
            numbers,
            numbers_of(confirmed_of(service, quarter.previous())),
            jump_factor=jump_factor,
            jump_from=jump_from,
        ),
        *part_findings(
            [row.first for row in rows], numbers, parts, [one.pk for one in partnerships]
        ),
    ]


def no_returns() -> QuerySet[ActivityReturn]:
    """None: for a filter whose rows are put together in Python."""
    return ActivityReturn.objects.none()
