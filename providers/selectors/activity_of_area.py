"""Tier 1 and Tier 2 work in a partnership, and beside it what the partnership's plan bought."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, QuerySet

from commissioning.kernel.periods import Grain, Period, periods_between
from commissioning.models import Line, Organisation, User
from commissioning.roles import Permission
from providers.choices import ActivityMeasure, ActivityState
from providers.models import ActivityCount, ActivityPart, ActivityReturn, DeliveredIntervention
from providers.reference.activity_measures import measures_of
from providers.selectors.activity import COUNTED_TIERS, Standing, counted_in, due_on, is_counted
from providers.selectors.activity_parts import works_for


@dataclass(frozen=True)
class AreaRow:
    """What a service counted of one intervention in a quarter; empty until it is confirmed.

    `ours`: how much of the first number was for the partnership's residents; None where nothing
    is confirmed, or where the service works for several and did not split it (`is_unsplit`).
    """

    delivered: DeliveredIntervention
    standing: Standing
    due_on: dt.date
    numbers: dict[str, int] = field(default_factory=dict)
    ours: int | None = None
    is_unsplit: bool = False

    @property
    def measures(self) -> dict[str, int | None]:
        """Every measure there is with its number; None where none is asked, or confirmed."""
        return {one.value: self.numbers.get(one.value) for one in ActivityMeasure}

    @property
    def provider(self) -> Organisation:
        return self.delivered.service.provider.organisation


@dataclass(frozen=True)
class PlannedRow:
    """A plan's line of Tier 1 or 2, and what its provider has counted in the year so far.

    `counted` is of the measure that says how much of the intervention was done, in all of the
    provider's services that work for the partnership, for its residents; None where nothing of
    that is confirmed. `unsplit` is what services counted that work for several partnerships and
    did not say how much was for each: it counts for none. `quarters` are those counted.
    """

    line: Line
    measure: ActivityMeasure | None
    counted: int | None
    quarters: int
    unsplit: int | None = None

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
    """A row for each service and intervention of Tiers 1 and 2. Five queries."""
    rows = [one for one in _delivered(partnership, [quarter]) if is_counted(one, quarter)]
    states = _states(rows, quarter)
    numbers: dict[int, dict[str, int]] = defaultdict(dict)
    for delivered, measure, number in _confirmed(rows, [quarter]).values_list(
        "delivered", "measure", "number"
    ):
        numbers[delivered][measure] = number
    due = due_on(quarter, due_days=due_days)
    shares = _Shares(partnership, rows, [quarter])
    found = []
    for one in rows:
        held = numbers.get(one.pk, {})
        whole = held.get(measures_of(one.intervention_id)[0])
        ours = None if whole is None else shares.of(one, quarter.code, whole)
        found.append(
            AreaRow(
                one,
                _standing(states.get(one.service_id, frozenset()), is_late=today > due),
                due,
                held,
                ours,
                is_unsplit=whole is not None and ours is None,
            )
        )
    return found


def planned_rows(partnership: Organisation, year: Period, *, seen_by: User) -> list[PlannedRow]:
    """The lines of Tiers 1 and 2 in the year's plans that name what they buy. Five queries."""
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
    shares = _Shares(partnership, delivered, quarters)
    by_pk = {one.pk: one for one in delivered}
    counted: dict[_Of, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    unsplit: dict[_Of, int] = defaultdict(int)
    rows = _confirmed(delivered, quarters).values_list(
        "delivered", "measure", "activity__quarter", "number"
    )
    for pk, measure, quarter, whole in rows:
        one = by_pk[pk]
        if measure != measures_of(one.intervention_id)[0]:
            continue
        of = (one.service.provider_id, one.intervention_id)
        ours = shares.of(one, quarter, whole)
        if ours is None:
            unsplit[of] += whole
        else:
            counted[of][quarter] += ours
    return [_planned(line, counted, unsplit) for line in lines]


_Of = tuple[int, str]  # a provider and what it delivers


def _planned(
    line: Line, counted: Mapping[_Of, Mapping[str, int]], unsplit: Mapping[_Of, int]
) -> PlannedRow:
    assert line.intervention_id is not None  # noqa: S101 - the query asks for it
    measure = ActivityMeasure(measures_of(line.intervention_id)[0])
    of = (line.provider_id or 0, line.intervention_id)
    held = counted.get(of, {})
    number = sum(held.values()) if held else None
    return PlannedRow(line, measure, number, len(held), unsplit.get(of))


class _Shares:
    """How much of what services counted was for the residents of one partnership. Two queries."""

    def __init__(
        self,
        partnership: Organisation,
        delivered: Sequence[DeliveredIntervention],
        quarters: Sequence[Period],
    ) -> None:
        self._works_for = works_for(
            {one.service_id for one in delivered},
            first=min(one.start for one in quarters),
            end=max(one.end for one in quarters),
        )
        self._ours: dict[tuple[int, str], int] = {}
        self._split: set[tuple[int, str]] = set()
        for pk, quarter, whose, number in ActivityPart.objects.filter(
            delivered__in=[one.pk for one in delivered],
            activity__quarter__in=[one.code for one in quarters],
            activity__state=ActivityState.CONFIRMED,
        ).values_list("delivered", "activity__quarter", "partnership", "number"):
            self._split.add((pk, quarter))
            if whose == partnership.pk:
                self._ours[pk, quarter] = number

    def of(self, delivered: DeliveredIntervention, quarter: str, whole: int) -> int | None:
        """Of the whole; None where the service works for several and did not split it."""
        key = (delivered.pk, quarter)
        if key in self._split:
            return self._ours.get(key, 0)
        alone = len(self._works_for.get(delivered.service_id, ())) <= 1
        return whole if alone else None


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
