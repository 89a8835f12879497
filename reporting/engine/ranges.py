"""Stays as ranges of periods, and from ranges of which no two overlap the number in each period.

`several` numbers the people with more than one stay; `stay` and `received` have their number as
`person`, and none for people with one alone, whose ranges need no cutting.
"""

from dataclasses import dataclass

from psycopg import sql

from commissioning.kernel.periods import Grain
from reporting.choices import AreaKind
from reporting.engine.counting import GROUP_COLUMNS, NUMBERS, TOTALS
from reporting.indicators.breakdowns import OF_EPISODES, PRIORITY, TYPE
from reporting.indicators.words import LEFT_OUT

LEFT_OUT_DIMENSION = len(NUMBERS) + 1
REASONS = {name: number for number, name in enumerate(LEFT_OUT, start=1)}
FOR_EVER = 1_000_000

# How a month is found in the count of quarters or years.
PLACES = {Grain.MONTH: "{}", Grain.QUARTER: "{} / 3", Grain.YEAR: "({} - 3) / 12"}
KEYS = {
    AreaKind.PARTNERSHIP: "stay.area",
    AreaKind.PROVIDER: "stay.provider",
    AreaKind.REGION: "held.region",
    AreaKind.ENGLAND: "0",
}

SEVERAL = """
SELECT person, row_number() OVER ()::int AS number
  FROM spell
 WHERE first_started IS NOT NULL AND excluded = ''
 GROUP BY person
HAVING count(*) > 1
"""

STAY = """
SELECT several.number AS person, spell.episode, spell.area, spell.provider,
       spell.first_started, spell.triaged_on,
       {began} AS began, {ended} AS ended,
       spell.first_started > spell.known_before AS is_new,
       {dimensions}
  FROM spell
  LEFT JOIN several ON several.person = spell.person
 WHERE spell.first_started IS NOT NULL AND spell.excluded = ''
"""

