"""Writing measured cells over those held: new, changed, moved and vanished ones.

Only cells of the rule set, the periods in `period` and the areas measured are touched. A cell that
is measured again and has not changed is not written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from psycopg import sql

from reporting.choices import AreaKind
from reporting.engine.scope import Measurement, run
from reporting.indicators.words import Family

KEY = ("area_kind", "area_code", "grain", "start", "breakdown", "value")

WRITE = """
INSERT INTO {table} AS held (rule_set_id, {key}, {names})
SELECT %(rule_set)s, {key}, {names} FROM measured
 ORDER BY start, grain, area_kind, area_code, breakdown, value
    ON CONFLICT (start, grain, area_kind, area_code, breakdown, value, {more}rule_set_id)
    DO UPDATE SET ({names}) = ROW ({excluded})
 WHERE ({held}) IS DISTINCT FROM ({excluded})
"""

REMOVE = """
DELETE FROM {table} held
 USING period
 WHERE held.rule_set_id = %(rule_set)s
   AND held.grain = period.grain AND held.start = period.start
   AND {areas}
   AND NOT EXISTS (SELECT FROM measured
                    WHERE ({measured_key}) = ({held_key}))
"""

# Of each cell measured before: what its totals were and are now, when they differ.
MOVE = """
INSERT INTO reporting_movement AS known (
    family, area_kind, area_code, grain, start, refresh_id, previous_refresh_id,
    rule_set_id, previous_rule_set_id, before, now, new, as_if, boundaries)
SELECT %(family)s, key.area_kind, key.area_code, key.grain, key.start, %(refresh)s,
       area.refresh_id, %(rule_set)s, shown.rule_set_id,
       COALESCE(to_jsonb(held) - {not_counts}, '{{}}'),
       COALESCE(to_jsonb(now) - {not_counts}, '{{}}'),
       COALESCE(to_jsonb(new) - {not_counts}, '{{}}'),
       {as_if}, '{{}}'
  FROM (SELECT area_kind, area_code, grain, start FROM measured WHERE breakdown = ''
         UNION
        SELECT held.area_kind, held.area_code, held.grain, held.start
          FROM {table} held
          JOIN reporting_measuredperiod shown
            ON shown.grain = held.grain AND shown.start = held.start
           AND shown.rule_set_id = held.rule_set_id
         WHERE held.breakdown = ''
           AND (held.grain, held.start) IN (SELECT grain, start FROM period)
           AND {areas}) key
  JOIN reporting_measuredperiod shown ON shown.grain = key.grain AND shown.start = key.start
  JOIN reporting_measuredarea area
    ON area.area_kind = key.area_kind AND area.area_code = key.area_code
  LEFT JOIN {table} held
    ON held.rule_set_id = shown.rule_set_id AND held.breakdown = ''
   AND (held.area_kind, held.area_code, held.grain, held.start)
       = (key.area_kind, key.area_code, key.grain, key.start)
  LEFT JOIN measured now
    ON now.breakdown = ''
   AND (now.area_kind, now.area_code, now.grain, now.start)
       = (key.area_kind, key.area_code, key.grain, key.start)
  LEFT JOIN measured_new new
    ON (new.area_kind, new.area_code, new.grain, new.start)
       = (key.area_kind, key.area_code, key.grain, key.start)
  {as_if_join}
 WHERE ({held_counts}) IS DISTINCT FROM ({now_counts})
    ON CONFLICT (family, area_kind, area_code, grain, start) DO UPDATE
   SET (refresh_id, previous_refresh_id, rule_set_id, previous_rule_set_id, before, now, new,
        as_if, boundaries)
     = ROW (excluded.refresh_id, excluded.previous_refresh_id, excluded.rule_set_id,
            excluded.previous_rule_set_id, excluded.before, excluded.now, excluded.new,
            excluded.as_if, excluded.boundaries)
"""

AS_IF_JOIN = """
  LEFT JOIN measured_as_if as_if
    ON as_if.breakdown = ''
   AND (as_if.area_kind, as_if.area_code, as_if.grain, as_if.start)
       = (key.area_kind, key.area_code, key.grain, key.start)
