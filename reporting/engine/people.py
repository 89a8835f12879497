"""Counting people: each once in an area and period, counted afresh for every kind of area.

Every stay of a person in an area becomes a range of periods. Ranges of one person are cut so that
no two hold the same period; then a running sum of beginnings and ends is the number of people. Its
cost grows with the stays, not with the periods they last.
"""

from collections.abc import Sequence

from psycopg import sql

from commissioning.kernel.periods import Grain
from reporting.choices import ENGLAND_CODE, AreaKind
from reporting.engine.counting import GROUP_COLUMNS, NUMBERS, TOTALS
from reporting.engine.moving import note_movements
from reporting.engine.scope import Measurement, make, run
from reporting.engine.writing import Written, write_cells
from reporting.indicators.breakdowns import OF_EPISODES, PRIORITY, TYPE
from reporting.indicators.in_treatment import InTreatment
from reporting.indicators.words import LEFT_OUT

# How a month is found in the count of quarters or years.
PLACES = {
    Grain.MONTH: "{}",
    Grain.QUARTER: "{} / 3",
    Grain.YEAR: "({} - 3) / 12",
}
KEYS = {
    AreaKind.PARTNERSHIP: "stay.area",
    AreaKind.PROVIDER: "stay.provider",
    AreaKind.REGION: "held.region",
    AreaKind.ENGLAND: "0",
}

STAY = """
SELECT spell.person, spell.episode, spell.area, spell.provider, spell.excluded,
       spell.first_started, spell.triaged_on,
       {began} AS began,
       (date_part('year', ends_on) * 12 + date_part('month', ends_on) - 1)::int AS ended,
       spell.first_started > spell.known_before AS is_new,
       {of_episodes}, {groups}
  FROM (SELECT *, GREATEST(first_started, COALESCE(discharged_on, known_until)) AS ends_on
          FROM spell WHERE first_started IS NOT NULL) spell
"""

TREATED = """
SELECT stay.person, stay.area, stay.provider, modality.kind::smallint AS kind,
       (date_part('year', modality.started_on) * 12 + date_part('month', modality.started_on) - 1
       )::int AS began,
       (date_part('year', ends_on) * 12 + date_part('month', ends_on) - 1)::int AS ended
  FROM spell stay
  JOIN pathways_modality modality ON modality.episode_id = stay.episode
 CROSS JOIN LATERAL (
       SELECT GREATEST(modality.started_on, COALESCE(
                modality.ended_on, stay.discharged_on, stay.known_until)) AS ends_on) over_on
 WHERE stay.excluded = '' AND modality.started_on IS NOT NULL
   AND modality.kind = ANY(%(structured_modals)s)
"""

# Where a partnership lay for which stretch of periods.
HELD = """
SELECT id AS area, region, min(place_in_time) AS from_place, max(place_in_time) AS to_place
  FROM (SELECT lies_in.id, lies_in.region, period.place_in_time,
               period.place_in_time - row_number() OVER (
                 PARTITION BY lies_in.id, lies_in.region ORDER BY period.place_in_time) AS island
          FROM lies_in
          JOIN period ON period.grain = lies_in.grain AND period.start = lies_in.start
         WHERE period.grain = {grain}) numbered
 GROUP BY id, region, island
"""

# Of each period the latest stay that holds it decides. A stay decides up to the next one's
# beginning, and again what is left of it after later stays have ended.
DECIDED = """
WITH stay AS (
    SELECT {key} AS key, {from_place} AS from_place, {to_place} AS to_place, stay.*
      FROM stay {join_held}
     WHERE stay.excluded = ''
), next AS (
    SELECT *,
           row_number() OVER latest AS turn,
           lead(from_place) OVER latest AS next_from,
           lead(to_place) OVER latest AS next_to,
           bool_and(is_new) OVER (PARTITION BY key, person) AS is_new_person
      FROM stay
    WINDOW latest AS (PARTITION BY key, person
                      ORDER BY from_place, first_started, triaged_on, episode)
), rest AS (
    SELECT next.*, left_over.place
      FROM next,
           generate_series(GREATEST(next.next_to + 1, next.from_place), next.to_place)
             AS left_over (place)
     WHERE next.to_place > next.next_to
), decided AS (
    SELECT from_place, LEAST(to_place, next_from - 1) AS to_place, key, is_new_person{dimensions}
      FROM next
     WHERE next_from IS NULL OR next_from > from_place
     UNION ALL
    SELECT place, place, key, is_new_person{dimensions}
      FROM rest
     WHERE NOT EXISTS (
           SELECT FROM next later
            WHERE later.key = rest.key AND later.person = rest.person AND later.turn > rest.turn
              AND rest.place BETWEEN later.from_place AND later.to_place)
)
SELECT * FROM decided
"""

# A person counts in each intervention received, and apart for each reason to be left out.
RECEIVED = """
SELECT key, GREATEST(from_place, so_far + 1) AS from_place, to_place, {what}
  FROM (SELECT {key} AS key, {from_place} AS from_place, {to_place} AS to_place, {what},
               COALESCE(max({to_place}) OVER (
                 PARTITION BY {key}, stay.person, {what} ORDER BY {from_place}, {to_place}
                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1) AS so_far
          FROM {table} stay {join_held}
         WHERE {where}) stay
 WHERE to_place > so_far
"""

