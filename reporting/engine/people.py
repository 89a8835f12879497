"""Counting people: each once in an area and period, counted afresh for every kind of area.

Every stay of a person in an area becomes a range of periods. Ranges of one person are cut so that
no two hold the same period; then a running sum of beginnings and ends is the number of people. Its
cost grows with the stays, not with the periods they last. Whoever has one stay alone is the same
person in every kind of area, so those are counted once and added up; only the others are cut.
"""

from collections.abc import Sequence
from typing import LiteralString

from psycopg import sql

from commissioning.kernel.periods import Grain
from reporting.choices import ENGLAND_CODE, AreaKind
from reporting.engine.counting import TOTALS
from reporting.engine.moving import note_movements
from reporting.engine.ranges import (
    LEFT_OUT_DIMENSION,
    REASONS,
    Ranges,
    held_statement,
    received_statement,
    several_statement,
    stay_statement,
)
from reporting.engine.scope import Measurement, make, run
from reporting.engine.writing import KEY, Written, write_cells
from reporting.indicators.in_treatment import InTreatment

COUNTED = """
CREATE TEMP TABLE counted (
    area_kind text, key bigint, grain text, start date, dimension smallint, value smallint,
    people bigint, new bigint
) ON COMMIT DROP
"""

# Of people with one stay alone England and the regions have the sum of their partnerships.
ADDED_UP = """
INSERT INTO counted
SELECT {area_kind}, {key}, alone.grain, alone.start, alone.dimension, alone.value,
       sum(alone.people), sum(alone.new)
  FROM alone {join_region}
 GROUP BY 2, alone.grain, alone.start, alone.dimension, alone.value
"""
JOIN_REGION = """
  JOIN lies_in
    ON lies_in.id = alone.key AND lies_in.grain = alone.grain AND lies_in.start = alone.start
"""

MEASURED = """
SELECT counted.area_kind, COALESCE(place.code, region.code, {england}) AS area_code,
       counted.grain, counted.start, COALESCE(named.breakdown, '') AS breakdown,
       COALESCE(named.code, '') AS value, {columns}
  FROM counted
  LEFT JOIN named ON named.dimension = counted.dimension AND named.number = counted.value
  LEFT JOIN place ON place.area_kind = counted.area_kind AND place.id = counted.key
  LEFT JOIN commissioning_organisation region
    ON region.id = counted.key AND counted.area_kind = {region}
 WHERE (place.id IS NOT NULL OR counted.area_kind IN ({region}, {england}))
   {only}
 GROUP BY 1, 2, 3, 4, 5, 6
"""

ADDED: dict[AreaKind, tuple[LiteralString, LiteralString]] = {
    AreaKind.REGION: ("lies_in.region", JOIN_REGION),
    AreaKind.ENGLAND: ("0", ""),
}


def measure_people(
    asked: Measurement, kinds: Sequence[AreaKind], *, refresh_id: int, has_as_if: bool = False
) -> Written:
    """Count people in treatment for these kinds of area and write the cells.

    Needs `period`, `place`, `spell`, `named`, and `lies_in` for regions.
    """
    count_people(asked, kinds)
    if asked.since is not None:
        note_movements(asked, InTreatment, kinds, refresh_id=refresh_id, has_as_if=has_as_if)
    return write_cells(asked, InTreatment, kinds)


def keep_people_as_if(asked: Measurement, kinds: Sequence[AreaKind]) -> None:
    """Make `measured_as_if`: what another, earlier rule set makes of today's records."""
    count_people(asked, kinds)
    run("DROP TABLE IF EXISTS measured_as_if")
    run("ALTER TABLE measured RENAME TO measured_as_if")


def count_people(asked: Measurement, kinds: Sequence[AreaKind]) -> None:
    """Make `measured` and `measured_new`."""
    make("several", several_statement(), asked)
    make("stay", stay_statement(), asked)
    make("received", received_statement(), asked)
    run("DROP TABLE IF EXISTS counted, alone")
    run(COUNTED)
    _count_people_with_one_stay(kinds)
    for kind in kinds:
        for grain in Grain:
            if kind is AreaKind.REGION:
                make("held", held_statement(grain))
            run(Ranges(kind, grain, alone=False).statement())
    make("measured", _measured(), statistics=KEY)
    make("measured_new", _measured(new=True), statistics=KEY)


def _count_people_with_one_stay(kinds: Sequence[AreaKind]) -> None:
    """By provider and by partnership; from the partnerships those of the wider areas."""
    wide = [kind for kind in kinds if kind in ADDED]
    if AreaKind.PARTNERSHIP in kinds or wide:
        _count_alone(AreaKind.PARTNERSHIP)
    if wide:
        make("alone", sql.SQL("SELECT * FROM counted"))
    if AreaKind.PARTNERSHIP not in kinds:
        run("DELETE FROM counted")
    for kind in wide:
        run(_added_up(kind))
    if AreaKind.PROVIDER in kinds:
        _count_alone(AreaKind.PROVIDER)


def _count_alone(kind: AreaKind) -> None:
    for grain in Grain:
        run(Ranges(kind, grain, alone=True).statement())


def printed_statements() -> dict[str, sql.Composable]:
    """What is run for the partnerships and quarters; other areas and periods differ in the key."""
    kind, grain = AreaKind.PARTNERSHIP, Grain.QUARTER
    return {
        "several": several_statement(),
        "stay": stay_statement(),
        "received": received_statement(),
        "counted, people with one stay": Ranges(kind, grain, alone=True).statement(),
        "counted, people with several": Ranges(kind, grain, alone=False).statement(),
        "measured": _measured(),
    }


def _added_up(kind: AreaKind) -> sql.Composed:
    key, join_region = ADDED[kind]
    return sql.SQL(ADDED_UP).format(
        area_kind=sql.Literal(kind.value), key=sql.SQL(key), join_region=sql.SQL(join_region)
    )


def _measured(*, new: bool = False) -> sql.Composed:
    """The cells; or the totals of those who are new, in the same columns."""
    counted = sql.Identifier("counted", "new" if new else "people")
    of = {"people": sql.SQL("counted.dimension <> {}").format(sql.Literal(LEFT_OUT_DIMENSION))}
    of |= {
        name: sql.SQL("counted.dimension = {} AND counted.value = {}").format(
            sql.Literal(LEFT_OUT_DIMENSION), sql.Literal(number)
        )
        for name, number in REASONS.items()
    }
    only = sql.SQL("AND counted.dimension = {} AND counted.new > 0").format(sql.Literal(TOTALS))
    return sql.SQL(MEASURED).format(
        england=sql.Literal(ENGLAND_CODE),
        region=sql.Literal(AreaKind.REGION.value),
        columns=sql.SQL(", ").join(
            sql.SQL("COALESCE(sum({}) FILTER (WHERE {}), 0)::int AS {}").format(
                counted, where, sql.Identifier(name)
            )
            for name, where in of.items()
        ),
        only=only if new else sql.SQL(""),
    )
