"""Regions and England: the counts of their partnerships added up, and the buckets to England."""

from typing import LiteralString

from psycopg import sql

from reporting.choices import ENGLAND_CODE, AreaKind
from reporting.indicators.words import Family, Longest

WIDER = """
SELECT CASE WHEN GROUPING(lies_in.region_code) = 0 THEN {region} ELSE {england} END AS area_kind,
       COALESCE(lies_in.region_code, {england_code}) AS area_code,
       held.grain, held.start, held.breakdown, held.value,
       {sums}
  FROM {table} held
  LEFT JOIN lies_in
    ON lies_in.grain = held.grain AND lies_in.start = held.start
   AND lies_in.area_code = held.area_code
 WHERE held.rule_set_id = %(rule_set)s
   AND held.area_kind = {partnership}
   AND (held.grain, held.start) IN (SELECT grain, start FROM period)
 GROUP BY GROUPING SETS (
       (held.grain, held.start, held.breakdown, held.value),
       (held.grain, held.start, held.breakdown, held.value, lies_in.region_code))
HAVING GROUPING(lies_in.region_code) = 1 OR lies_in.region_code IS NOT NULL
"""

WIDER_DISTRIBUTION = """
WITH day AS (
    SELECT CASE WHEN GROUPING(lies_in.region_code) = 0 THEN {region} ELSE {england} END
             AS area_kind,
           COALESCE(lies_in.region_code, {england_code}) AS area_code,
           held.grain, held.start, held.breakdown, held.value, held.turn,
           waited.day, sum(waited.everyone)::int AS everyone, sum(waited.voluntary)::int
             AS voluntary
      FROM reporting_waitdistribution held
     CROSS JOIN unnest(held.days, held.everyone, held.voluntary)
             AS waited (day, everyone, voluntary)
      LEFT JOIN lies_in
        ON lies_in.grain = held.grain AND lies_in.start = held.start
       AND lies_in.area_code = held.area_code
     WHERE held.rule_set_id = %(rule_set)s
       AND held.area_kind = {partnership}
       AND (held.grain, held.start) IN (SELECT grain, start FROM period)
     GROUP BY GROUPING SETS (
           (held.grain, held.start, held.breakdown, held.value, held.turn, waited.day),
           (held.grain, held.start, held.breakdown, held.value, held.turn, waited.day,
            lies_in.region_code))
    HAVING GROUPING(lies_in.region_code) = 1 OR lies_in.region_code IS NOT NULL
)
SELECT area_kind, area_code, grain, start, breakdown, value, turn,
       array_agg(day ORDER BY day) AS days, array_agg(everyone ORDER BY day) AS everyone,
       array_agg(voluntary ORDER BY day) AS voluntary
  FROM day
 GROUP BY area_kind, area_code, grain, start, breakdown, value, turn
"""

MOVED = """
SELECT CASE WHEN GROUPING(lies_in.region_code) = 0 THEN {region} ELSE {england} END AS area_kind,
       COALESCE(lies_in.region_code, {england_code}) AS area_code,
       moved.grain, moved.start,
       {sums}
  FROM reporting_movement moved
  LEFT JOIN lies_in
    ON lies_in.grain = moved.grain AND lies_in.start = moved.start
   AND lies_in.area_code = moved.area_code
 WHERE moved.refresh_id = %(refresh)s AND moved.family = %(family)s
   AND moved.area_kind = {partnership}
 GROUP BY GROUPING SETS (
       (moved.grain, moved.start), (moved.grain, moved.start, lies_in.region_code))
HAVING GROUPING(lies_in.region_code) = 1 OR lies_in.region_code IS NOT NULL
"""

KINDS = {
    "region": sql.Literal(AreaKind.REGION.value),
    "england": sql.Literal(AreaKind.ENGLAND.value),
    "partnership": sql.Literal(AreaKind.PARTNERSHIP.value),
    "england_code": sql.Literal(ENGLAND_CODE),
}


def wider_statement(family: type[Family]) -> sql.Composed:
    """The cells of regions and England from those of partnerships and buckets."""
    sums = [
        sql.SQL("{}(held.{})::int AS {}").format(
            sql.SQL("max" if isinstance(count, Longest) else "sum"),
            sql.Identifier(name),
            sql.Identifier(name),
        )
        for name, count in family.everything_counted().items()
    ]
    return sql.SQL(WIDER).format(
        table=sql.Identifier(family.results._meta.db_table),
        sums=sql.SQL(",\n       ").join(sums),
        **KINDS,
    )


def wider_distribution_statement() -> sql.Composed:
    """The distributions of regions and England."""
    return sql.SQL(WIDER_DISTRIBUTION).format(**KINDS)


def wider_new_statement(family: type[Family]) -> sql.Composed:
    """What was new in the partnerships that this refresh moved, for regions and England."""
    return _of_movements(family, "COALESCE((moved.new->>{name})::int, 0)")


def wider_as_if_statement(family: type[Family]) -> sql.Composed:
    """What the earlier rule set makes of today's records, for regions and England.

    It is what is measured, and for the partnerships that moved the difference of the rules.
    """
    names = list(family.everything_counted())
    return sql.SQL(
        "SELECT measured.area_kind, measured.area_code, measured.grain, measured.start,"
        " measured.breakdown, measured.value, {} FROM measured LEFT JOIN ({}) moved"
        " USING (area_kind, area_code, grain, start) WHERE measured.breakdown = ''"
    ).format(
        sql.SQL(", ").join(
            sql.SQL("measured.{} + COALESCE(moved.{}, 0) AS {}").format(
                *[sql.Identifier(name)] * 3
            )
            for name in names
        ),
        _of_movements(
            family,
            "COALESCE((moved.as_if->>{name})::int, 0) - COALESCE((moved.now->>{name})::int, 0)",
        ),
    )


def _of_movements(family: type[Family], part: LiteralString) -> sql.Composed:
    return sql.SQL(MOVED).format(
        sums=sql.SQL(",\n       ").join(
            sql.SQL("sum({})::int AS {}").format(
                sql.SQL(part).format(name=sql.Literal(name)), sql.Identifier(name)
            )
            for name in family.everything_counted()
        ),
        **KINDS,
    )
