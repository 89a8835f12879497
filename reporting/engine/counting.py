"""Counting the rows of a family: one statement over areas, periods and breakdowns.

Rows are summed to cells of a month (totals) or a quarter (breakdowns) by grouping sets, and those
to the longer periods they are part of: additive counts only. `upto` says of a row how far up it
counts: 1 in its month, 2 in its quarter also, 3 in its year also (a stock counts at the close of
a period only, everything else in all three).
"""

from collections.abc import Iterable

from psycopg import sql

from commissioning.rule_settings import RuleSettings
from reporting.choices import AreaKind
from reporting.engine.conditions import condition
from reporting.engine.scope import Measurement, make, run
from reporting.indicators.breakdowns import BREAKDOWNS, OF_EPISODES, PRIORITY, TYPE
from reporting.indicators.words import Count, DaysOf, Family, Longest

TOTALS = 0
NUMBERS = {code: number for number, code in enumerate(BREAKDOWNS, start=1)}

FACT = """
SELECT dated.month, dated.month / 3 AS quarter, rows.upto::smallint AS upto,
       spell.area, spell.provider, rows.kind::smallint AS kind,
       {of_episodes}, {groups}, spell.known_before, {columns},
       {parts}
  FROM ({rows}) rows
  JOIN spell ON spell.episode = rows.episode
 CROSS JOIN LATERAL (
       SELECT (date_part('year', rows.dated_on) * 12 + date_part('month', rows.dated_on) - 1)::int
                AS month) dated
"""

MEASURED = """
WITH cell AS (
    SELECT COALESCE(month, quarter * 3) AS month, upto, area, provider,
           {dimension} AS dimension, {value} AS value, {aggregates}
      FROM fact
     GROUP BY GROUPING SETS ({sets})
     UNION ALL
    SELECT quarter * 3, upto, area, NULL, {priority}, {group_value}, {aggregates}
      FROM fact
     WHERE {in_a_group}
     GROUP BY GROUPING SETS ({group_sets})
), rolled AS (
    SELECT cell.area, cell.provider, span.period, {totals} AS dimension, 0 AS value, {sums}
      FROM cell
      JOIN span ON span.month = cell.month AND span.rank <= cell.upto
     WHERE cell.dimension = {type}
     GROUP BY cell.area, cell.provider, span.period
     UNION ALL
    SELECT cell.area, cell.provider, span.period, cell.dimension, cell.value, {sums}
      FROM cell
      JOIN span ON span.month = cell.month AND span.rank <= cell.upto AND span.rank > 1
     WHERE cell.value IS NOT NULL
     GROUP BY cell.area, cell.provider, span.period, cell.dimension, cell.value
)
SELECT place.area_kind, place.code AS area_code, period.grain, period.start,
       COALESCE(named.breakdown, '') AS breakdown, COALESCE(named.code, '') AS value,
       {names}
  FROM rolled
  JOIN period ON period.number = rolled.period
  JOIN place ON place.area_kind = CASE WHEN rolled.area IS NULL THEN {provider_kind}
                                       ELSE {partnership_kind} END
            AND place.id = COALESCE(rolled.area, rolled.provider)
  LEFT JOIN named ON named.dimension = rolled.dimension AND named.number = rolled.value
"""

NEW = """
WITH cell AS (
    SELECT month, upto, area, provider, {aggregates}
      FROM fact
     WHERE {could_be_new}
     GROUP BY GROUPING SETS ((month, upto, area), (month, upto, provider))
)
SELECT place.area_kind, place.code AS area_code, period.grain, period.start, {sums}
  FROM cell
  JOIN span ON span.month = cell.month AND span.rank <= cell.upto
  JOIN period ON period.number = span.period
  JOIN place ON place.area_kind = CASE WHEN cell.area IS NULL THEN {provider_kind}
                                       ELSE {partnership_kind} END
            AND place.id = COALESCE(cell.area, cell.provider)
 GROUP BY place.area_kind, place.code, period.grain, period.start
"""

GROUPED = ("month", "quarter", "upto", "area", "provider", "kind")
CELL = ("area_kind", "area_code", "grain", "start", "breakdown", "value")
GROUP_COLUMNS = ("pregnant", "criminal_justice", "stimulant")


def fact_statement(family: type[Family]) -> sql.Composed:
    """The family's rows, and of each which counts it is part of."""
    counts = family.everything_counted()
    return sql.SQL(FACT).format(
        of_episodes=_listed(f"spell.{breakdown.code}" for breakdown in OF_EPISODES),
        groups=_listed(f"spell.{column}" for column in GROUP_COLUMNS),
        columns=_listed(f"rows.{column}" for column in _kept(family)),
        parts=sql.SQL(",\n       ").join(
            sql.SQL("{} AS {}").format(condition(count.where), sql.Identifier(name))
            for name, count in counts.items()
        ),
        rows=sql.SQL(family.statement()),
    )


def measured_statement(family: type[Family]) -> sql.Composed:
    """The cells of partnerships, buckets and providers."""
    counts = family.everything_counted()
    return sql.SQL(MEASURED).format(
        dimension=_dimension(),
        value=_value(),
        group_value=_group_value(),
        aggregates=_aggregates(counts),
        sets=sql.SQL(", ").join(map(sql.SQL, _grouping_sets())),
        group_sets=_group_sets(),
        in_a_group=sql.SQL(" OR ").join(map(sql.Identifier, GROUP_COLUMNS)),
        priority=sql.Literal(NUMBERS[PRIORITY.code]),
        type=sql.Literal(NUMBERS[TYPE.code]),
        totals=sql.Literal(TOTALS),
        sums=sql.SQL(",\n           ").join(_again(name, count) for name, count in counts.items()),
        names=sql.SQL(", ").join(sql.Identifier("rolled", name) for name in counts),
        partnership_kind=sql.Literal(AreaKind.PARTNERSHIP.value),
        provider_kind=sql.Literal(AreaKind.PROVIDER.value),
    )


