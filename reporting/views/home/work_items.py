"""The work list of the home page, by the day each thing is due, and the days to come."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from commissioning.components import WorkItem
from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import count, day
from commissioning.models import User
from commissioning.selectors.plans.dates import days_of_plans
from pathways.models import Upload
from pathways.selectors.return_history import due_on
from pathways.selectors.return_work import MonthOwed
from reporting.models import LongWait
from reporting.views.home.work_cards import address_of, several

AGENCIES_LISTED = 8
DATES_SHOWN = 3
PLAN_DAYS_SHOWN, AHEAD = 5, dt.timedelta(days=90)


@dataclass(frozen=True)
class ToCome:
    """A day and what happens on it."""

    on: dt.date
    words: str
    href: str = ""


def to_confirm(files: Iterable[Upload], *, due_days: int, today: dt.date) -> list[WorkItem]:
    """Checked files, each due with the month it reports."""
    items = []
    for one in files:
        month = Period.containing(one.month, Grain.MONTH)
        due, answers = due_on(month, due_days=due_days), getattr(one, "to_answer", 0)
        items.append(
            WorkItem(
                sentence=f"Confirm return {one.number} for {month.label}",
                href=address_of(one),
                due_on=due,
                about=f"{count(one.rows)} {several(one.rows, 'row', 'rows')}, "
                f"{count(answers)} {several(answers, 'finding', 'findings')} to answer",
                late=due < today,
            )
        )
    return items


def to_send(owed: MonthOwed, *, href: str, sends: bool, today: dt.date) -> list[WorkItem]:
    """A line for each agency whose return has not come; the rest in one line."""
    listed, rest = owed.agencies[:AGENCIES_LISTED], owed.agencies[AGENCIES_LISTED:]
    deed, late = "Send the return" if sends else "Ask for the return", owed.due_on < today
    items = [
        WorkItem(f"{deed} of {one.name} for {owed.month.label}", href, owed.due_on, one.code, late)
        for one in listed
    ]
    if rest:
        words = f"{deed}s of {count(len(rest))} more agencies for {owed.month.label}"
        items.append(WorkItem(words, href, owed.due_on, late=late))
    return items


def to_review(waits: Iterable[LongWait]) -> list[WorkItem]:
    """Waits the person looks after."""
    return [
        WorkItem(
            sentence=f"Review wait {one.pk}: {count(one.days)} days",
            href=reverse("reporting:long-wait-detail", args=[one.pk]),
            about=f"{one.agency.name}, found on {day(one.found_on)}",
        )
        for one in waits
    ]


def by_due_date(items: Iterable[WorkItem]) -> list[WorkItem]:
    """The first due on top; what has no day comes last."""
    return sorted(items, key=lambda one: (one.due_on is None, one.due_on or dt.date.max))


def return_days(today: dt.date, *, due_days: int) -> Sequence[ToCome]:
    """The next days on which returns are due."""
    month = Period.containing(today, Grain.MONTH).previous()
    found: list[ToCome] = []
    while len(found) < DATES_SHOWN:
        due = due_on(month, due_days=due_days)
        if due >= today:
            said = "today" if due == today else f"in {(due - today).days} days"
            found.append(ToCome(due, f"Returns for {month.label} are due {said}"))
        month = month.following()
    return found


def plan_days(person: User, today: dt.date) -> Sequence[ToCome]:
    """What falls next in the plans the person may view, each with its page."""
    days = days_of_plans(person, since=today, until=today + AHEAD)
    return [
        ToCome(
            one.on,
            one.words,
            reverse("commissioning:plan-detail", args=[one.code, one.slug]) if one.slug else "",
        )
        for one in days[:PLAN_DAYS_SHOWN]
    ]
