"""What plans ask of somebody: to be started, sent, answered, commented on, agreed, decided."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from django.db.models import QuerySet

from commissioning.choices import AT_WORK_IN, AmendmentState, OrganisationKind, PlanState
from commissioning.kernel.periods import Grain, Period, periods_between
from commissioning.models import Organisation, Partnership, User
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.selectors.plans.across import PlanRow, in_region
from commissioning.selectors.plans.standing import plans_across, plans_held_across


class Asks(Enum):
    """What is to be done."""

    START = auto()
    SUBMIT = auto()
    RESUBMIT = auto()
    ANSWER = auto()
    FINISH_AMENDMENT = auto()
    COMMENT = auto()
    AGREE = auto()
    DECIDE_AMENDMENT = auto()
    MONITOR = auto()
    CLOSE = auto()
    JUDGE = auto()
    REPORT = auto()
    OWED = auto()


@dataclass(frozen=True)
class PlanWork:
    """One thing a plan asks for, with how many of it, and the day it is due. What is to be started
    may have a plan of the year before to be rolled forward from.
    """

    asks: Asks
    row: PlanRow
    number: int = 0
    due_on: dt.date | None = None
    quarter: Period | None = None
    before: PlanRow | None = None


_OF_WRITERS: Final = {
    PlanState.DRAFT: Asks.SUBMIT,
    PlanState.COMMENTED: Asks.RESUBMIT,
}
_OF_REVIEWERS: Final = {
    PlanState.SUBMITTED: Asks.COMMENT,
    PlanState.RESUBMITTED: Asks.AGREE,
}


def waiting_for(person: User, organisation: Organisation, *, on: dt.date) -> list[PlanWork]:
    """What plans ask of a person who acts for a partnership, a region or England. One statement.

    Looked at are the plans of the year that runs, the one before and the one after.
    """
    writes = person.reach(Permission.PLAN_EDIT).covers(organisation.pk)
    reviews = person.reach(Permission.PLAN_AGREE).covers(organisation.pk)
    if not (writes or reviews):
        return []
    year = Period.containing(on, Grain.YEAR).start.year
    among, years = _partnerships(organisation, on), {"year": year - 1, "until": year + 1}
    if organisation.kind == OrganisationKind.PARTNERSHIP:
        found, side = plans_across(among, **years, none_since=year, on=on), _of_writers
    else:  # reviewers start no plan
        found, side = plans_held_across(among, **years, on=on), _of_reviewers
    rows = [PlanRow(**row) for row in found]
    own = {(one.partnership_id, one.year): one for one in rows if one.is_own and one.state}
    return [
        replace(one, before=own.get((row.partnership_id, row.year - 1)))
        if one.asks is Asks.START
        else one
        for row in rows
        for one in side(row, on)
    ]


def _partnerships(organisation: Organisation, on: dt.date) -> QuerySet[Partnership]:
    if organisation.kind == OrganisationKind.PARTNERSHIP:
        return Partnership.objects.filter(pk=organisation.pk)
    if organisation.kind == OrganisationKind.REGION:
        return in_region(organisation, on=on)
    return Partnership.objects.all()


def _of_writers(row: PlanRow, on: dt.date) -> Iterator[PlanWork]:
    if row.is_own and on in year_period(row.year) and not row.is_judged:
        yield PlanWork(Asks.JUDGE, row)
    if row.state is None:
        # A year without a plan asks for one only when the region has said until when.
        if row.due_on is not None and on < year_period(row.year).end:
            yield PlanWork(Asks.START, row, due_on=row.due_on)
        return
    if row.to_answer:
        yield PlanWork(Asks.ANSWER, row, row.to_answer, row.due_on)
    if asks := _OF_WRITERS.get(PlanState(row.state)):
        yield PlanWork(asks, row, due_on=row.due_on)
    if row.amendment == AmendmentState.OPEN:
        yield PlanWork(Asks.FINISH_AMENDMENT, row)
    yield from _reports(row, on)


def _of_reviewers(row: PlanRow, on: dt.date) -> Iterator[PlanWork]:
    if row.state is None:
        return
    if asks := _OF_REVIEWERS.get(PlanState(row.state)):
        yield PlanWork(asks, row, row.conditions or 0, row.due_on)
    if row.amendment == AmendmentState.SUBMITTED:
        yield PlanWork(Asks.DECIDE_AMENDMENT, row)
    period = year_period(row.year)
    if row.state == PlanState.AGREED and on >= period.start:
        yield PlanWork(Asks.MONITOR, row)
    if row.state == PlanState.MONITORED and on >= period.end:
        yield PlanWork(Asks.CLOSE, row)
    late = [due for due in row.quarters_due if due < on] if row.state in AT_WORK_IN else []
    if late:
        yield PlanWork(Asks.OWED, row, len(late), min(late))


def _reports(row: PlanRow, on: dt.date) -> Iterator[PlanWork]:
    """The reports of quarters that are over."""
    if row.state not in AT_WORK_IN:
        return
    year = year_period(row.year)
    quarters = list(periods_between(year.start, year.last_day, Grain.QUARTER))
    for number, due in zip(row.quarters_open, row.quarters_due, strict=True):
        if quarters[number - 1].end <= on:
            yield PlanWork(Asks.REPORT, row, due_on=due, quarter=quarters[number - 1])