"""


@dataclass
class Written:
    """How many cells a measurement changed (or made) and removed."""

    changed: int = 0
    removed: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(self.changed + other.changed, self.removed + other.removed)


def write_cells(asked: Measurement, family: type[Family], kinds: Sequence[AreaKind]) -> Written:
    """Write `measured` over the family's results for these kinds of area."""
    table = sql.Identifier(family.results._meta.db_table)
    names = list(family.everything_counted())
    return write_table(asked, table, names, kinds)


def write_table(
    asked: Measurement,
    table: sql.Identifier,
    names: Sequence[str],
    kinds: Sequence[AreaKind],
    *,
    more_key: Sequence[str] = (),
) -> Written:
    """The same for any table of results; `more_key` is what its key has beyond the cell's."""
    values = asked.values()
    key = (*KEY, *more_key)
    changed = run(
        sql.SQL(WRITE).format(
            table=table,
            key=_names(key),
            names=_names(names),
            more=sql.SQL("").join(sql.SQL("{}, ").format(sql.Identifier(k)) for k in more_key),
            excluded=_names(names, "excluded"),
            held=_names(names, "held"),
        ),
        values,
    )
    removed = run(
        sql.SQL(REMOVE).format(
            table=table,
            areas=areas_measured(asked, kinds),
            measured_key=_names(key, "measured"),
            held_key=_names(key, "held"),
        ),
        values,
    )
    return Written(changed, removed)


def areas_measured(asked: Measurement, kinds: Sequence[AreaKind]) -> sql.Composable:
    """Of the rows held, those whose area was measured now."""
    of_kind = sql.SQL("held.area_kind IN ({})").format(
        sql.SQL(", ").join(sql.Literal(kind.value) for kind in kinds)
    )
    if asked.scope.is_everything:
        return of_kind
    return sql.SQL(
        "{} AND (held.area_kind, held.area_code) IN (SELECT area_kind, code FROM place)"
    ).format(of_kind)


def note_movements(
    asked: Measurement,
    family: type[Family],
    kinds: Sequence[AreaKind],
    *,
    refresh_id: int,
    has_as_if: bool,
) -> None:
    """Keep how the totals moved. Before `write_cells`; needs `measured_new`."""
    names = list(family.everything_counted())
    not_counts = sql.SQL("{}::text[]").format(sql.Literal(["id", "rule_set_id", *KEY]))
    run(
        sql.SQL(MOVE).format(
            table=sql.Identifier(family.results._meta.db_table),
            not_counts=not_counts,
            areas=areas_measured(asked, kinds),
            as_if=sql.SQL("COALESCE(to_jsonb(as_if) - {}, '{{}}')").format(not_counts)
            if has_as_if
            else sql.SQL("NULL::jsonb"),
            as_if_join=sql.SQL(AS_IF_JOIN if has_as_if else ""),
            held_counts=_or_nought(names, "held"),
            now_counts=_or_nought(names, "now"),
        ),
        {**asked.values(), "family": family.code, "refresh": refresh_id},
    )


def note_areas(areas: LiteralString, *, refresh_id: int) -> None:
    """The areas a statement gives were measured by this refresh."""
    run(
        sql.SQL(
            "INSERT INTO reporting_measuredarea (area_kind, area_code, refresh_id)"
            " SELECT area_kind, area_code, %(refresh)s FROM ({}) area "
            "ON CONFLICT (area_kind, area_code) DO UPDATE SET refresh_id = excluded.refresh_id"
        ).format(sql.SQL(areas)),
        {"refresh": refresh_id},
    )


def _names(names: Sequence[str], of: str = "") -> sql.Composed:
    return sql.SQL(", ").join(
        sql.Identifier(of, name) if of else sql.Identifier(name) for name in names
    )


def _or_nought(names: Sequence[str], of: str) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("COALESCE({}, 0)").format(sql.Identifier(of, name)) for name in names
    )
