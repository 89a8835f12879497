"""How many nights places were open, out of service and occupied: by provider and by month."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from providers.choices import OccupancyKind
from providers.rules.utilisation import PlaceNights
from providers.selectors.utilisation.blocks import Days


@dataclass(frozen=True)
class Scope:
    """Of which places: all of England's unless something is said. `providers` by id."""

    providers: Collection[int] | None = None
    kind: str = ""
    intervention: str = ""

    @property
    def conditions(self) -> str:
        """What narrows `place` and `service` in a statement."""
        found = ["place.overbooked_for = ''"]
        if self.providers is not None:
            found.append("service.provider_id = ANY(%(providers)s)")
        if self.kind:
            found.append("place.kind = %(kind)s")
        if self.intervention:
            found.append(
                "EXISTS (SELECT FROM providers_deliveredintervention given"
                " WHERE given.service_id = service.id"
                " AND given.intervention_id = %(intervention)s)"
            )
        return " AND ".join(found)

    @property
    def values(self) -> dict[str, Any]:
        return {
            "providers": list(self.providers or ()),
            "kind": self.kind,
            "intervention": self.intervention,
            "occupied": OccupancyKind.OCCUPIED.value,
            "out": OccupancyKind.OUT_OF_SERVICE.value,
        }


# What the time holds is counted whole; only what reaches over a month's end is cut there.
_OPEN = """
WITH month AS (
  SELECT * FROM unnest(%(since)s::date[], %(until)s::date[]) WITH ORDINALITY
             AS one (since, until, number))
SELECT service.provider_id, month.number,
       sum(least(place.closed_on, month.until) - greatest(place.opened_on, month.since))
  FROM providers_place place
  JOIN providers_service service ON service.id = place.service_id
  JOIN month ON place.opened_on < month.until
            AND (place.closed_on IS NULL OR place.closed_on > month.since)
 WHERE {conditions}
 GROUP BY GROUPING SETS ((service.provider_id), (month.number))
"""
_TAKEN = """
WITH month AS (
  SELECT * FROM unnest(%(since)s::date[], %(until)s::date[]) WITH ORDINALITY
             AS one (since, until, number)),
taken AS (
  SELECT service.provider_id, one.kind, lower(one.nights) AS since,
         coalesce(upper(one.nights), 'infinity'::date) AS until
    FROM providers_occupancy one
    JOIN providers_place place ON place.id = one.place_id
    JOIN providers_service service ON service.id = place.service_id
   WHERE one.nights && daterange(%(first)s, %(end)s)
     AND one.kind IN (%(occupied)s, %(out)s) AND {conditions})
SELECT provider_id, month.number,
       coalesce(sum(held.nights) FILTER (WHERE kind = %(occupied)s), 0),
       coalesce(sum(held.nights) FILTER (WHERE kind = %(out)s), 0)
  FROM taken
  JOIN month ON taken.since < month.until AND taken.until > month.since
 CROSS JOIN LATERAL (SELECT least(taken.until, month.until)
                            - greatest(taken.since, month.since)) AS held (nights)
 GROUP BY GROUPING SETS ((provider_id), (month.number))
"""
# Nights of places while a block contract has them, and those on which somebody was there.
_ON_BLOCK = """
WITH month AS (
  SELECT * FROM unnest(%(since)s::date[], %(until)s::date[]) WITH ORDINALITY
             AS one (since, until, number)),
sold AS (
  SELECT month.number, sold.place_id,
         sold.nights * daterange(month.since, month.until)
           * daterange(place.opened_on, place.closed_on) AS nights
    FROM providers_contractplace sold
    JOIN providers_place place ON place.id = sold.place_id
    JOIN providers_service service ON service.id = place.service_id
    JOIN month ON sold.nights && daterange(month.since, month.until)
   WHERE {conditions})
SELECT number, sum(upper(sold.nights) - lower(sold.nights)), coalesce(sum(used.nights), 0)
  FROM sold
  LEFT JOIN LATERAL (
       SELECT sum(upper(one.nights * sold.nights) - lower(one.nights * sold.nights)) AS nights
         FROM providers_occupancy one
        WHERE one.place_id = sold.place_id AND one.nights && sold.nights
          AND one.kind = %(occupied)s) used ON true
 WHERE NOT isempty(sold.nights)
 GROUP BY number
"""
_BY_DAY = """
SELECT service.id, service.name, night::date,
       count(*), count(*) FILTER (WHERE one.kind = %(out)s),
       count(*) FILTER (WHERE one.kind = %(occupied)s)
  FROM generate_series(%(first)s::date, %(end)s::date - 1, interval '1 day') night
  JOIN providers_place place ON place.opened_on <= night
       AND (place.closed_on IS NULL OR place.closed_on > night)
  JOIN providers_service service ON service.id = place.service_id
  LEFT JOIN providers_occupancy one ON one.place_id = place.id AND one.nights @> night::date
 WHERE {conditions}
 GROUP BY service.id, service.name, night
 ORDER BY service.name, service.id, night
"""


