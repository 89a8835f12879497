"""How many nights places were open, out of service and occupied: by provider, month and kind.

Beds, slots and caseloads are never added together.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from commissioning.kernel.periods import Grain, periods_between
from providers.choices import OccupancyKind, PlaceKind
from providers.rules.spells import NIGHT
from providers.rules.utilisation import PlaceNights
from providers.selectors.utilisation.blocks import Days

REHABILITATION = "residential-rehabilitation"
WHAT = ("open", "out_of_service", "occupied")  # nights are added up


@dataclass(frozen=True)
class Scope:
    """Of which places: all of England's unless something is said. `providers` by id."""

    providers: Collection[int] | None = None
    kind: str = ""
    intervention: str = ""

    @property
    def conditions(self) -> str:
        """What narrows `place` and `service` in a statement."""
        return f"{self.of_kind('place')} AND place.overbooked_for = '' AND {self.of_services}"

    def of_kind(self, table: str) -> str:
        return f"{table}.kind = %(kind)s" if self.kind else "true"

    @property
    def of_services(self) -> str:
        """What narrows `service` alone."""
        found = ["true"]
        if self.providers is not None:
            found.append("service.provider_id = ANY(%(providers)s)")
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


# Nights open, out of service and occupied, added up three ways. Of spells that ended the sums by
# month are read; places, and spells that did not end, one by one. Months are not cut out of each
# of those: how many begin and end on each day says it of all of them. Providers, days and months
# are those of the kind asked for; kinds are all that were read.
_SPELLS = """
WITH asked AS MATERIALIZED (
  SELECT service.id, service.provider_id, EXISTS (
           SELECT FROM providers_deliveredintervention one
            WHERE one.service_id = service.id AND one.intervention_id = %(rehabilitation)s
         ) AS is_rehabilitation
    FROM providers_service service
   WHERE {of_services}),
held AS MATERIALIZED (
  SELECT place.id, place.kind, place.opened_on, place.closed_on,
         place.kind = %(bed)s AND is_rehabilitation AS is_residential,
         CASE WHEN %(kind)s IN ('', place.kind) THEN asked.provider_id END AS provider_id
    FROM asked
    JOIN providers_place place ON place.service_id = asked.id
   WHERE place.overbooked_for = '' AND {of_places}),
lasting AS (
  SELECT 'open' AS what, provider_id, kind, is_residential, since, until, count(*) AS spells
    FROM held
   CROSS JOIN LATERAL (SELECT greatest(opened_on, %(first)s),
                              least(closed_on, %(end)s)) AS day (since, until)
   WHERE since < until
   GROUP BY provider_id, kind, is_residential, since, until
   UNION ALL
  SELECT CASE one.kind WHEN %(out)s THEN 'out_of_service' ELSE 'occupied' END,
         provider_id, held.kind, is_residential, since, until, count(*)
    FROM held
    JOIN providers_occupancy one ON one.place_id = held.id
   CROSS JOIN LATERAL (SELECT greatest(lower(one.nights), %(first)s),
                              least(upper(one.nights), %(end)s)) AS day (since, until)
   WHERE NOT one.is_ended AND one.kind IN (%(occupied)s, %(out)s) AND since < until
   GROUP BY one.kind, provider_id, held.kind, is_residential, since, until),
told AS (
  SELECT what, provider_id, kind, is_residential, spells, spells * (until - since) AS nights,
         CASE WHEN provider_id IS NOT NULL THEN since END AS since,
         CASE WHEN provider_id IS NOT NULL THEN until END AS until
    FROM lasting),
ended AS (
  SELECT CASE WHEN %(kind)s IN ('', one.kind) THEN asked.provider_id END AS provider_id,
         CASE WHEN %(kind)s IN ('', one.kind) THEN one.month END AS month,
         one.kind, one.kind = %(bed)s AND is_rehabilitation AS is_residential,
         one.occupied, one.out_of_service
    FROM asked
    JOIN providers_nightsum one ON one.service_id = asked.id
   WHERE one.month = ANY(%(months)s) AND {of_sums})
SELECT what, provider_id, since, until, NULL::date, kind, is_residential,
       sum(nights)::bigint, sum(spells)::bigint
  FROM told
 GROUP BY GROUPING SETS ((what, provider_id), (what, since), (what, until),
                         (what, kind, is_residential))
 UNION ALL
SELECT part.what, provider_id, NULL, NULL, month, kind, is_residential, part.nights, 0
  FROM (SELECT provider_id, month, kind, is_residential,
               sum(occupied) AS occupied, sum(out_of_service) AS out_of_service
          FROM ended
         GROUP BY GROUPING SETS ((provider_id), (month), (kind, is_residential))) added
 CROSS JOIN LATERAL (VALUES ('occupied', occupied), ('out_of_service', out_of_service))
    AS part (what, nights)
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
    """Of consecutive months, or other stretches of whole months, the last up to last night. One
    query, whatever their number.

    `with_other_kinds`: `by_kind` tells of those too that the scope leaves out.
    """
    if not months:
        return Occupied()
    by_provider: dict[int, Counter[str]] = defaultdict(Counter)
    by_kind: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    ended: dict[str, dict[dt.date, int]] = defaultdict(dict)
    changes: dict[str, Counter[dt.date]] = defaultdict(Counter)
    read = replace(scope, kind="") if with_other_kinds else scope
    statement = _SPELLS.format(
        of_services=read.of_services, of_places=read.of_kind("place"), of_sums=read.of_kind("one")
    )
    for what, provider, since, until, month, kind, is_residential, nights, spells in _ask(
        statement, scope, months
    ):
        if kind is not None:
            by_kind[kind, is_residential][what] += nights
        elif provider is not None:
            by_provider[provider][what] += nights
        elif month is not None:
            ended[what][month] = nights
        elif since is not None:
            changes[what][since] += spells
        elif until is not None:
            changes[what][until] -= spells

    return Occupied(
        {key: PlaceNights(**nights) for key, nights in by_provider.items()},
        [
            PlaceNights(**{what: _within(stretch, changes[what], ended[what]) for what in WHAT})
            for stretch in months
        ],
        _kinds({key: PlaceNights(**nights) for key, nights in by_kind.items()}),
    )


def _within(stretch: Days, changes: Mapping[dt.date, int], ended: Mapping[dt.date, int]) -> int:
    """Nights within a stretch: of spells by how many begin on each day, less those that end, and
    of those that ended by month."""
    since, until = stretch
    lasting = sum(
        ((until - on).days - max((since - on).days, 0)) * spells
        for on, spells in changes.items()
        if on < until
    )
    return lasting + sum(nights for month, nights in ended.items() if since <= month < until)


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
    first, end = months[0][0], months[-1][1]
    values = {
        **scope.values,
        "since": [since for since, _ in months],
        "until": [until for _, until in months],
        "first": first,
        "end": end,
        "months": [one.start for one in periods_between(first, end - NIGHT, Grain.MONTH)],
    }
    with connection.cursor() as asked:
        asked.execute(statement, values)
        return list(asked.fetchall())
