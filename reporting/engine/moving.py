"""Keeping how the totals of cells moved: before the cells are written over, in steps.

Each step is a table of its own, with statistics: joined in one statement the database takes the
keys for rarer than they are and goes through them one by one.
"""

from collections.abc import Sequence

from psycopg import sql

from reporting.choices import AreaKind
from reporting.engine.scope import Measurement, make, run
from reporting.engine.writing import KEY, areas_measured
from reporting.indicators.words import Family

CELL_KEY = ("area_kind", "area_code", "grain", "start")

# What the totals of these areas are until now, by the rule sets they are shown by.
WAS = """
SELECT held.area_kind, held.area_code, held.grain, held.start, {names}
  FROM {table} held
  JOIN reporting_measuredperiod shown
    ON shown.grain = held.grain AND shown.start = held.start
   AND shown.rule_set_id = held.rule_set_id
  JOIN period ON period.grain = held.grain AND period.start = held.start
 WHERE held.breakdown = '' AND {areas}
"""

MOVED = """
SELECT area_kind, area_code, grain, start,
       COALESCE(to_jsonb(was) - {not_counts}, '{{}}') AS before,
       COALESCE(to_jsonb(now) - {not_counts}, '{{}}') AS now
  FROM was
  FULL JOIN (SELECT * FROM measured WHERE breakdown = '') now
 USING (area_kind, area_code, grain, start)
 WHERE ({was_counts}) IS DISTINCT FROM ({now_counts})
"""

# Cells of areas and periods that were measured before; of the others nothing has moved.
KEEP = """
INSERT INTO reporting_movement (
    family, area_kind, area_code, grain, start, refresh_id, previous_refresh_id,
    rule_set_id, previous_rule_set_id, before, now, new, as_if, boundaries)
SELECT %(family)s, moved.area_kind, moved.area_code, moved.grain, moved.start, %(refresh)s,
       area.refresh_id, %(rule_set)s, shown.rule_set_id, moved.before, moved.now,
       COALESCE(to_jsonb(new) - {not_counts}, '{{}}'), {as_if}, '{{}}'
  FROM moved
  JOIN reporting_measuredperiod shown USING (grain, start)
  JOIN reporting_measuredarea area USING (area_kind, area_code)
  LEFT JOIN measured_new new USING (area_kind, area_code, grain, start)
  {as_if_join}
    ON CONFLICT (family, area_kind, area_code, grain, start) DO UPDATE
   SET (refresh_id, previous_refresh_id, rule_set_id, previous_rule_set_id, before, now, new,
        as_if, boundaries)
     = ROW (excluded.refresh_id, excluded.previous_refresh_id, excluded.rule_set_id,
            excluded.previous_rule_set_id, excluded.before, excluded.now, excluded.new,
            excluded.as_if, excluded.boundaries)
"""

AS_IF_JOIN = """
  LEFT JOIN (SELECT * FROM measured_as_if WHERE breakdown = '') as_if
 USING (area_kind, area_code, grain, start)
"""


def note_movements(
    asked: Measurement,
    family: type[Family],
    kinds: Sequence[AreaKind],
    *,
    refresh_id: int,
    has_as_if: bool,
) -> None:
    """Keep how the totals moved. Before the cells are written; needs `measured_new`."""
    names = list(family.everything_counted())
    table = sql.Identifier(family.results._meta.db_table)
    not_counts = sql.SQL("{}::text[]").format(sql.Literal(list(KEY)))
    areas = areas_measured(asked, kinds)
    columns = sql.SQL(", ").join(sql.Identifier("held", name) for name in names)
    was = sql.SQL(WAS).format(names=columns, table=table, areas=areas)
    make("was", was, asked, statistics=CELL_KEY)
    make(
        "moved",
        sql.SQL(MOVED).format(
            not_counts=not_counts,
            was_counts=_or_nought(names, "was"),
            now_counts=_or_nought(names, "now"),
        ),
        statistics=CELL_KEY,
    )
    as_if = sql.SQL("COALESCE(to_jsonb(as_if) - {}, '{{}}')").format(not_counts)
    keep = sql.SQL(KEEP).format(
        not_counts=not_counts,
        as_if=as_if if has_as_if else sql.SQL("NULL::jsonb"),
        as_if_join=sql.SQL(AS_IF_JOIN if has_as_if else ""),
    )
    run(keep, {**asked.values(), "family": family.code, "refresh": refresh_id})


def _or_nought(names: Sequence[str], of: str) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("COALESCE({}, 0)").format(sql.Identifier(of, name)) for name in names
    )
