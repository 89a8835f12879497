"""How a provider has kept to NDTMS: what the history of its agencies' returns says."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.models import Organisation
from pathways.choices import ReturnStanding
from pathways.models import Return
from pathways.selectors.return_history import MONTHS_SHOWN, history_of, months_until
from providers.models import Agency

TOLD = frozenset({ReturnStanding.LOADED, ReturnStanding.COVERED})


@dataclass(frozen=True)
class AgencyCompliance:
    """An agency's months of the last year: owed, told of, overdue; and its newest return.

    `in_time` are those whose return was received by the due day, of the `judged`: of the others
    the day is not known, since the service itself loaded the file, or no return tells of them.
    `completeness`: the share of core values given in the newest loaded return, from 0 to 1.
    """

    agency: Agency
    owed: int
    told: int
    overdue: int
    in_time: int
    judged: int
    completeness: float | None
    rejected: int
    episodes: int


@dataclass(frozen=True)
class Compliance:
    """The agencies of a provider together."""

    agencies: Sequence[AgencyCompliance]

    @property
    def owed(self) -> int:
        return sum(one.owed for one in self.agencies)

    @property
    def told(self) -> int:
        return sum(one.told for one in self.agencies)

    @property
    def overdue(self) -> int:
        return sum(one.overdue for one in self.agencies)

    @property
    def in_time(self) -> int:
        return sum(one.in_time for one in self.agencies)

    @property
    def judged(self) -> int:
        return sum(one.judged for one in self.agencies)

    @property
    def share(self) -> float | None:
        return self.told / self.owed if self.owed else None


def compliance_of(provider: Organisation, *, today: dt.date, due_days: int) -> Compliance:
    """By agency, over the months of the last year. Three queries."""
    agencies = list(
        Agency.objects.filter(provider=provider.pk, is_prison=False)
        .select_related("partnership__organisation")
        .order_by("name", "pk")
    )
    year = months_until(today, how_many=MONTHS_SHOWN)
    lines = history_of(agencies, year, today=today, due_days=due_days)
    newest = {
        one.agency_id: one
        for one in Return.objects.loaded()
        .filter(agency__in=agencies)
        .order_by("agency", "-sequence")
        .distinct("agency")
    }
    found = []
    for agency in agencies:
        months = [one for one in lines if one.agency == agency]
        own = [one.standing for one in months]
        last = newest.get(agency.pk)
        found.append(
            AgencyCompliance(
                agency,
                owed=len(own),
                told=sum(one in TOLD for one in own),
                overdue=own.count(ReturnStanding.OVERDUE),
                in_time=sum(one.is_in_time is True for one in months),
                judged=sum(one.is_in_time is not None for one in months),
                completeness=float(last.completeness)
                if last and last.completeness is not None
                else None,
                rejected=last.episodes_rejected if last else 0,
                episodes=last.episodes if last else 0,
            )
        )
    return Compliance(found)
