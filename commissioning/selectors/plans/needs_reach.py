"""How far treatment reaches in a region and in England, beside an assessment's own areas.

People in treatment are set against an estimate of the same places alone. While every partnership's
figures are in, that is the place's own estimate. Until then it is the partnerships that have both:
an estimate in a finished needs assessment, and figures that the reader is shown.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from commissioning.choices import FactKind, OrganisationKind
from commissioning.kernel.periods import Period
from commissioning.models import Organisation, OrganisationFact, User
from commissioning.reference.evidence import EvidenceName
from commissioning.selectors.evidence import KnownFacts, known_facts
from commissioning.selectors.plans.estimates import estimates_for_sums

FEWEST = 3  # partnerships in a sum, so that one's own taken away leaves no single neighbour's


@dataclass(frozen=True)
class Together:
    """So many of a place's partnerships have both, what they come to, and whether all are in."""

    having: int
    of: int
    is_whole: bool = False
    estimate: int | None = None
    now: int | None = None
    in_year: int | None = None


class Neighbours:
    """The partnerships of a day, their estimates and their figures of a month and a year."""

    def __init__(
        self,
        reader: User,
        *,
        region: Organisation | None,
        own: Mapping[int, int],
        assessed: int,
        month: Period,
        year: Period,
        on: dt.date,
    ) -> None:
        """`own` are the estimates of the assessment of the year `assessed`. Three queries."""
        everywhere = Organisation.objects.of_kind(OrganisationKind.PARTNERSHIP).open_on(on)
        lies = OrganisationFact.objects.on(on).filter(
            organisation=OuterRef("pk"), kind=FactKind.IN_REGION, other=region
        )
        inside = dict(everywhere.annotate(inside=Exists(lies)).values_list("pk", "inside"))
        self._nation = frozenset(inside)
        self._region = frozenset(pk for pk, is_inside in inside.items() if is_inside)
        self._estimates = {
            **estimates_for_sums(year=assessed),
            **own,
        }
        self._month, self._year = month, year
        self._facts: KnownFacts = known_facts(
            reader,
            subjects=self._nation,
            names=[EvidenceName.IN_TREATMENT],
            periods=[month, year],
            on=on,
        )

    def within(self, place: Organisation) -> Together:
        """The partnerships of the region, or of the country."""
        members = self._region if place.kind == OrganisationKind.REGION else self._nation
        now = self._people(members, self._month)
        both = [pk for pk in members if pk in now and pk in self._estimates]
        whole = bool(members) and len(now) == len(members)
        if len(both) < FEWEST:
            return Together(len(both), len(members), whole)
        year = self._people(both, self._year)
        return Together(
            len(both),
            len(members),
            whole,
            estimate=_sum(both, self._estimates),
            now=_sum(both, now),
            in_year=_sum(both, year) if len(year) == len(both) else None,
        )

    def _people(self, members: Collection[int], period: Period) -> dict[int, int]:
        found = {pk: self._facts.of(pk, EvidenceName.IN_TREATMENT, period) for pk in members}
        return {pk: one.people for pk, one in found.items() if one and one.people is not None}


def _sum(members: Sequence[int], of: Mapping[int, int]) -> int:
    return sum(of[pk] for pk in members)
