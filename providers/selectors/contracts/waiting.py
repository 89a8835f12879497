"""What contracts ask of somebody: to be answered, awarded, agreed to, ended or monitored."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from commissioning.kernel.periods import Grain, Period
from providers.models import Contract, MonitoringReturn

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
OF_DEADLINES = {"notice": Asks.NOTICE, "option": Asks.OPTION, "end": Asks.END}


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


def returns_due(contracts: list[Contract], on: dt.date) -> Iterator[ContractWork]:
    """Monitoring returns of the last quarter that were not sent. One query."""
    quarter = Period.containing(on, Grain.QUARTER).previous()
    sent = set(
        MonitoringReturn.objects.filter(contract__in=contracts, quarter=quarter.code).values_list(
            "contract", flat=True
        )
    )
    for one in contracts:
        if one.runs_in(quarter) and one.pk not in sent:
            due = quarter.end + RETURN_DUE
            yield ContractWork(Asks.MONITOR, one, due, f"For {quarter.label}")
