"""What contracts ask of somebody: to be answered, awarded, agreed to, ended or monitored."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from django.db.models import Q

from commissioning.choices import OrganisationKind
from commissioning.kernel.periods import Grain, Period
from commissioning.models import Organisation, User
from commissioning.roles import Permission
from providers.choices import IN_FORCE_IN, ContractState, Side, VariationState
from providers.models import Contract, MonitoringReturn, PerformanceComment, Variation
from providers.models.contracts import ContractQuerySet
from providers.selectors.contracts.records import deadlines_of, seen_by
from providers.selectors.contracts.uncommitted import years_to_commit

SOON = dt.timedelta(days=91)
RETURN_DUE = dt.timedelta(days=28)  # after the quarter: an assumption of this service


class Asks(Enum):
    """What is to be done."""

    ANSWER = auto()  # accept or send back what is offered
    AWARD = auto()
    AGREE = auto()  # to a variation
    FORCE = auto()  # put a variation into force
    COMMIT = auto()  # a later year, now that its plan is agreed
    NOTICE = auto()
    OPTION = auto()
    END = auto()
    MONITOR = auto()  # send the monitoring return
    REMEDY = auto()  # overdue


WORDS = {
    Asks.ANSWER: "Answer contract {}",
    Asks.AWARD: "Award contract {}",
    Asks.AGREE: "Answer the variation of contract {}",
    Asks.FORCE: "Put the variation of contract {} into force",
    Asks.COMMIT: "Commit {year} of contract {}",
    Asks.NOTICE: "Last day for notice of contract {}",
    Asks.OPTION: "Decide the option to extend contract {}",
    Asks.END: "Contract {} ends",
    Asks.MONITOR: "Send the monitoring return of contract {}",
    Asks.REMEDY: "A remedy of contract {} is overdue",
}
_PAGES = {
    Asks.MONITOR: "performance/",
    Asks.REMEDY: "performance/",
    Asks.COMMIT: "money/",
}
_OF_DEADLINES = {"notice": Asks.NOTICE, "option": Asks.OPTION, "end": Asks.END}


@dataclass(frozen=True)
class ContractWork:
    """One thing a contract asks for, and the day it is due."""

    asks: Asks
    contract: Contract
    due_on: dt.date | None = None
    about: str = ""
    year: str = ""

    @property
    def words(self) -> str:
        return WORDS[self.asks].format(
            f"{self.contract.reference}, {self.contract.title}", year=self.year
        )

    @property
    def href(self) -> str:
        return f"/contracts/{self.contract.reference}/{_PAGES.get(self.asks, '')}"


def contracts_waiting_for(
    person: User, organisation: Organisation, *, on: dt.date
) -> list[ContractWork]:
    """What contracts ask of a person who acts for a partnership, a provider or a region, the
    first due first. Five queries at the most.

    A region is told only what ends within three months.
    """
    if not person.reach(Permission.CONTRACT_VIEW).covers(organisation.pk):
        return []
    rows = seen_by(person).with_names()
    if organisation.kind == OrganisationKind.PROVIDER:
        found = _of_provider(person, organisation, rows.filter(provider=organisation.pk), on)
    elif organisation.kind == OrganisationKind.PARTNERSHIP:
        found = _of_partnership(person, organisation, rows.of_partnership(organisation.pk), on)
    else:
        found = (one for one in _ending(list(rows.in_force()), on) if one.asks is Asks.END)
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or on, one.contract.pk))


def _of_provider(
    person: User, organisation: Organisation, rows: ContractQuerySet, on: dt.date
) -> Iterator[ContractWork]:
    contracts = _alive(rows)
    answers = person.reach(Permission.CONTRACT_ANSWER).covers(organisation.pk)
    if not answers:
        return
    for one in contracts:
        if one.state == ContractState.OFFERED and one.accepted_at is None:
            yield ContractWork(Asks.ANSWER, one)
    in_force = [one for one in contracts if one.state in IN_FORCE_IN]
    for variation in _proposed(in_force):
        if variation.side == Side.COMMISSIONER and variation.agreed_at is None:
            yield ContractWork(Asks.AGREE, variation.contract, about=variation.reason)
    yield from _ending(in_force, on)
    yield from returns_due(in_force, on)
    yield from _remedies(in_force, on)


def _of_partnership(
    person: User, organisation: Organisation, rows: ContractQuerySet, on: dt.date
) -> Iterator[ContractWork]:
    contracts = _alive(rows)
    writes = person.reach(Permission.CONTRACT_EDIT).covers(organisation.pk)
    awards = person.reach(Permission.CONTRACT_AWARD).covers(organisation.pk)
    yield from _offered_by(organisation, contracts, writes=writes, awards=awards)
    in_force = [one for one in contracts if one.state in IN_FORCE_IN]
    for variation in _proposed(in_force):
        agreed = variation.agreed_at is not None
        if awards and agreed and variation.proposed_by_id != person.pk:
            yield ContractWork(Asks.FORCE, variation.contract, about=variation.reason)
    if awards or writes:
        for year in years_to_commit(in_force, partnership=organisation.pk):
            yield ContractWork(Asks.COMMIT, year.contract, year=year.label)
    if writes:
        yield from _ending(in_force, on)
        yield from _remedies(in_force, on)


def _offered_by(
    lead: Organisation, contracts: list[Contract], *, writes: bool, awards: bool
) -> Iterator[ContractWork]:
    for one in contracts:
        if one.state == ContractState.OFFERED and one.lead_id == lead.pk:
            if one.accepted_at and awards:
                yield ContractWork(Asks.AWARD, one)
            elif one.proposed_by == Side.PROVIDER and writes:
                yield ContractWork(Asks.ANSWER, one)


def _alive(rows: ContractQuerySet) -> list[Contract]:
    states = {ContractState.OFFERED, *IN_FORCE_IN}
    return list(rows.filter(state__in=states))


def _proposed(contracts: list[Contract]) -> list[Variation]:
    rows = Variation.objects.filter(contract__in=contracts, state=VariationState.PROPOSED)
    return list(rows.select_related("contract"))


def _ending(contracts: list[Contract], on: dt.date) -> Iterator[ContractWork]:
    for one in contracts:
        for day in deadlines_of(one):
            if on <= day.on <= on + SOON:
                yield ContractWork(_OF_DEADLINES[day.kind], one, day.on)


def returns_due(contracts: list[Contract], on: dt.date) -> Iterator[ContractWork]:
    """Monitoring returns of the last quarter that were not sent. One query."""
    quarter = Period.containing(on, Grain.QUARTER).previous()
    sent = set(
        MonitoringReturn.objects.filter(contract__in=contracts, quarter=quarter.code).values_list(
            "contract", flat=True
        )
    )
    for one in contracts:
        within = one.starts_on < quarter.end and quarter.start < (one.ended_on or one.ends_on)
        if within and one.pk not in sent:
            due = quarter.end + RETURN_DUE
            yield ContractWork(Asks.MONITOR, one, due, f"For {quarter.label}")


def _remedies(contracts: list[Contract], on: dt.date) -> Iterator[ContractWork]:
    rows = PerformanceComment.objects.filter(
        ~Q(remedy=""), contract__in=contracts, done_on=None, due_on__lt=on
    )
    for one in rows.select_related("contract"):
        yield ContractWork(Asks.REMEDY, one.contract, one.due_on, one.remedy)
