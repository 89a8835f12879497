"""How many nights places were open, out of service and occupied: by provider, month and kind.

Beds, slots and caseloads are never added together.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from providers.choices import OccupancyKind, PlaceKind
from providers.rules.utilisation import PlaceNights
from providers.selectors.utilisation.blocks import Days

REHABILITATION = "residential-rehabilitation"


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
            "bed": PlaceKind.BED.value,
            "rehabilitation": REHABILITATION,
        }


# Nights open, out of service and occupied, read once and added up three ways. Months are not cut
# out of each spell: how many spells begin and end on each day says it of all of them. Providers
# and days are those of the kind asked for; kinds are all that were read.
_SPELLS = """
WITH held AS MATERIALIZED (
  SELECT place.id, place.kind, %(kind)s IN ('', place.kind) AS is_asked, service.provider_id,
         place.kind = %(bed)s AND EXISTS (
           SELECT FROM providers_deliveredintervention one
            WHERE one.service_id = service.id AND one.intervention_id = %(rehabilitation)s
         ) AS is_residential,
         greatest(place.opened_on, %(first)s) AS since, least(place.closed_on, %(end)s) AS until
    FROM providers_place place
    JOIN providers_service service ON service.id = place.service_id
   WHERE place.opened_on < %(end)s
     AND (place.closed_on IS NULL OR place.closed_on > %(first)s) AND {conditions}),
opened AS (
  SELECT CASE WHEN is_asked THEN provider_id END AS provider_id,
         CASE WHEN is_asked THEN since END AS since, CASE WHEN is_asked THEN until END AS until,
         kind, is_residential, until - since AS nights
    FROM held),
taken AS (
  SELECT CASE WHEN is_asked THEN provider_id END AS provider_id,
         CASE WHEN is_asked THEN day.since END AS since,
         CASE WHEN is_asked THEN day.until END AS until,
         held.kind, is_residential, one.kind = %(out)s AS is_out, day.until - day.since AS nights
    FROM providers_occupancy one
    JOIN held ON held.id = one.place_id
   CROSS JOIN LATERAL (SELECT greatest(lower(one.nights), %(first)s),
                              least(upper(one.nights), %(end)s)) AS day (since, until)
   WHERE one.nights && daterange(%(first)s, %(end)s) AND one.kind IN (%(occupied)s, %(out)s))
SELECT 'open', provider_id, since, until, kind, is_residential, sum(nights), count(*)
  FROM opened
 GROUP BY GROUPING SETS ((provider_id), (since), (until), (kind, is_residential))
 UNION ALL
SELECT CASE WHEN is_out THEN 'out_of_service' ELSE 'occupied' END,
       provider_id, since, until, kind, is_residential, sum(nights), count(*)
  FROM taken
 GROUP BY GROUPING SETS ((is_out, provider_id), (is_out, since), (is_out, until),
                         (is_out, kind, is_residential))
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
class KindNights:
    """The nights of one kind of place. `residential`: of its beds, those of services that deliver
    residential rehabilitation; the published occupancy of England is of these."""

    kind: PlaceKind
    nights: PlaceNights
    residential: PlaceNights | None = None


@dataclass(frozen=True)
class Occupied:
    """Nights by provider over all the months, by month (from 0) over all the providers, and of
    each kind of which there was a place, beds first."""

    by_provider: dict[int, PlaceNights] = field(default_factory=dict)
    by_month: list[PlaceNights] = field(default_factory=list)
    by_kind: list[KindNights] = field(default_factory=list)


def occupancy_of(
    scope: Scope, months: Sequence[Days], *, with_other_kinds: bool = False
) -> Occupied:
    """Of consecutive months, or other stretches of days. One query, whatever their number.

    `with_other_kinds`: `by_kind` tells of those too that the scope leaves out.
    """
    if not months:
        return Occupied()
    by_provider: dict[int, Counter[str]] = defaultdict(Counter)
    by_kind: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    changes: dict[str, list[tuple[dt.date, int]]] = defaultdict(list)
    read = replace(scope, kind="") if with_other_kinds else scope
    for what, provider, since, until, kind, is_residential, nights, spells in _ask(
        _SPELLS.format(conditions=read.conditions), scope, months
    ):
        if kind is not None:
            by_kind[kind, is_residential][what] = nights
        elif provider is not None:
            by_provider[provider][what] = nights
        elif since is not None:
            changes[what].append((since, spells))
        elif until is not None:
            changes[what].append((until, -spells))

    def before(what: str, day: dt.date) -> int:
        """Nights of all spells before the day."""
        return sum((day - on).days * spells for on, spells in changes[what] if on < day)

    return Occupied(
        {key: PlaceNights(**nights) for key, nights in by_provider.items()},
        [
            PlaceNights(**{what: before(what, until) - before(what, since) for what in changes})
            for since, until in months
        ],
        _kinds({key: PlaceNights(**nights) for key, nights in by_kind.items()}),
    )


def _kinds(found: Mapping[tuple[str, bool], PlaceNights]) -> list[KindNights]:
    return [
        KindNights(
            kind,
            found.get((kind, False), PlaceNights()) + found.get((kind, True), PlaceNights()),
            found.get((kind, True)),
        )
        for kind in PlaceKind
        if {(kind, False), (kind, True)} & set(found)
    ]


def months_of_provider(scope: Scope, months: Sequence[Days]) -> list[PlaceNights]:
    """The same of one provider, with what block contracts have of it. Two queries."""
    if not months:
        return []
    on_block = {
        number: (int(contracted), int(used))
        for number, contracted, used in _ask(
            _ON_BLOCK.format(conditions=scope.conditions), scope, months
        )
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
    for service, name, night, held, out, occupied in _ask(
        _BY_DAY.format(conditions=scope.conditions), scope, [days]
    ):
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
        asked.execute(statement, values)
        return list(asked.fetchall())
