"""Reminding both sides of what falls due of contracts: once for each day, cause and distance.

Run once a day; run again it tells nobody twice.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import transaction

from commissioning.kernel.words import day
from commissioning.models import Notice, User
from commissioning.roles import Permission
from commissioning.selectors.plans.sides import people_holding
from commissioning.services.notices import tell_each
from providers.models import Contract, PerformanceComment
from providers.selectors.contracts.records import deadlines_of
from providers.selectors.contracts.uncommitted import years_to_commit
from providers.selectors.contracts.waiting import returns_due

# How many days before at the most, and what the cause is called.
BEFORE = ((7, "7 days"), (28, "4 weeks"), (91, "3 months"))
OVERDUE = "overdue"
Reminder = tuple[Contract, str, str, str]


@transaction.atomic
def remind_of_contracts(*, on: dt.date) -> int:
    """Tell those who write for either side. Returns how many notices were made."""
    contracts = list(Contract.objects.in_force().with_names())
    leads, providers = ({one.lead_id for one in contracts}, {one.provider_id for one in contracts})
    buyers = people_holding(Permission.CONTRACT_EDIT, leads, on=on)
    sellers = people_holding(Permission.CONTRACT_ANSWER, providers, on=on)
    due = (
        notice
        for contract, words, cause, page in _due(contracts, on)
        for notice in _notices(
            contract,
            [*buyers.get(contract.lead_id, []), *sellers.get(contract.provider_id, [])],
            (words, cause, page),
        )
    )
    return tell_each([*due, *_to_commit(contracts, on)])


def _to_commit(contracts: list[Contract], on: dt.date) -> Iterator[Notice]:
    """Whoever may commit a year of a contract is told once that its plan is agreed."""
    years = years_to_commit(contracts)
    may = people_holding(Permission.CONTRACT_AWARD, {one.partnership for one in years}, on=on)
    for one in years:
        said = f"The plan of {one.label} is agreed: commit that year of contract {one.contract}"
        yield from _notices(
            one.contract, may.get(one.partnership, []), (said, f"commit:{one.plan}", "money/")
        )


def _due(contracts: list[Contract], on: dt.date) -> Iterator[Reminder]:
    for one in contracts:
        for deadline in deadlines_of(one):
            when = _when(deadline.on, on)
            if when and when != OVERDUE:
                yield (
                    one,
                    f"{deadline.words}, contract {one}: {day(deadline.on)}",
                    f"{deadline.kind}:{deadline.on:%Y%m%d}:{when}",
                    "",
                )
    for work in returns_due(contracts, on):
        if work.due_on and (when := _when(work.due_on, on)):
            said = "was due on" if when == OVERDUE else "is due on"
            yield (
                work.contract,
                f"The monitoring return of contract {work.contract} {said} {day(work.due_on)}",
                f"return:{work.due_on:%Y%m%d}:{when}",
                "performance/",
            )
    rows = PerformanceComment.objects.filter(
        contract__in=contracts, due_on__lt=on, done_on=None
    ).exclude(remedy="")
    held = {one.pk: one for one in contracts}
    for comment in rows:
        contract = held[comment.contract_id]
        yield (
            contract,
            f"Not put right by {day(comment.due_on)}, contract {contract}: {comment.remedy}",
            f"remedy:{comment.pk}:{OVERDUE}",
            "performance/",
        )


def _when(due_on: dt.date, on: dt.date) -> str:
    left = (due_on - on).days
    if left < 0:
        return OVERDUE
    return next((words for most, words in BEFORE if left <= most), "")


def _notices(
    contract: Contract, people: Iterable[User], said: tuple[str, str, str]
) -> Iterator[Notice]:
    words, cause, page = said
    for person in people:
        yield Notice(
            person=person,
            sentence=words[:300],
            link=f"/contracts/{contract.reference}/{page}",
            cause=f"contract:{contract.pk}:{cause}",
        )
