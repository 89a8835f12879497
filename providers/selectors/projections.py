"""Projected vacancies of a service: its places tonight, its past stays, and the rule's chances."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from commissioning.rule_settings import RuleSettings
from providers.choices import OccupancyKind, PlaceKind
from providers.models import Occupancy, Place, Service
from providers.rules import projection
from providers.rules.projection import Lengths, Night

PAST_YEARS = dt.timedelta(days=3 * 365)
MOST_PAST = 2000


@dataclass(frozen=True)
class Projection:
    """One kind of place of a service over the weeks to come."""

    kind: PlaceKind
    nights: list[Night]
    likely: Night | None
    lengths: Lengths
    percent: int

    @property
    def sentence(self) -> str:
        """“70 % chance of a bed by 14 May”, without its verb."""
        return self.kind.label.lower()


def past_lengths(service: Service, *, before: dt.date) -> dict[str, list[int]]:
    """Nights of the stays that ended in the last three years, by kind of place. One query."""
    rows = (
        Occupancy.objects.filter(
            place__service=service,
            kind=OccupancyKind.OCCUPIED,
            is_ended=True,
            nights__endswith__gt=before - PAST_YEARS,
            nights__endswith__lte=before,
        )
        .order_by("-nights__endswith", "pk")
        .values_list("place__kind", "nights")[:MOST_PAST]
    )
    found: dict[str, list[int]] = defaultdict(list)
    for kind, nights in rows:
        found[kind].append((nights.upper - nights.lower).days)
    return found


def _places(service: Service, today: dt.date) -> dict[str, list[projection.Place]]:
    """The open places of capacity, each with its stay and the nights that are spoken for."""
    taken: dict[int, list[Occupancy]] = defaultdict(list)
    rows = Occupancy.objects.filter(
        place__service=service, nights__endswith__isnull=True
    ) | Occupancy.objects.filter(place__service=service, nights__endswith__gt=today)
    for row in rows:
        taken[row.place_id].append(row)
    found: dict[str, list[projection.Place]] = defaultdict(list)
    for place in Place.objects.filter(service=service, overbooked_for="").open_on(today):
        stay, spoken_for = None, []
        for row in taken[place.pk]:
            if row.kind == OccupancyKind.OCCUPIED and today in row.nights:
                stay = projection.Stay(since=row.nights.lower, leaves=row.planned_until)
            else:
                spoken_for.append((row.nights.lower, row.nights.upper))
        if place.closed_on is not None:
            spoken_for.append((place.closed_on, None))
        found[place.kind].append(projection.Place(stay=stay, taken=tuple(spoken_for)))
    return found


def projections_of(service: Service, *, today: dt.date, rules: RuleSettings) -> list[Projection]:
    """Each kind of place the service has, in the order of kinds. Three queries."""
    lengths = projection.lengths_by_kind(
        past_lengths(service, before=today), rules.usual_stay_days, needed=rules.past_stays_needed
    )
    places = _places(service, today)
    found = []
    for kind in PlaceKind:
        if kind not in places:
            continue
        nights = projection.projected(places[kind], today=today, lengths=lengths[kind])
        found.append(
            Projection(
                kind=kind,
                nights=nights,
                likely=projection.first_likely(nights, rules.likely_vacancy_percent),
                lengths=lengths[kind],
                percent=rules.likely_vacancy_percent,
            )
        )
    return found
