"""Ends, notices and options of contracts that bind, for timelines, calendars and reminders."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from commissioning.models import User
from providers.models import Contract
from providers.models.contracts import ContractQuerySet
from providers.selectors.contracts.records import Deadline, deadlines_of, seen_by


@dataclass(frozen=True)
class ContractDates:
    """A contract and the days that come."""

    contract: Contract
    deadlines: Sequence[Deadline]


def dates_of(
    contracts: ContractQuerySet, *, since: dt.date, until: dt.date
) -> list[ContractDates]:
    """Contracts in force that end in the time or have a day in it, the first to end first. One
    query."""
    rows = (
        contracts.in_force()
        .filter(starts_on__lt=until)
        .with_names()
        .order_by("ends_on", "reference")
    )
    found = []
    for one in rows:
        days = [day for day in deadlines_of(one) if since <= day.on < until]
        if days:
            found.append(ContractDates(one, days))
    return found


def calendar_days(
    person: User, *, since: dt.date, until: dt.date
) -> Iterable[tuple[dt.date, str, str]]:
    """What falls on which day of the contracts a person sees: day, words and a key of its own."""
    soon = Q(ends_on__lt=until + dt.timedelta(days=731))
    for one in dates_of(seen_by(person).filter(soon), since=since, until=until):
        contract = one.contract
        for day in one.deadlines:
            words = f"{day.words}: contract {contract.reference}, {contract.title}"
            yield day.on, words, f"contract-{contract.pk}-{day.kind}"
