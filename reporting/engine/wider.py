"""Regions and England: the counts of their partnerships added up, and the buckets to England."""

from typing import LiteralString

from psycopg import sql

from reporting.choices import ENGLAND_CODE, AreaKind
from reporting.engine.counting import NUMBERS
from reporting.indicators.breakdowns import TYPE
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

# A cell is one number, as in the distributions of partnerships: its region (nought for England),
# the kind of its breakdown by its place among those held, and its turn.
WIDER_DISTRIBUTION = """
WITH held AS (
    SELECT held.days, held.everyone, held.voluntary,
           ((COALESCE(lies_in.region, 0) * 4096 + period.number) * 128
             + COALESCE(named.number, 0)) * 2 + (held.turn = 'first')::int AS cell,
           (period.number::bigint * 128 + COALESCE(named.number, 0)) * 2
             + (held.turn = 'first')::int AS cell_of_england
      FROM reporting_waitdistribution held
      JOIN period ON period.grain = held.grain AND period.start = held.start
      LEFT JOIN named ON named.breakdown = held.breakdown AND named.code = held.value
      LEFT JOIN lies_in
        ON lies_in.grain = held.grain AND lies_in.start = held.start
       AND lies_in.area_code = held.area_code
     WHERE held.rule_set_id = %(rule_set)s
       AND held.area_kind = {partnership}
), region AS (
    SELECT cell, cell_of_england, waited.day, sum(waited.everyone)::int AS everyone,
           sum(waited.voluntary)::int AS voluntary
      FROM held
     CROSS JOIN unnest(held.days, held.everyone, held.voluntary)
             AS waited (day, everyone, voluntary)
     GROUP BY cell, cell_of_england, waited.day
), rolled AS (
    SELECT cell, day, everyone, voluntary FROM region WHERE cell >= 1048576
     UNION ALL
    SELECT cell_of_england, day, sum(everyone)::int, sum(voluntary)::int
      FROM region GROUP BY cell_of_england, day
), listed AS (
    SELECT cell, array_agg(day) AS days, array_agg(everyone) AS everyone,
           array_agg(voluntary) AS voluntary
      FROM (SELECT * FROM rolled ORDER BY cell, day) in_order
     GROUP BY cell
), told AS (
    SELECT cell / 1048576 AS region, (cell / 256 %% 4096)::int AS period,
           (cell / 2 %% 128)::int AS kind, cell %% 2 = 1 AS is_first, days, everyone, voluntary
      FROM listed
)
SELECT CASE WHEN told.region = 0 THEN {england} ELSE {region} END AS area_kind,
       COALESCE(region.code, {england_code}) AS area_code, period.grain, period.start,
       COALESCE(named.breakdown, '') AS breakdown, COALESCE(named.code, '') AS value,
       CASE WHEN told.is_first THEN 'first' ELSE 'subsequent' END AS turn,
       told.days, told.everyone, told.voluntary
  FROM told
  JOIN period ON period.number = told.period
  LEFT JOIN commissioning_organisation region ON region.id = told.region
  LEFT JOIN named ON named.dimension = {type} AND named.number = told.kind
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
    """The distributions of regions and England. Needs `period`, `lies_in` and `named`."""
    return sql.SQL(WIDER_DISTRIBUTION).format(type=sql.Literal(NUMBERS[TYPE.code]), **KINDS)


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