CHANGES = """
SELECT key, dimension, value, place, sum(change)::int AS people, sum(new_change)::int AS new
  FROM (
    SELECT key, {dimension} AS dimension, {value} AS value, from_place AS place,
           count(*) AS change, count(*) FILTER (WHERE is_new_person) AS new_change
      FROM decided GROUP BY GROUPING SETS ({sets_from})
     UNION ALL
    SELECT key, {dimension}, {value}, to_place + 1, -count(*),
           -count(*) FILTER (WHERE is_new_person)
      FROM decided GROUP BY GROUPING SETS ({sets_to})
     UNION ALL
    SELECT key, {type}, kind, from_place, count(*), 0 FROM received GROUP BY 1, 3, 4
     UNION ALL
    SELECT key, {type}, kind, to_place + 1, -count(*), 0 FROM received GROUP BY 1, 3, 4
     UNION ALL
    SELECT key, {left_out}, reason, from_place, count(*), 0 FROM apart GROUP BY 1, 3, 4
     UNION ALL
    SELECT key, {left_out}, reason, to_place + 1, -count(*), 0 FROM apart GROUP BY 1, 3, 4
  ) change
 WHERE value IS NOT NULL
 GROUP BY key, dimension, value, place
"""

COUNTED = """
INSERT INTO counted
SELECT {area_kind}, key, {grain}, period.start, dimension, value, people, new
  FROM (SELECT key, dimension, value, place AS from_place,
               COALESCE(lead(place) OVER each, {for_ever}) AS until_place,
               sum(people) OVER each AS people, sum(new) OVER each AS new
          FROM change
        WINDOW each AS (PARTITION BY key, dimension, value ORDER BY place)) standing
  JOIN period ON period.grain = {grain} AND period.place_in_time >= from_place
             AND period.place_in_time < until_place
 WHERE people > 0
"""

MEASURED = """
SELECT counted.area_kind, COALESCE(place.code, {england}) AS area_code, counted.grain,
       counted.start, COALESCE(named.breakdown, '') AS breakdown,
       COALESCE(named.code, '') AS value,
       COALESCE(sum(counted.people) FILTER (WHERE counted.dimension <> {left_out}), 0)::int
         AS people,
       {reasons}
  FROM counted
  LEFT JOIN named ON named.dimension = counted.dimension AND named.number = counted.value
  {places}
 GROUP BY 1, 2, 3, 4, 5, 6
"""

NEW = """
SELECT counted.area_kind, COALESCE(place.code, {england}) AS area_code, counted.grain,
       counted.start, counted.new::int AS people, {noughts}
  FROM counted
  {places}
 WHERE counted.dimension = {totals} AND counted.new > 0
"""

LEFT_OUT_DIMENSION = len(NUMBERS) + 1
REASONS = {name: number for number, name in enumerate(LEFT_OUT, start=1)}
FOR_EVER = 1_000_000


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
    make("stay", _stay())
    make("treated", sql.SQL(TREATED), asked)
    run("DROP TABLE IF EXISTS counted")
    run(
        "CREATE TEMP TABLE counted (area_kind text, key bigint, grain text, start date,"
        " dimension smallint, value smallint, people int, new int) ON COMMIT DROP"
    )
    for kind in kinds:
        for grain in Grain:
            _count(kind, grain)
    make("measured", _measured(kinds))
    make("measured_new", _new(kinds))


def _count(kind: AreaKind, grain: Grain) -> None:
    if kind is AreaKind.REGION:
        make("held", sql.SQL(HELD).format(grain=sql.Literal(grain.value)))
    for table, statement in _steps(kind, grain).items():
        make(table, statement)
    run(_counted(kind, grain))


def printed_statements() -> dict[str, sql.Composable]:
    """What is run for the partnerships and quarters; other areas and periods differ in the key."""
    kind, grain = AreaKind.PARTNERSHIP, Grain.QUARTER
    steps = {"stay": _stay(), "treated": sql.SQL(TREATED), **_steps(kind, grain)}
    return {**steps, "counted": _counted(kind, grain), "measured": _measured([kind])}