# Each intervention received, and each stay that is left out, by the number of its reason.
RECEIVED = """
WITH every AS (
    SELECT spell.person, spell.area, spell.provider,
           {type}::smallint AS dimension, modality.kind::smallint AS value,
           {began} AS began, {ended} AS ended
      FROM spell
      JOIN pathways_modality modality ON modality.episode_id = spell.episode
     WHERE spell.excluded = '' AND modality.started_on IS NOT NULL
       AND modality.kind = ANY(%(structured_modals)s)
     UNION ALL
    SELECT person, area, provider, {left_out}::smallint, {reason}, {left_out_began},
           {left_out_ended}
      FROM spell
     WHERE excluded <> '' AND first_started IS NOT NULL
), several AS (
    SELECT person, dimension, value, row_number() OVER ()::int AS number
      FROM every
     GROUP BY person, dimension, value
    HAVING count(*) > 1
)
SELECT several.number AS person, every.area, every.provider, every.dimension, every.value,
       every.began, every.ended
  FROM every
  LEFT JOIN several USING (person, dimension, value)
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

ALONE = """
decided AS (
    SELECT {key} AS key, {from_place} AS from_place, {to_place} AS to_place,
           is_new AS is_new_person{dimensions}
      FROM stay
     WHERE person IS NULL
), cut AS (
    SELECT {key} AS key, dimension, value, {from_place} AS from_place, {to_place} AS to_place
      FROM received stay
     WHERE person IS NULL {received_where}
)"""

# Of each period the latest stay that holds it decides. A stay decides up to the next one's
# beginning, and again what is left of it after later stays have ended. An intervention counts
# from where the person's earlier ones of the same kind have ended.
SEVERAL_STAYS = """
ranged AS (
    SELECT {key} AS key, {from_place} AS from_place, {to_place} AS to_place, person,
           first_started, triaged_on, episode, is_new{dimensions}
      FROM stay {join_held}
     WHERE stay.person IS NOT NULL
), next AS (
    SELECT *,
           row_number() OVER latest AS turn,
           lead(from_place) OVER latest AS next_from,
           lead(to_place) OVER latest AS next_to,
           bool_and(is_new) OVER (PARTITION BY key, person) AS is_new_person
      FROM ranged
    WINDOW latest AS (PARTITION BY key, person
                      ORDER BY from_place, first_started, triaged_on, episode)
), rest AS (
    SELECT next.*, left_over.place
      FROM next,
           generate_series(GREATEST(next.next_to + 1, next.from_place), next.to_place)
             AS left_over (place)
     WHERE next.to_place > next.next_to
), decided AS (
    SELECT key, from_place, LEAST(to_place, next_from - 1) AS to_place, is_new_person{dimensions}
      FROM next
     WHERE next_from IS NULL OR next_from > from_place
     UNION ALL
    SELECT key, place, place, is_new_person{dimensions}
      FROM rest
     WHERE NOT EXISTS (
           SELECT FROM next later
            WHERE later.key = rest.key AND later.person = rest.person AND later.turn > rest.turn
              AND rest.place BETWEEN later.from_place AND later.to_place)
), cut AS (
    SELECT key, dimension, value, GREATEST(from_place, so_far + 1) AS from_place, to_place
      FROM (SELECT {key} AS key, dimension, value,
                   {from_place} AS from_place, {to_place} AS to_place,
                   COALESCE(max({to_place}) OVER (
                     PARTITION BY {key}, person ORDER BY {from_place}, {to_place}
                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1) AS so_far
              FROM received stay {join_held}
             WHERE person IS NOT NULL {received_where}) received
     WHERE to_place > so_far
)"""

NUMBERS_IN_PERIODS = """
INSERT INTO counted
WITH {ranges}, change AS (
    SELECT key, {dimension} AS dimension, {value} AS value, place,
           sum(change) AS people, sum(change) FILTER (WHERE is_new_person) AS new
      FROM decided
     CROSS JOIN LATERAL (VALUES (from_place, 1), (to_place + 1, -1)) AS edge (place, change)
     GROUP BY GROUPING SETS ({sets})
     UNION ALL
    SELECT key, dimension, value, place, sum(change), 0
      FROM cut
     CROSS JOIN LATERAL (VALUES (from_place, 1), (to_place + 1, -1)) AS edge (place, change)
     GROUP BY key, dimension, value, place
)
SELECT {area_kind}, key, {grain}, period.start, dimension, value, people, COALESCE(new, 0)
  FROM (SELECT key, dimension, value, place AS from_place,
               COALESCE(lead(place) OVER each, {for_ever}) AS until_place,
               sum(people) OVER each AS people, sum(new) OVER each AS new
          FROM change
         WHERE value IS NOT NULL
        WINDOW each AS (PARTITION BY key, dimension, value ORDER BY place)) standing
  JOIN period ON period.grain = {grain} AND period.place_in_time >= from_place
             AND period.place_in_time < until_place
 WHERE people > 0
"""


@dataclass(frozen=True)
class Ranges:
    """The numbers in each period of a grain for one kind of area.

    `alone` is for people with one stay, otherwise it is for those with several.
    """

    kind: AreaKind
    grain: Grain
    alone: bool

    def statement(self) -> sql.Composed:
        """Adds to `counted`. Needs `stay`, `received` and, for regions, `held`."""
        ranges = sql.SQL(ALONE if self.alone else SEVERAL_STAYS).format(
            dimensions=sql.SQL("").join(
                sql.SQL(", {}").format(sql.Identifier(one)) for one in self.dimensions
            ),
            received_where=sql.SQL("")
            if self.is_broken_down
            else sql.SQL("AND dimension = {}").format(sql.Literal(LEFT_OUT_DIMENSION)),
            **self._words(),
        )
        return sql.SQL(NUMBERS_IN_PERIODS).format(
            ranges=ranges,
            dimension=sql.SQL(self._dimension()),
            value=sql.SQL(self._value()),
            sets=sql.SQL(
                ", ".join(["(key, place)", *(f"(key, place, {one})" for one in self.dimensions)])
            ),
            area_kind=sql.Literal(self.kind.value),
            grain=sql.Literal(self.grain.value),
            for_ever=sql.Literal(FOR_EVER),
        )

    @property
    def is_broken_down(self) -> bool:
        return self.grain is not Grain.MONTH

    @property
    def dimensions(self) -> list[str]:
        """The columns of the breakdowns; months have totals only, providers interventions too."""
        if not self.is_broken_down or self.kind is AreaKind.PROVIDER:
            return []
        return [*(breakdown.code for breakdown in OF_EPISODES), *GROUP_COLUMNS]

    def _words(self) -> dict[str, sql.Composable]:
        words: dict[str, sql.Composable] = {
            "key": sql.SQL(KEYS[self.kind]),
            "from_place": sql.SQL(PLACES[self.grain].format("stay.began")),
            "to_place": sql.SQL(PLACES[self.grain].format("stay.ended")),
            "join_held": sql.SQL(""),
        }
        if self.kind is AreaKind.REGION:
            words |= {
                "from_place": sql.SQL("GREATEST({}, held.from_place)").format(words["from_place"]),
                "to_place": sql.SQL("LEAST({}, held.to_place)").format(words["to_place"]),
                "join_held": sql.SQL(
                    "JOIN held ON held.area = stay.area AND held.from_place <= {} "
                    "AND held.to_place >= {}"
                ).format(words["to_place"], words["from_place"]),
            }
        return words

    def _dimension(self) -> str:
        numbers = {
            one: NUMBERS[PRIORITY.code if one in GROUP_COLUMNS else one] for one in self.dimensions
        }
        whens = [f"WHEN GROUPING({one}) = 0 THEN {number}" for one, number in numbers.items()]
        return f"(CASE {' '.join(whens)} ELSE {TOTALS} END)" if whens else f"{TOTALS}"

    def _value(self) -> str:
        """The value's number; none for those who are not of a priority group."""
        values = {one: one for one in self.dimensions if one not in GROUP_COLUMNS}
        values |= {
            one: f"CASE WHEN {one} THEN {number} END"
            for number, one in enumerate(GROUP_COLUMNS, start=1)
            if one in self.dimensions
        }
        whens = [f"WHEN GROUPING({one}) = 0 THEN {value}" for one, value in values.items()]
        return f"(CASE {' '.join(whens)} ELSE 0 END)" if whens else "0"


def several_statement() -> sql.SQL:
    """People with more than one stay, numbered."""
    return sql.SQL(SEVERAL)


def stay_statement() -> sql.Composed:
    """Stays with the months of their beginning and end. Needs `spell` and `several`."""
    columns = [*(breakdown.code for breakdown in OF_EPISODES), *GROUP_COLUMNS]
    return sql.SQL(STAY).format(
        began=_month("spell.first_started"),
        ended=_month(_last("spell.first_started", "spell.discharged_on", "spell.known_until")),
        dimensions=sql.SQL(", ").join(sql.Identifier("spell", column) for column in columns),
    )


def received_statement() -> sql.Composed:
    """Interventions and stays left out, with the months of their beginning and end."""
    return sql.SQL(RECEIVED).format(
        type=sql.Literal(NUMBERS[TYPE.code]),
        began=_month("modality.started_on"),
        ended=_month(
            _last(
                "modality.started_on",
                "modality.ended_on",
                "spell.discharged_on",
                "spell.known_until",
            )
        ),
        left_out=sql.Literal(LEFT_OUT_DIMENSION),
        reason=_reason(),
        left_out_began=_month("first_started"),
        left_out_ended=_month(_last("first_started", "discharged_on", "known_until")),
    )


def held_statement(grain: Grain) -> sql.Composed:
    """The region of each partnership as ranges of periods. Needs `lies_in`."""
    return sql.SQL(HELD).format(grain=sql.Literal(grain.value))


def _last(began: str, *ends: str) -> str:
    """The last day, as far as it is known; never before the first."""
    return f"GREATEST({began}, COALESCE({', '.join(ends)}))"


def _month(day: str) -> sql.SQL:
    """The number of a day's month."""
    return sql.SQL(f"(date_part('year', {day}) * 12 + date_part('month', {day}) - 1)::int")


def _reason() -> sql.Composed:
    whens = [
        sql.SQL("WHEN {} THEN {}").format(
            sql.Literal(name.removeprefix("left_out_")), sql.Literal(number)
        )
        for name, number in REASONS.items()
    ]
    return sql.SQL("CASE excluded {} END::smallint").format(sql.SQL(" ").join(whens))
