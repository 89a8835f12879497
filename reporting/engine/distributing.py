"""Waits by day: how many waited how long, so that any median or threshold is exact."""

from collections.abc import Sequence

from psycopg import sql

from reporting.choices import AreaKind
from reporting.engine.counting import NUMBERS
from reporting.engine.scope import Measurement, run
from reporting.engine.writing import Written, write_table
from reporting.indicators.breakdowns import TYPE
from reporting.models import WaitDistribution

DISTRIBUTION = """
WITH cell AS (
    SELECT COALESCE(month, quarter * 3) AS month, area, provider, kind, first_everyone_waits,
           days, count(*) AS everyone,
           count(*) FILTER (WHERE first_voluntary_waits OR subsequent_voluntary_waits)
             AS voluntary
      FROM (SELECT *, month / 3 AS quarter FROM fact
             WHERE first_everyone_waits OR subsequent_everyone_waits) fact
     GROUP BY GROUPING SETS (
           (month, area, first_everyone_waits, days),
           (month, provider, first_everyone_waits, days),
           (quarter, area, kind, first_everyone_waits, days),
           (quarter, provider, kind, first_everyone_waits, days))
), rolled AS (
    SELECT cell.area, cell.provider, cell.kind, span.period,
           cell.first_everyone_waits AS is_first, cell.days,
           sum(cell.everyone)::int AS everyone, sum(cell.voluntary)::int AS voluntary
      FROM cell
      JOIN span ON span.month = cell.month AND (cell.kind IS NULL OR span.rank > 1)
     GROUP BY cell.area, cell.provider, cell.kind, span.period, is_first, cell.days
), listed AS (
    SELECT area, provider, kind, period, is_first,
           array_agg(days) AS days, array_agg(everyone) AS everyone,
           array_agg(voluntary) AS voluntary
      FROM (SELECT * FROM rolled
             ORDER BY area, provider, period, kind, is_first, days) in_order
     GROUP BY area, provider, period, kind, is_first
)
SELECT place.area_kind, place.code AS area_code, period.grain, period.start,
       COALESCE(named.breakdown, '') AS breakdown, COALESCE(named.code, '') AS value,
       CASE WHEN listed.is_first THEN 'first' ELSE 'subsequent' END AS turn,
       listed.days, listed.everyone, listed.voluntary
  FROM listed
  JOIN period ON period.number = listed.period
  JOIN place ON place.area_kind = CASE WHEN listed.area IS NULL THEN {provider_kind}
                                       ELSE {partnership_kind} END
            AND place.id = COALESCE(listed.area, listed.provider)
  LEFT JOIN named ON named.dimension = {type} AND named.number = listed.kind
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
    table = sql.Identifier(WaitDistribution._meta.db_table)
    run("ALTER TABLE measured_days RENAME TO measured_cells")
    run("DROP TABLE IF EXISTS measured")
    run("ALTER TABLE measured_cells RENAME TO measured")
    names = ("days", "everyone", "voluntary")
    return write_table(asked, table, names, kinds, more_key=("turn",))
