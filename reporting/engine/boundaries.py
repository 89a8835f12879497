"""Boundary changes: what partnerships that came or went had counted, told of each region."""

from psycopg import sql

from reporting.choices import AreaKind
from reporting.engine.scope import Measurement, make, run
from reporting.indicators.words import Family

# Each partnership that is in another region than it was last counted in: +1 to the one it came
# to, -1 to the one it left.
CHANGED = """
SELECT is_in.grain, is_in.start, is_in.area_code, is_in.region_code, 1 AS sign
  FROM lies_in is_in
 WHERE NOT EXISTS (
       SELECT FROM reporting_countedin was
        WHERE (was.grain, was.start, was.area_code, was.region_code)
              = (is_in.grain, is_in.start, is_in.area_code, is_in.region_code))
 UNION ALL
SELECT was.grain, was.start, was.area_code, was.region_code, -1
  FROM reporting_countedin was
  JOIN period ON period.grain = was.grain AND period.start = was.start
 WHERE NOT EXISTS (
       SELECT FROM lies_in is_in
        WHERE (was.grain, was.start, was.area_code, was.region_code)
              = (is_in.grain, is_in.start, is_in.area_code, is_in.region_code))
"""

# A partnership's counts as they were before this refresh moved them.
BEFORE = """
UPDATE reporting_movement known
   SET boundaries = to_jsonb(came) - '{{grain,start,region_code}}'::text[]
  FROM (SELECT changed.grain, changed.start, changed.region_code, {sums}
          FROM changed
          LEFT JOIN {table} held
            ON held.rule_set_id = %(rule_set)s AND held.breakdown = ''
           AND held.area_kind = {partnership}
           AND (held.grain, held.start, held.area_code)
               = (changed.grain, changed.start, changed.area_code)
          LEFT JOIN reporting_movement moved
            ON moved.refresh_id = %(refresh)s AND moved.family = %(family)s
           AND moved.area_kind = {partnership}
           AND (moved.grain, moved.start, moved.area_code)
               = (changed.grain, changed.start, changed.area_code)
         GROUP BY changed.grain, changed.start, changed.region_code) came
 WHERE known.refresh_id = %(refresh)s AND known.family = %(family)s
   AND known.area_kind = {region}
   AND (known.grain, known.start, known.area_code) = (came.grain, came.start, came.region_code)
"""

# People do not add up: where partnerships came or went, all that is not new counts as that.
REST_OF_PEOPLE = """
UPDATE reporting_movement known
   SET boundaries = jsonb_build_object('people',
         COALESCE((known.now->>'people')::int, 0) - COALESCE((known.before->>'people')::int, 0)
         - COALESCE((known.new->>'people')::int, 0)
         - CASE WHEN known.as_if IS NULL THEN 0
                ELSE COALESCE((known.now->>'people')::int, 0)
                     - COALESCE((known.as_if->>'people')::int, 0) END)
 WHERE known.refresh_id = %(refresh)s AND known.family = %(family)s
   AND known.area_kind = {region}
   AND (known.grain, known.start, known.area_code)
       IN (SELECT grain, start, region_code FROM changed)
"""

FORGET = """
DELETE FROM reporting_countedin was USING changed
 WHERE changed.sign = -1
   AND (was.grain, was.start, was.area_code) = (changed.grain, changed.start, changed.area_code)
"""
KEEP = """
INSERT INTO reporting_countedin (grain, start, area_code, region_code)
SELECT grain, start, area_code, region_code FROM changed WHERE sign = 1
"""

KINDS = {
    "region": sql.Literal(AreaKind.REGION.value),
    "partnership": sql.Literal(AreaKind.PARTNERSHIP.value),
}


def find_changed() -> None:
    """Make `changed`. Needs `period` and `lies_in`."""
    make("changed", sql.SQL(CHANGED))


def note_boundaries(asked: Measurement, family: type[Family], *, refresh_id: int) -> None:
    """Tell of each region's movement in this refresh what came and went. Needs `changed`."""
    values = {**asked.values(), "refresh": refresh_id, "family": family.code}
    if not family.additive:
        run(sql.SQL(REST_OF_PEOPLE).format(**KINDS), values)
        return
    sums = sql.SQL(", ").join(
        sql.SQL(
            "sum(changed.sign * (COALESCE(held.{}, 0) - COALESCE((moved.now->>{})::int, 0)"
            " + COALESCE((moved.before->>{})::int, 0)))::int AS {}"
        ).format(sql.Identifier(name), sql.Literal(name), sql.Literal(name), sql.Identifier(name))
        for name in family.everything_counted()
    )
    table = sql.Identifier(family.results._meta.db_table)
    run(sql.SQL(BEFORE).format(sums=sums, table=table, **KINDS), values)


def keep_boundaries() -> None:
    """From here on partnerships are held to be where they were counted now."""
    run(FORGET)
    run(KEEP)
