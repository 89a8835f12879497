"""Writing measured cells over those held: new, changed and vanished ones.

Only cells of the rule set, the periods in `period` and the areas measured are touched. A cell that
is measured again and has not changed is not written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from django.db.models import Model
from psycopg import sql

from reporting.choices import AreaKind
from reporting.engine.scope import Measurement, rows_of, run
from reporting.indicators.words import Family

KEY = ("area_kind", "area_code", "grain", "start", "breakdown", "value")

# Only cells that differ: of those measured nearly all are held already, most nights.
WRITE = """
INSERT INTO {table} AS old (rule_set_id, {key}, {names})
SELECT %(rule_set)s, {now_key}, {now}
  FROM measured now
  LEFT JOIN (SELECT * FROM {table} held WHERE held.rule_set_id = %(rule_set)s AND {areas}) held
 USING ({key})
 WHERE held.rule_set_id IS NULL OR ({now}) IS DISTINCT FROM ({held})
 ORDER BY now.start, now.grain, now.area_kind, now.area_code, now.breakdown, now.value
    ON CONFLICT (start, grain, area_kind, area_code, breakdown, value, {more}rule_set_id)
    DO UPDATE SET ({names}) = ROW ({excluded})
"""

IS_ANY_HELD = """
SELECT EXISTS (SELECT FROM {table} held WHERE held.rule_set_id = %(rule_set)s AND {areas})
"""

# Where nothing is held there is nothing to compare with: a country measured for the first time.
# What is measured is written as it is found, without a temporary table between, and in an order
# that keeps to a few pages of the index at a time: a finer one costs more than it saves.
WRITE_FIRST = """
INSERT INTO {table} (rule_set_id, {key}, {names})
SELECT %(rule_set)s, {now_key}, {now}
  FROM ({measured}) now
 ORDER BY now.start, now.grain
"""

HOW_MANY_VANISHED = """
SELECT (SELECT count(*)
          FROM {table} held
          JOIN period ON period.grain = held.grain AND period.start = held.start
         WHERE held.rule_set_id = %(rule_set)s AND {areas})
       - (SELECT count(*) FROM measured)
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


@dataclass
class Written:
    """How many cells a measurement changed (or made) and removed."""

    changed: int = 0
    removed: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(self.changed + other.changed, self.removed + other.removed)


def write_cells(asked: Measurement, family: type[Family], kinds: Sequence[AreaKind]) -> Written:
    """Write `measured` over the family's results for these kinds of area."""
    return write_table(asked, table_of(family.results), names_of(family), kinds)


def write_first_cells(
    asked: Measurement, family: type[Family], measured: sql.Composable
) -> Written:
    """Write what the statement measures, where nothing of the family is held for these areas."""
    return write_first(asked, table_of(family.results), names_of(family), measured)


def table_of(results: type[Model]) -> sql.Identifier:
    return sql.Identifier(results._meta.db_table)


def names_of(family: type[Family]) -> list[str]:
    return list(family.everything_counted())


def is_any_held(asked: Measurement, table: sql.Identifier, kinds: Sequence[AreaKind]) -> bool:
    """Whether a cell of these areas was written by this rule set."""
    areas = areas_measured(asked, kinds)
    found: bool = rows_of(sql.SQL(IS_ANY_HELD).format(table=table, areas=areas), asked.values())[
        0
    ][0]
    return found


def write_first(
    asked: Measurement,
    table: sql.Identifier,
    names: Sequence[str],
    measured: sql.Composable,
    *,
    more_key: Sequence[str] = (),
) -> Written:
    """Write what the statement measures into a table that holds nothing of these areas."""
    key = (*KEY, *more_key)
    statement = sql.SQL(WRITE_FIRST).format(
        table=table,
        key=_names(key),
        now_key=_names(key, "now"),
        names=_names(names),
        now=_names(names, "now"),
        measured=measured,
    )
    return Written(run(statement, asked.values()))


def write_table(
    asked: Measurement,
    table: sql.Identifier,
    names: Sequence[str],
    kinds: Sequence[AreaKind],
    *,
    more_key: Sequence[str] = (),
) -> Written:
    """The same for any table of results; `more_key` is what its key has beyond the cell's."""
    if not is_any_held(asked, table, kinds):
        measured = sql.SQL("TABLE measured")
        return write_first(asked, table, names, measured, more_key=more_key)
    values = asked.values()
    key = (*KEY, *more_key)
    areas = areas_measured(asked, kinds)
    changed = run(
        sql.SQL(WRITE).format(
            table=table,
            key=_names(key),
            now_key=_names(key, "now"),
            names=_names(names),
            more=sql.SQL("").join(sql.SQL("{}, ").format(sql.Identifier(k)) for k in more_key),
            excluded=_names(names, "excluded"),
            now=_names(names, "now"),
            held=_names(names, "held"),
            areas=areas,
        ),
        values,
    )
    vanished = sql.SQL(HOW_MANY_VANISHED).format(table=table, areas=areas)
    removed = 0
    if rows_of(vanished, values)[0][0]:
        remove = sql.SQL(REMOVE).format(
            table=table,
            areas=areas,
            measured_key=_names(key, "measured"),
            held_key=_names(key, "held"),
        )
        removed = run(remove, values)
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