def _steps(kind: AreaKind, grain: Grain) -> dict[str, sql.Composable]:
    """The statements from stays to changes of a running number, by the table each makes."""
    words: dict[str, sql.Composable] = {
        "key": sql.SQL(KEYS[kind]),
        "from_place": sql.SQL(PLACES[grain].format("stay.began")),
        "to_place": sql.SQL(PLACES[grain].format("stay.ended")),
        "join_held": sql.SQL(""),
    }
    if kind is AreaKind.REGION:
        words |= {
            "from_place": sql.SQL("GREATEST({}, held.from_place)").format(words["from_place"]),
            "to_place": sql.SQL("LEAST({}, held.to_place)").format(words["to_place"]),
            "join_held": sql.SQL(
                "JOIN held ON held.area = stay.area AND held.from_place <= {} "
                "AND held.to_place >= {}"
            ).format(words["to_place"], words["from_place"]),
        }
    broken_down = grain is not Grain.MONTH
    dimensions = [breakdown.code for breakdown in OF_EPISODES] + list(GROUP_COLUMNS)
    if not broken_down or kind is AreaKind.PROVIDER:
        dimensions = []
    decided = sql.SQL(DECIDED).format(
        dimensions=sql.SQL("").join(
            sql.SQL(", {}").format(sql.Identifier(one)) for one in dimensions
        ),
        **words,
    )
    received = sql.SQL(RECEIVED).format(
        what=sql.SQL("kind"),
        table=sql.Identifier("treated"),
        where=sql.SQL("true" if broken_down else "false"),
        **words,
    )
    apart = sql.SQL(RECEIVED).format(
        what=sql.SQL("reason"),
        table=sql.SQL("(SELECT *, {} AS reason FROM stay)").format(_reason()),
        where=sql.SQL("excluded <> ''"),
        **words,
    )
    return {
        "decided": decided,
        "received": received,
        "apart": apart,
        "change": _changes(dimensions),
    }


def _counted(kind: AreaKind, grain: Grain) -> sql.Composed:
    return sql.SQL(COUNTED).format(
        area_kind=sql.Literal(kind.value),
        grain=sql.Literal(grain.value),
        for_ever=sql.Literal(FOR_EVER),
    )


def _stay() -> sql.Composed:
    return sql.SQL(STAY).format(
        began=sql.SQL(
            "(date_part('year', first_started) * 12 + date_part('month', first_started) - 1)::int"
        ),
        of_episodes=sql.SQL(", ").join(
            sql.Identifier("spell", breakdown.code) for breakdown in OF_EPISODES
        ),
        groups=sql.SQL(", ").join(sql.Identifier("spell", column) for column in GROUP_COLUMNS),
    )


def _reason() -> sql.Composed:
    whens = [
        sql.SQL("WHEN {} THEN {}").format(
            sql.Literal(name.removeprefix("left_out_")), sql.Literal(number)
        )
        for name, number in REASONS.items()
    ]
    return sql.SQL("CASE excluded {} END::smallint").format(sql.SQL(" ").join(whens))


def _changes(dimensions: Sequence[str]) -> sql.Composed:
    def sets(place: str) -> sql.SQL:
        return sql.SQL(
            ", ".join([f"(key, {place})", *(f"(key, {place}, {one})" for one in dimensions)])
        )

    of_episodes = [one for one in dimensions if one not in GROUP_COLUMNS]
    groups = [one for one in dimensions if one in GROUP_COLUMNS]
    numbers = {one: NUMBERS[one] for one in of_episodes}
    numbers |= dict.fromkeys(groups, NUMBERS[PRIORITY.code])
    whens = " ".join(f"WHEN GROUPING({one}) = 0 THEN {n}" for one, n in numbers.items())
    values = " ".join(
        f"WHEN GROUPING({one}) = 0 THEN CASE WHEN {one} THEN {n} END"
        for n, one in enumerate(groups, start=1)
    ) + "".join(f" WHEN GROUPING({one}) = 0 THEN {one}" for one in of_episodes)
    return sql.SQL(CHANGES).format(
        dimension=sql.SQL(f"CASE {whens} ELSE {TOTALS} END" if whens else str(TOTALS)),
        value=sql.SQL(f"CASE {values} ELSE 0 END" if values else "0"),
        sets_from=sets("from_place"),
        sets_to=sets("to_place"),
        type=sql.Literal(NUMBERS[TYPE.code]),
        left_out=sql.Literal(LEFT_OUT_DIMENSION),
    )


def _places(kinds: Sequence[AreaKind]) -> sql.SQL:
    """Codes of the areas; only those measured. England needs none."""
    if AreaKind.ENGLAND in kinds:
        return sql.SQL(
            "LEFT JOIN commissioning_organisation place"
            " ON place.id = counted.key AND counted.area_kind = 'region'"
        )
    return sql.SQL("JOIN place ON place.area_kind = counted.area_kind AND place.id = counted.key")


def _measured(kinds: Sequence[AreaKind]) -> sql.Composed:
    return sql.SQL(MEASURED).format(
        england=sql.Literal(ENGLAND_CODE),
        left_out=sql.Literal(LEFT_OUT_DIMENSION),
        reasons=sql.SQL(", ").join(
            sql.SQL(
                "COALESCE(sum(counted.people) FILTER (WHERE counted.dimension = {}"
                " AND counted.value = {}), 0)::int AS {}"
            ).format(sql.Literal(LEFT_OUT_DIMENSION), sql.Literal(number), sql.Identifier(name))
            for name, number in REASONS.items()
        ),
        places=_places(kinds),
    )


def _new(kinds: Sequence[AreaKind]) -> sql.Composed:
    return sql.SQL(NEW).format(
        england=sql.Literal(ENGLAND_CODE),
        noughts=sql.SQL(", ").join(
            sql.SQL("0 AS {}").format(sql.Identifier(name)) for name in LEFT_OUT
        ),
        places=_places(kinds),
        totals=sql.Literal(TOTALS),
    )
