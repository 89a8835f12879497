"""Waits by day: how many waited how long, so that any median or threshold is exact.

Totals; and by intervention for quarters and years.
"""

from collections.abc import Sequence

from psycopg import sql

from reporting.choices import AreaKind
from reporting.engine.counting import CELL, NUMBERS
from reporting.engine.scope import Measurement, make, run
from reporting.engine.writing import (
    Written,
    is_any_held,
    table_of,
    write_first,
    write_table,
)
from reporting.indicators.breakdowns import TYPE
from reporting.models import WaitDistribution

NAMES, MORE_KEY = ("days", "everyone", "voluntary"), ("turn",)

# A cell is one number made of its area, period, intervention (nought for all) and turn: sorting by
# it and the days of a wait is several times quicker than by six columns.
DISTRIBUTION = """
WITH wait AS (
    SELECT month, area, provider, kind, first_everyone_waits::int AS is_first, days,
           first_voluntary_waits OR subsequent_voluntary_waits AS is_voluntary
      FROM fact
     WHERE first_everyone_waits OR subsequent_everyone_waits
), placed AS (
    SELECT place.number, wait.*
      FROM wait JOIN place ON place.area_kind = {partnership_kind} AND place.id = wait.area
     UNION ALL
    SELECT place.number, wait.*
      FROM wait JOIN place ON place.area_kind = {provider_kind} AND place.id = wait.provider
), shown AS (
    SELECT month, period, 0 AS of_kind FROM span
     UNION ALL
    SELECT month, period, 1 FROM span WHERE rank > 1
), rolled AS (
    SELECT ((placed.number::bigint * 4096 + shown.period) * 128 + placed.kind * shown.of_kind) * 2
             + placed.is_first AS cell,
           placed.days, count(*)::int AS everyone,
           (count(*) FILTER (WHERE placed.is_voluntary))::int AS voluntary
      FROM placed
      JOIN shown ON shown.month = placed.month
     GROUP BY cell, placed.days
), listed AS (
    SELECT cell, array_agg(days) AS days, array_agg(everyone) AS everyone,
           array_agg(voluntary) AS voluntary
      FROM (SELECT * FROM rolled ORDER BY cell, days) in_order
     GROUP BY cell
), told AS (
    SELECT (cell / 1048576)::int AS number, (cell / 256 %% 4096)::int AS period,
           (cell / 2 %% 128)::int AS kind, cell %% 2 = 1 AS is_first, days, everyone, voluntary
      FROM listed
)
SELECT place.area_kind, place.code AS area_code, period.grain, period.start,
       COALESCE(named.breakdown, '') AS breakdown, COALESCE(named.code, '') AS value,
       CASE WHEN told.is_first THEN 'first' ELSE 'subsequent' END AS turn,
       told.days, told.everyone, told.voluntary
  FROM told
  JOIN period ON period.number = told.period
  JOIN place ON place.number = told.number
  LEFT JOIN named ON named.dimension = {type} AND named.number = told.kind
"""


def distribution_statement() -> sql.Composed:
    """The distributions of partnerships, buckets and providers, from the `fact` of waits."""
    return sql.SQL(DISTRIBUTION).format(
        provider_kind=sql.Literal(AreaKind.PROVIDER.value),
        partnership_kind=sql.Literal(AreaKind.PARTNERSHIP.value),
        type=sql.Literal(NUMBERS[TYPE.code]),
    )


def write_distributions(asked: Measurement, kinds: Sequence[AreaKind]) -> Written:
    """Write `measured_days` over what is held."""
    run("ALTER TABLE measured_days RENAME TO measured_cells")
    run("DROP TABLE IF EXISTS measured")
    run("ALTER TABLE measured_cells RENAME TO measured")
    return write_table(asked, table_of(WaitDistribution), NAMES, kinds, more_key=MORE_KEY)


def write_first_distributions(
    asked: Measurement, kinds: Sequence[AreaKind], statement: sql.Composable
) -> Written:
    """Write the distributions that the statement gives, at once where none are held."""
    table = table_of(WaitDistribution)
    if is_any_held(asked, table, kinds):
        make("measured_days", statement, asked, statistics=CELL)
        return write_distributions(asked, kinds)
    return write_first(asked, table, NAMES, statement, more_key=MORE_KEY)
