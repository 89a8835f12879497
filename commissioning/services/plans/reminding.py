"""Reminding people of what is due of plans: two weeks before, three days before, and overdue.

Run once a day; run again it tells nobody twice, and a day that was missed is made up for.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import transaction

from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import day
from commissioning.models import DueDate, Notice, Partnership, User
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.selectors.plans.across import PlanRow
from commissioning.selectors.plans.sides import people_holding, reviewers_of_nation
from commissioning.selectors.plans.standing import REGION, plans_across
from commissioning.services.notices import tell_each

# How many days before, at the most, and what the cause is called.
BEFORE = ((3, "3 days"), (14, "14 days"))
OVERDUE = "overdue"
DEEDS = {
    "": "is to be started and submitted",
    "DRAFT": "is to be submitted",
    "SUBMITTED": "waits for the region's comments",
    "COMMENTED": "is to be submitted again",
    "RESUBMITTED": "waits to be agreed",
}


@transaction.atomic
def remind_of_plans(*, on: dt.date) -> int:
    """Tell everybody whose turn it is. Returns how many notices were made."""
    years = DueDate.objects.filter(year__gte=_year(on) - 1).values_list("year", flat=True)
    return sum(_remind(year, on) for year in sorted(set(years)))


def _remind(year: int, on: dt.date) -> int:
    found = plans_across(Partnership.objects.all(), year=year, on=on)
    rows = [PlanRow(**one) for one in found if one["due_on"] is not None]
    due = [(row, when) for row in rows if (when := _when(row, on))]
    writers = people_holding(Permission.PLAN_EDIT, {row.partnership_id for row, _ in due}, on=on)
    regions = {row.region_id for row, _ in due if row.region_id is not None}
    reviewers = people_holding(Permission.PLAN_AGREE, regions, on=on)
    instead = reviewers_of_nation(on=on)
    return tell_each(
        notice
        for row, when in due
        for notice in _notices(
            row,
            reviewers.get(row.region_id or 0) or instead
            if row.waiting == REGION
            else writers.get(row.partnership_id, []),
            year=year,
            when=when,
        )
    )


def _when(row: PlanRow, on: dt.date) -> str:
    """Which reminder is due; an agreed plan's amendment has no day."""
    if row.due_on is None:
        return ""
    left = (row.due_on - on).days
    if left < 0:
        return OVERDUE
    return next((words for most, words in BEFORE if left <= most), "")


def _notices(row: PlanRow, people: Iterable[User], *, year: int, when: str) -> Iterator[Notice]:
    if row.due_on is None:
        return
    label = year_period(year).label
    who = f"{row.plan_name}, {row.name}" if row.plan_name else row.name
    said = f"was due on {day(row.due_on)}" if when == OVERDUE else f"due on {day(row.due_on)}"
    link = f"/partnership/{row.code}/plan/{row.slug + '/' if row.slug else ''}"
    for person in people:
        yield Notice(
            person=person,
            sentence=f"The treatment plan of {who} for {label} {DEEDS[row.state or '']}: {said}",
            link=link,
            # The day is part of the cause: where it is moved, people are told of the new one.
            cause=f"plan-due:{row.code}:{row.slug or year}:{row.state or 'NONE'}"
            f":{row.due_on:%Y%m%d}:{when}",
        )


def _year(on: dt.date) -> int:
    return Period.containing(on, Grain.YEAR).start.year
