"""Capacity by area and intervention: services, their places tonight, and whose boards are fresh.

An area's capacity is what stands in it: residents may go elsewhere, and others come. Places
beyond capacity are left out. A place counts under every intervention that its service delivers,
so rows of interventions do not add up; those of areas do.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from commissioning.choices import FactKind
from commissioning.models import Organisation
from commissioning.rule_settings import RuleSettings
from commissioning.selectors.together import sql
from providers.choices import OccupancyKind, PlaceKind

TIER_4 = 4
_OPEN = "{0}.opened_on <= %(today)s AND ({0}.closed_on IS NULL OR {0}.closed_on > %(today)s)"
# Which services are asked about comes first: a region's are few, and so are their places.
_PLACED = f"""
WITH asked AS MATERIALIZED (
  SELECT service.id, {{area}} AS area_id
    FROM providers_service service
    JOIN providers_site site ON site.id = service.site_id
    LEFT JOIN commissioning_organisationfact region
           ON region.organisation_id = site.partnership_id AND region.kind = %(in_region)s
          AND region.from_on <= %(today)s
          AND (region.until_on IS NULL OR region.until_on > %(today)s)
   WHERE {_OPEN.format("service")} AND {{within}}
), tonight AS MATERIALIZED (
  SELECT place.service_id, count(*) AS places,
         bit_or(1 << array_position(%(kinds)s::text[], place.kind::text)) AS kinds,
         count(*) FILTER (WHERE place.kind = %(bed)s) AS beds,
         count(*) FILTER (WHERE night.kind IS DISTINCT FROM %(out)s) AS in_service,
         count(*) FILTER (WHERE night.kind = %(occupied)s) AS occupied,
         count(*) FILTER (WHERE night.kind IS NULL) AS free
    FROM asked
    JOIN providers_place place ON place.service_id = asked.id
    LEFT JOIN providers_occupancy night
           ON night.place_id = place.id AND night.nights @> %(today)s::date
   WHERE {_OPEN.format("place")} AND place.overbooked_for = '' AND {{of_kind}}
   GROUP BY place.service_id
), tier_4 AS MATERIALIZED (
  SELECT DISTINCT one.service_id
    FROM providers_deliveredintervention one
   WHERE one.tier = %(tier_4)s AND {_OPEN.format("one")}
), placed AS MATERIALIZED (
  SELECT asked.id, asked.area_id, tonight.*,
         tonight.service_id IS NOT NULL AS has_board,
         board.stated_at >= %(fresh_since)s AS is_fresh,
         CASE WHEN tier_4.service_id IS NOT NULL THEN tonight.beds END AS tier_4_beds
    FROM asked
    LEFT JOIN tonight ON tonight.service_id = asked.id
    LEFT JOIN tier_4 ON tier_4.service_id = asked.id
    LEFT JOIN providers_board board ON board.service_id = asked.id
)
"""  # noqa: S608 - pieces of our own
_COUNTS = """
       count(*), coalesce(sum(places), 0)::int, coalesce(sum(in_service), 0)::int,
       coalesce(sum(occupied), 0)::int, coalesce(sum(free), 0)::int,
       coalesce(sum(tier_4_beds), 0)::int,
       count(*) FILTER (WHERE has_board), count(*) FILTER (WHERE has_board AND is_fresh),
       coalesce(bit_or(kinds), 0), coalesce(sum(free) FILTER (WHERE is_fresh IS NOT TRUE), 0)::int
"""
_OF_AREAS = f"SELECT area_id, '', {_COUNTS} FROM placed GROUP BY area_id"  # noqa: S608
_OF_INTERVENTIONS = f"""
SELECT area_id, delivered.intervention_id, {_COUNTS}
  FROM placed
  JOIN (SELECT DISTINCT one.service_id, one.intervention_id
          FROM providers_deliveredintervention one
         WHERE {_OPEN.format("one")}) delivered ON delivered.service_id = placed.id
 GROUP BY area_id, delivered.intervention_id
"""  # noqa: S608


@dataclass(frozen=True)
class Standing:
    """What stands in an area tonight: of all services (`intervention` is empty) or of those that
    deliver one. `area` is an organisation's id; None for sites in nobody's recorded area."""

    area: int | None
    intervention: str
    services: int = 0
    places: int = 0
    in_service: int = 0
    occupied: int = 0
    free: int = 0
    tier_4_beds: int = 0
    boards: int = 0
    fresh: int = 0
    kinds: int = 0  # of place, a bit for each
    free_unsure: int = 0  # of those free, on boards that are unknown

    @property
    def is_of_one_kind(self) -> bool:
        return not self.kinds & (self.kinds - 1)

    @property
    def share_occupied(self) -> float | None:
        """Of the places in service, from 0 to 1; None where they are of several kinds: how full
        beds are says nothing of caseloads, and the two together say nothing of either."""
        if not self.in_service or not self.is_of_one_kind:
            return None
        return self.occupied / self.in_service

    @property
    def share_fresh(self) -> float | None:
        """Of the boards, those that were stated lately."""
        return self.fresh / self.boards if self.boards else None

    @property
    def stale(self) -> int:
        return self.boards - self.fresh


def standings_by_area(
    *,
    on: dt.date,
    now: dt.datetime,
    rules: RuleSettings,
    region: Organisation | None = None,
    by_region: bool = False,
    by_intervention: bool = True,
    kind: str = "",
) -> list[Standing]:
    """Of every partnership with services, in England or a region, or of every region. One
    statement; areas where nothing stands have no row. With a kind, places and boards of it."""
    area = "region.other_id" if by_region else "site.partnership_id"
    within = "region.other_id = %(here)s" if region else "true"
    of_kind = "place.kind = %(kind)s" if kind else "true"
    words = _PLACED.format(area=area, within=within, of_kind=of_kind) + _OF_AREAS
    if by_intervention:
        words = f"{words} UNION ALL {_OF_INTERVENTIONS}"
    statement, values = sql(
        words,
        today=on,
        fresh_since=now - dt.timedelta(hours=rules.board_unknown_hours),
        here=region.pk if region else None,
        in_region=FactKind.IN_REGION.value,
        bed=PlaceKind.BED.value,
        out=OccupancyKind.OUT_OF_SERVICE.value,
        occupied=OccupancyKind.OCCUPIED.value,
        tier_4=TIER_4,
        kind=kind,
        kinds=PlaceKind.values,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Standing(*row) for row in cursor.fetchall()]