@dataclass(frozen=True)
class Occupied:
    """Nights by provider over all the months, and by month (from 0) over all the providers."""

    by_provider: dict[int, PlaceNights] = field(default_factory=dict)
    by_month: list[PlaceNights] = field(default_factory=list)


def occupancy_of(scope: Scope, months: Sequence[Days]) -> Occupied:
    """Of consecutive months, or other stretches of days. Two queries, whatever their number."""
    if not months:
        return Occupied()
    opened: dict[tuple[int | None, int | None], int] = {}
    for provider, number, many in _ask(_OPEN, scope, months):
        opened[provider, number] = int(many)
    taken = {
        (provider, number): (int(occupied), int(out))
        for provider, number, occupied, out in _ask(_TAKEN, scope, months)
    }

    def nights(key: tuple[int | None, int | None]) -> PlaceNights:
        occupied, out = taken.get(key, (0, 0))
        return PlaceNights(open=opened.get(key, 0), out_of_service=out, occupied=occupied)

    return Occupied(
        by_provider={one: nights((one, None)) for one, _ in opened if one is not None},
        by_month=[nights((None, number)) for number in range(1, len(months) + 1)],
    )


def months_of_provider(scope: Scope, months: Sequence[Days]) -> list[PlaceNights]:
    """The same of one provider, with what block contracts have of it. Three queries."""
    if not months:
        return []
    on_block = {
        number: (int(contracted), int(used))
        for number, contracted, used in _ask(_ON_BLOCK, scope, months)
    }
    found = []
    for number, one in enumerate(occupancy_of(scope, months).by_month, start=1):
        contracted, used = on_block.get(number, (0, 0))
        found.append(PlaceNights(one.open, one.out_of_service, one.occupied, contracted, used))
    return found


@dataclass(frozen=True)
class ServiceNights:
    """A service's places on each night of a month: night → nights of one day."""

    name: str
    by_night: dict[dt.date, PlaceNights]


def nights_of_services(scope: Scope, days: Days) -> list[ServiceNights]:
    """Night by night, for one provider and one month. One query."""
    found: dict[int, ServiceNights] = {}
    for service, name, night, held, out, occupied in _ask(_BY_DAY, scope, [days]):
        one = found.setdefault(service, ServiceNights(name, defaultdict(PlaceNights)))
        one.by_night[night] = PlaceNights(open=held, out_of_service=out, occupied=occupied)
    return list(found.values())


def _ask(statement: str, scope: Scope, months: Sequence[Days]) -> list[tuple[Any, ...]]:
    values = {
        **scope.values,
        "since": [since for since, _ in months],
        "until": [until for _, until in months],
        "first": months[0][0],
        "end": months[-1][1],
    }
    with connection.cursor() as asked:
        asked.execute(statement.format(conditions=scope.conditions), values)
        return list(asked.fetchall())
