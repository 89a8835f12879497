"""Look here first, from work: long waits, returns, jobs, and the keeping of the service."""

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse

from commissioning.components import Card
from commissioning.kernel.words import count, day
from commissioning.models import User
from commissioning.selectors.keeping import (
    jobs_asking_for_attention,
    people_asking_for_attention,
)
from pathways.models import Upload
from pathways.selectors.return_work import MonthOwed
from reporting.selectors.long_waits import LongWaitWork


def several(number: int, one: str, many: str) -> str:
    """The word for so many."""
    return one if number == 1 else many


def long_wait_cards(work: LongWaitWork, *, length: str, href: str, reviews: bool) -> list[Card]:
    """Waits whose review is not closed: people who still wait first, then those that are over.

    `length` is from when on a wait is on the list, in words.
    """
    action, many, still = (
        "Review waits" if reviews else "See waits",
        work.not_closed,
        work.open_now,
    )
    if not many:
        return []
    new = f"{count(work.new)} of them found in the last week"
    verdict = f"{count(work.to_review)} not begun" if work.to_review else "Being reviewed"
    asks = f"{several(many, 'wait', 'waits')} in all {several(many, 'asks', 'ask')} for review"
    if still:
        return [
            Card(
                number=f"{count(still)} {several(still, 'person', 'people')}",
                sentence=f"{several(still, 'has', 'have')} waited {length} or longer and still "
                f"{several(still, 'waits', 'wait')}. {count(many)} {asks}"
                f"{f', {new}' if work.new else ''}.",
                action=action,
                href=f"{href}{'&' if '?' in href else '?'}wait=open",
                tone="bad",
                verdict=verdict,
            )
        ]
    return [
        Card(
            number=f"{count(many)} {several(many, 'wait', 'waits')}",
            sentence=f"of {length} or longer, now over, {several(many, 'asks', 'ask')} for review"
            f"{f', {new}' if work.new else ''}.",
            action=action,
            href=href,
            tone="watch",
            verdict=verdict,
        )
    ]


def overdue_cards(owed: MonthOwed, *, href: str, sends: bool) -> list[Card]:
    """Returns that should have come."""
    many = len(owed.agencies)
    if not many:
        return []
    return [
        Card(
            number=f"{count(many)} {several(many, 'return', 'returns')}",
            sentence=f"for {owed.month.label} {several(many, 'has', 'have')} not come; "
            f"{several(many, 'it was', 'they were')} due by {day(owed.due_on)}.",
            action="Send a return" if sends else "See who",
            href=href,
            tone="bad",
            verdict="Overdue",
        )
    ]


def confirm_cards(files: Sequence[Upload]) -> list[Card]:
    """Files that were checked and wait for their sender."""
    many = len(files)
    if not many:
        return []
    answers = sum(getattr(one, "to_answer", 0) for one in files)
    findings = (
        f", with {count(answers)} {several(answers, 'finding', 'findings')} to answer"
        if answers
        else ""
    )
    return [
        Card(
            number=f"{count(many)} {several(many, 'return', 'returns')}",
            sentence=f"{several(many, 'is', 'are')} checked and {several(many, 'waits', 'wait')} "
            f"for you{findings}. No figure changes before you confirm.",
            action=several(many, "Confirm return", "Confirm the first"),
            href=address_of(files[0]),
            tone="watch",
            verdict="Waiting for you",
        )
    ]


def job_cards(person: User) -> list[Card]:
    """Work of the service that a fault stopped."""
    stopped, going = jobs_asking_for_attention(person)
    if not stopped:
        return []
    return [
        Card(
            number=f"{count(stopped)} {several(stopped, 'job', 'jobs')}",
            sentence=f"stopped by a fault; {count(going)} more waiting or running.",
            action="See jobs",
            href=f"{reverse('commissioning:job-list')}?state=FAILED",
            tone="bad",
            verdict="Stopped",
        )
    ]


def people_cards(keeper: User, *, on: dt.date) -> list[Card]:
    """People who can sign in and hold no role, and those who have chosen no password yet."""
    people, href = people_asking_for_attention(keeper, on=on), reverse("commissioning:person-list")
    alone, invited = people["without_role"], people["invited"]
    found = []
    if alone:
        found.append(
            Card(
                number=f"{count(alone)} {several(alone, 'person', 'people')}",
                sentence="can sign in and "
                + several(alone, "holds no role, so sees", "hold no role, so see")
                + " nothing of their own.",
                action="Give a role",
                href=f"{href}?access=active",
                tone="watch",
                verdict="Without a role",
            )
        )
    if invited:
        found.append(
            Card(
                number=f"{count(invited)} of {count(people['with_access'])}",
                sentence=f"people with access {several(invited, 'has', 'have')} not chosen a "
                "password yet.",
                action="See who",
                href=f"{href}?access=invited",
                tone="watch",
                verdict="Invited",
            )
        )
    return found


def address_of(upload: Upload) -> str:
    """The page of a file; one that spans providers has none of its own to confirm."""
    code = upload.provider.code if upload.provider else ""
    return reverse("reporting:return-detail", args=[code, upload.number])
