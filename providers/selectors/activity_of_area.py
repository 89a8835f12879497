"""Tier 1 and Tier 2 work in a partnership, and beside it what the partnership's plan bought."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from commissioning.kernel.periods import Grain, Period, periods_between
from commissioning.models import Line, Organisation, User
from commissioning.roles import Permission
from providers.choices import ActivityMeasure, ActivityState
from providers.models import ActivityCount, ActivityReturn, DeliveredIntervention
from providers.reference.activity_measures import measures_of
from providers.selectors.activity import COUNTED_TIERS, Standing, counted_in, due_on, is_counted


@dataclass(frozen=True)
class AreaRow:
    """What a service counted of one intervention in a quarter; empty until it is confirmed."""

    delivered: DeliveredIntervention
    standing: Standing
    due_on: dt.date
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def provider(self) -> Organisation:
        return self.delivered.service.provider.organisation


@dataclass(frozen=True)
class PlannedRow:
    """A plan's line of Tier 1 or 2, and what its provider has counted in the year so far.

    `counted` is of the measure that says how much of the intervention was done, in all of the
    provider's services that work for the partnership; None where nothing is confirmed.
    """

    line: Line
    measure: ActivityMeasure | None
    counted: int | None
    quarters: int

    @property
    def planned(self) -> Decimal | int | None:
        """What the line plans: starts, else a volume."""
        return self.line.planned_starts or self.line.volume

    @property
    def planned_of(self) -> str:
        if self.line.planned_starts:
            return "starts"
        return self.line.unit or "units" if self.line.volume else ""


def working_for(partnership: Organisation) -> Q:
    """Services of the partnership's catchment, and those that stand in its area."""
    return Q(service__catchment=partnership.pk) | Q(service__site__partnership=partnership.pk)


def area_rows(
    partnership: Organisation, quarter: Period, *, today: dt.date, due_days: int
) -> list[AreaRow]:
    """A row for each service and intervention of Tiers 1 and 2. Three queries."""
    rows = [one for one in _delivered(partnership, [quarter]) if is_counted(one, quarter)]
    states = _states(rows, quarter)
    numbers: dict[int, dict[str, int]] = defaultdict(dict)
    for delivered, measure, number in _confirmed(rows, [quarter]).values_list(
        "delivered", "measure", "number"
    ):
        numbers[delivered][measure] = number
    due = due_on(quarter, due_days=due_days)
    return [
        AreaRow(
            one,
            _standing(states.get(one.service_id, frozenset()), is_late=today > due),
            due,
            numbers.get(one.pk, {}),
        )
        for one in rows
    ]


def planned_rows(partnership: Organisation, year: Period, *, seen_by: User) -> list[PlannedRow]:
    """The lines of Tiers 1 and 2 in the year's plans that name what they buy. Three queries."""
    lines = list(
        Line.objects.permitted(seen_by, Permission.PLAN_VIEW)
        .filter(
            plan__partnership=partnership.pk,
            plan__year=year.start.year,
            tier__in=COUNTED_TIERS,
            intervention__isnull=False,
        )
        .select_related("plan__partnership__organisation", "intervention", "provider")
        .order_by("plan__slug", "position", "number")
    )
    quarters = [*periods_between(year.start, year.last_day, Grain.QUARTER)]
    delivered = list(_delivered(partnership, quarters))
    counted: dict[tuple[int, str, str], int] = defaultdict(int)
    told: dict[tuple[int, str], set[str]] = defaultdict(set)
    by_pk = {one.pk: one for one in delivered}
    rows = (
        _confirmed(delivered, quarters)
        .values_list("delivered", "measure", "activity__quarter")
        .annotate(number=Sum("number"))
    )
    for pk, measure, quarter, number in rows:
        one = by_pk[pk]
        of = (one.service.provider_id, one.intervention.code)
        counted[*of, measure] += number
        told[of].add(quarter)
    return [_planned(line, counted, told) for line in lines]


def _planned(
    line: Line,
    counted: dict[tuple[int, str, str], int],
    told: dict[tuple[int, str], set[str]],
) -> PlannedRow:
    assert line.intervention is not None  # noqa: S101 - the query asks for it
    measure = measures_of(line.intervention.code)[0]
    of = (line.provider_id or 0, line.intervention.code)
    quarters = len(told.get(of, ()))
    number = counted.get((*of, measure), 0) if quarters else None
    return PlannedRow(line, ActivityMeasure(measure), number, quarters)


def _delivered(
    partnership: Organisation, quarters: Sequence[Period]
) -> QuerySet[DeliveredIntervention]:
    # As a subquery: a service of several partnerships would else stand in several rows.
    mine = DeliveredIntervention.objects.filter(working_for(partnership)).values("pk")
    return (
        counted_in(quarters)
        .filter(pk__in=mine)
        .order_by("service__provider__organisation__name", "service__name", "tier", "pk")
    )


def _confirmed(
    delivered: Sequence[DeliveredIntervention], quarters: Sequence[Period]
) -> QuerySet[ActivityCount]:
    return ActivityCount.objects.filter(
        delivered__in=[one.pk for one in delivered],
        activity__quarter__in=[one.code for one in quarters],
        activity__state=ActivityState.CONFIRMED,
    ).order_by()


def _states(
    delivered: Sequence[DeliveredIntervention], quarter: Period
) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for service, state in ActivityReturn.objects.filter(
        service__in={one.service_id for one in delivered}, quarter=quarter.code
    ).values_list("service", "state"):
        found[service].add(state)
    return {service: frozenset(states) for service, states in found.items()}


def _standing(states: frozenset[str], *, is_late: bool) -> Standing:
    if ActivityState.CONFIRMED in states:
        return Standing.CONFIRMED
    if is_late:
        return Standing.LATE
    return Standing.FILLED_IN if ActivityState.DRAFT in states else Standing.DUE
