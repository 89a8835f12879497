"""Reminding people of quarterly reports: two weeks before, on the day, and when they are late.

Run once a day with the other reminders of plans; run again it tells nobody twice, and a day that
was missed is made up for. Of what is late the reviewers are told too, once a partnership.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import transaction

from commissioning.kernel.words import day
from commissioning.models import Notice, QuarterReport, User
from commissioning.roles import Permission
from commissioning.selectors.plans.reports_waiting import (
    Owed,
    open_reports_of_plans,
    owed_by_plan,
)
from commissioning.selectors.plans.sides import (
    people_holding,
    regions_of,
    reviewers_of_nation,
)
from commissioning.services.notices import tell_each
from commissioning.services.plans.telling import address_of

BEFORE = dt.timedelta(days=14)
SOON, TODAY, OVERDUE = "14 days", "the day", "overdue"


@transaction.atomic
def remind_of_reports(*, on: dt.date) -> int:
    """Tell everybody whose turn it is. Returns how many notices were made."""
    due = open_reports_of_plans().filter(due_on__lte=on + BEFORE)
    partnerships = {one.plan.partnership_id for one in due}
    writers = people_holding(Permission.PLAN_EDIT, partnerships, on=on)
    late = owed_by_plan(due.filter(due_on__lt=on))
    return tell_each([*_to_writers(due, writers, on), *_to_reviewers(late, on)])


def _to_writers(
    due: Iterable[QuarterReport], writers: Mapping[int, Sequence[User]], on: dt.date
) -> Iterator[Notice]:
    for one in due:
        when = OVERDUE if one.due_on < on else TODAY if one.due_on == on else SOON
        said = {OVERDUE: f"was due on {day(one.due_on)}", TODAY: "is due today"}
        label = one.plan.quarters()[one.quarter - 1].label
        for person in writers.get(one.plan.partnership_id, []):
            yield Notice(
                person=person,
                sentence=f"The report of {label} on the plan {one.plan}"
                f" {said.get(when, f'is due on {day(one.due_on)}')}",
                link=address_of(one.plan, "monitoring", f"q{one.quarter}"),
                cause=f"report-due:{one.pk}:{one.due_on:%Y%m%d}:{when}",
            )


def _to_reviewers(late: Sequence[Owed], on: dt.date) -> Iterator[Notice]:
    regions = regions_of({one.first.plan.partnership_id for one in late}, on=on)
    reviewers = people_holding(Permission.PLAN_AGREE, set(regions.values()), on=on)
    instead = reviewers_of_nation(on=on)
    for one in late:
        plan, many = one.first.plan, len(one.reports)
        people = reviewers.get(regions.get(plan.partnership_id, 0)) or instead
        owes = "a quarterly report" if many == 1 else f"{many} quarterly reports"
        for person in people:
            yield Notice(
                person=person,
                sentence=f"{plan} owes {owes}: the first was due on {day(one.first.due_on)}",
                link=address_of(plan, "monitoring"),
                cause=f"reports-owed:{plan.pk}:{'-'.join(str(r.quarter) for r in one.reports)}",
            )