def new_statement(family: type[Family]) -> sql.Composed:
    """The totals again, of what could not be known when the areas were last measured."""
    counts = family.everything_counted()
    days = sorted({count.known_by for count in counts.values()})
    return sql.SQL(NEW).format(
        aggregates=_aggregates(counts, new=True),
        sums=sql.SQL(", ").join(_again(name, count) for name, count in counts.items()),
        could_be_new=sql.SQL(" OR ").join(
            sql.SQL("{} > known_before").format(sql.Identifier(day)) for day in days
        ),
        partnership_kind=sql.Literal(AreaKind.PARTNERSHIP.value),
        provider_kind=sql.Literal(AreaKind.PROVIDER.value),
    )


def lay_names(rules: RuleSettings) -> None:
    """`named`: what the numbers of breakdowns and their values stand for."""
    run("DROP TABLE IF EXISTS named")
    run(
        "CREATE TEMP TABLE named (dimension smallint, number smallint, breakdown text, code text)"
        " ON COMMIT DROP"
    )
    for code, breakdown in BREAKDOWNS.items():
        labels = list(breakdown.labels(rules))
        numbered = enumerate(labels, start=1) if breakdown is not TYPE else zip(
            rules.structured_modals, labels, strict=True
        )  # fmt: skip
        for number, value in numbered:
            run(
                "INSERT INTO named VALUES (%(dimension)s, %(number)s, %(code)s, %(value)s)",
                {"dimension": NUMBERS[code], "number": number, "code": code, "value": value},
            )


def count_family(asked: Measurement, family: type[Family]) -> None:
    """Make `fact` and `measured`. Needs `span`, `place`, `spell` and `named`."""
    lay_facts(asked, family)
    make("measured", measured_statement(family), asked, statistics=CELL)


def lay_facts(asked: Measurement, family: type[Family]) -> None:
    """Make `fact`, of which `measured_statement` counts. Needs what `count_family` does."""
    make("fact", fact_statement(family), asked, statistics=GROUPED)


def _kept(family: type[Family]) -> list[str]:
    dates = {count.known_by for count in family.counts.values()}
    return sorted({"dated_on", *dates, *family.columns})


def _listed(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(*column.split(".")) for column in columns)


def _aggregates(counts: dict[str, Count], *, new: bool = False) -> sql.Composed:
    return sql.SQL(",\n           ").join(
        _aggregate(name, count, new=new) for name, count in counts.items()
    )


def _aggregate(name: str, count: Count, *, new: bool) -> sql.Composed:
    part: sql.Composable = sql.Identifier(name)
    if new:
        part = sql.SQL("{} AND {} > known_before").format(part, sql.Identifier(count.known_by))
    if isinstance(count, DaysOf | Longest):
        over = "sum" if isinstance(count, DaysOf) else "max"
        return sql.SQL("COALESCE({}({}) FILTER (WHERE {}), 0)::int AS {}").format(
            sql.SQL(over), sql.Identifier(count.column), part, sql.Identifier(name)
        )
    return sql.SQL("(count(*) FILTER (WHERE {}))::int AS {}").format(part, sql.Identifier(name))


def _again(name: str, count: Count) -> sql.Composed:
    """A count of cells added up; the longest of the longest."""
    over = "max" if isinstance(count, Longest) else "sum"
    return sql.SQL("{}(cell.{})::int AS {}").format(
        sql.SQL(over), sql.Identifier(name), sql.Identifier(name)
    )


def _grouping_sets() -> list[str]:
    """By intervention each month, which add up to totals; by the rest of the episode a quarter."""
    return [
        "(month, upto, area, kind)",
        "(month, upto, provider, kind)",
        *(f"(quarter, upto, area, {breakdown.code})" for breakdown in OF_EPISODES),
    ]


def _group_sets() -> sql.Composed:
    """By priority group each quarter: groups overlap, so each has a grouping of its own."""
    return sql.SQL(", ").join(
        sql.SQL("(quarter, upto, area, {})").format(sql.Identifier(column))
        for column in GROUP_COLUMNS
    )


def _dimension() -> sql.Composed:
    whens = " ".join(
        f"WHEN GROUPING({breakdown.code}) = 0 THEN {NUMBERS[breakdown.code]}"
        for breakdown in OF_EPISODES
    )
    return sql.SQL("CASE {} ELSE {} END").format(sql.SQL(whens), sql.Literal(NUMBERS[TYPE.code]))


def _value() -> sql.SQL:
    return sql.SQL(f"COALESCE(kind, {', '.join(breakdown.code for breakdown in OF_EPISODES)})")


def _group_value() -> sql.SQL:
    """The group's number; none for those who are not of it."""
    whens = " ".join(
        f"WHEN GROUPING({column}) = 0 THEN CASE WHEN {column} THEN {number} END"
        for number, column in enumerate(GROUP_COLUMNS, start=1)
    )
    return sql.SQL(f"(CASE {whens} END)::smallint")
