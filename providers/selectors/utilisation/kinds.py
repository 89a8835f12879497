"""How full each kind of place was: beds, slots and caseloads are never added together."""

from dataclasses import dataclass

from django.db import connection

from providers.choices import PlaceKind
from providers.rules.utilisation import PlaceNights
from providers.selectors.utilisation.blocks import Days
from providers.selectors.utilisation.occupancy import Scope

REHABILITATION = "residential-rehabilitation"
# Nights open, out of service and occupied; the residential part of beds by itself as well.
_BY_KIND = """
WITH held AS MATERIALIZED (
  SELECT place.id, place.kind,
         least(place.closed_on, %(end)s) - greatest(place.opened_on, %(first)s) AS nights,
         place.kind = %(bed)s AND EXISTS (
           SELECT FROM providers_deliveredintervention one
            WHERE one.service_id = service.id AND one.intervention_id = %(rehabilitation)s
         ) AS is_residential
    FROM providers_place place
    JOIN providers_service service ON service.id = place.service_id
   WHERE place.opened_on < %(end)s
     AND (place.closed_on IS NULL OR place.closed_on > %(first)s) AND {conditions}),
taken AS (
  SELECT one.place_id, one.kind,
         sum(least(coalesce(upper(one.nights), %(end)s), %(end)s)
             - greatest(lower(one.nights), %(first)s)) AS nights
    FROM providers_occupancy one
   WHERE one.nights && daterange(%(first)s, %(end)s) AND one.kind IN (%(occupied)s, %(out)s)
     AND one.place_id IN (SELECT id FROM held)
   GROUP BY one.place_id, one.kind)
SELECT held.kind, held.is_residential, sum(held.nights),
       coalesce(sum(away.nights), 0), coalesce(sum(busy.nights), 0)
  FROM held
  LEFT JOIN taken away ON away.place_id = held.id AND away.kind = %(out)s
  LEFT JOIN taken busy ON busy.place_id = held.id AND busy.kind = %(occupied)s
 GROUP BY held.kind, held.is_residential
"""


@dataclass(frozen=True)
class KindNights:
    """The nights of one kind of place. `residential`: of its beds, those of services that deliver
    residential rehabilitation; the published occupancy of England is of these."""

    kind: PlaceKind
    nights: PlaceNights
    residential: PlaceNights | None = None


def occupancy_by_kind(scope: Scope, days: Days) -> list[KindNights]:
    """Every kind of which there was a place on one of the days, beds first. One query, whatever
    kind the scope names: it is left out."""
    first, end = days
    every = Scope(scope.providers, "", scope.intervention)
    values = {
        **every.values,
        "first": first,
        "end": end,
        "bed": PlaceKind.BED.value,
        "rehabilitation": REHABILITATION,
    }
    with connection.cursor() as asked:
        asked.execute(_BY_KIND.format(conditions=every.conditions), values)
        rows = asked.fetchall()
    found = {
        (kind, is_residential): PlaceNights(int(nights), int(out), int(occupied))
        for kind, is_residential, nights, out, occupied in rows
    }
    return [
        KindNights(
            kind,
            found.get((kind, False), PlaceNights()) + found.get((kind, True), PlaceNights()),
            found.get((kind, True)),
        )
        for kind in PlaceKind
        if {(kind, False), (kind, True)} & set(found)
    ]
