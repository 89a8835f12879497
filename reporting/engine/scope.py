"""What one measurement covers: which periods under which rule set, which areas, since when."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg import sql

from commissioning.choices import FactKind, OrganisationKind
from commissioning.kernel.periods import Grain, Period, periods_between
from commissioning.models import Organisation, RuleSet
from commissioning.rule_settings import RuleSettings
from reporting.choices import AreaKind, Bucket
from reporting.engine.conditions import parameters

RANKS = {Grain.MONTH: 1, Grain.QUARTER: 2, Grain.YEAR: 3}
# Buckets have no organisation; below nought they have ids of their own in temporary tables.
BUCKET_IDS = {Bucket.MISSING: -1, Bucket.UNKNOWN: -2, Bucket.OUTSIDE: -3}


def bucket_id(residence: str) -> int:
    """The id of the bucket of episodes with such a residence."""
    return BUCKET_IDS[Bucket[residence]]


@dataclass(frozen=True)
class Scope:
    """Areas by id; `None` means all of them. Buckets have the ids of `BUCKET_IDS`.

    `agencies` are those of the providers.
    """

    partnerships: frozenset[int] | None = None
    providers: frozenset[int] | None = None
    agencies: frozenset[int] | None = None

    @property
    def is_everything(self) -> bool:
        return self.partnerships is None

    def values(self) -> dict[str, Any]:
        return {
            "partnerships": sorted(self.partnerships or ()),
            "agencies": sorted(self.agencies or ()),
        }


@dataclass(frozen=True)
class Measurement:
    """Some periods, measured under one rule set.

    `since` is when the areas were last measured: None makes nothing new.
    """

    rule_set: RuleSet
    periods: Sequence[Period]
    scope: Scope = field(default_factory=Scope)
    since: dt.datetime | None = None

    def settings(self) -> RuleSettings:
        return self.rule_set.read()

    def values(self) -> dict[str, Any]:
        """All that statements are given."""
        more = {"since": self.since, "rule_set": self.rule_set.pk}
        return parameters(self.settings()) | self.scope.values() | more


def run(statement: sql.Composable | str, values: dict[str, Any] | None = None) -> int:
    """Have one statement done; returns how many rows it concerned."""
    with connection.cursor() as cursor:
        cursor.execute(_written(statement), values or {})
        return int(cursor.rowcount)


def make(
    table: str,
    statement: sql.Composable,
    asked: "Measurement | None" = None,
    more: dict[str, Any] | None = None,
    *,
    statistics: Sequence[str] | None = None,
) -> None:
    """A temporary table of what the statement gives, in place of an earlier one.

    `statistics` names the columns that the planner has to know of; all, unless it says otherwise.
    """
    name = sql.Identifier(table)
    run(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
    values = {**(asked.values() if asked else {}), **(more or {})}
    create = sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS\n{}")
    run(create.format(name, statement), values)
    columns = sql.SQL(", ").join(map(sql.Identifier, statistics or ()))
    run(sql.SQL("ANALYZE {} ({})" if statistics else "ANALYZE {}").format(name, columns))


def rows_of(
    statement: sql.Composable | str, values: dict[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_written(statement), values or {})
        return list(cursor.fetchall())


def _written(statement: sql.Composable | str) -> str:
    return statement if isinstance(statement, str) else statement.as_string()


def month_number(day: dt.date) -> int:
    """Months are numbered so that a quarter is a third of them and a year begins at 3."""
    return day.year * 12 + day.month - 1


def place_in_time(period: Period) -> int:
    """Which month, quarter or year it is, counted through all time."""
    number = month_number(period.start)
    return {
        Grain.MONTH: number,
        Grain.QUARTER: number // 3,
        Grain.YEAR: (number - 3) // 12,
    }[period.grain]


def lay_spans(periods: Iterable[Period]) -> None:
    """`period`: those measured; `span`: each month with the periods it is part of.

    `place_in_time` counts the periods of a grain through all time, so that ranges can be made.
    """
    run("DROP TABLE IF EXISTS period, span")
    run(
        "CREATE TEMP TABLE period (number int, grain text, start date, ends date,"
        " place_in_time int) ON COMMIT DROP"
    )
    run("CREATE TEMP TABLE span (month int, rank smallint, period int) ON COMMIT DROP")
    numbered = list(enumerate(periods))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO period VALUES (%s, %s, %s, %s, %s)",
            [
                (number, one.grain.value, one.start, one.last_day, place_in_time(one))
                for number, one in numbered
            ],
        )
        cursor.executemany(
            "INSERT INTO span VALUES (%s, %s, %s)",
            [
                (month_number(month.start), RANKS[one.grain], number)
                for number, one in numbered
                for month in periods_between(one.start, one.last_day, Grain.MONTH)
            ],
        )
    run("ANALYZE period, span")


def lay_places(scope: Scope) -> None:
    """`place`: every partnership, bucket and provider of the scope, id and code."""
    run("DROP TABLE IF EXISTS place")
    run(
        "CREATE TEMP TABLE place (area_kind text, id bigint, code text, number serial)"
        " ON COMMIT DROP"
    )
    wanted = {
        OrganisationKind.PARTNERSHIP: (AreaKind.PARTNERSHIP, scope.partnerships),
        OrganisationKind.PROVIDER: (AreaKind.PROVIDER, scope.providers),
    }
    lines: list[tuple[str, int, str]] = []
    for kind, (area_kind, ids) in wanted.items():
        found = Organisation.objects.of_kind(kind)
        if ids is not None:
            found = found.filter(pk__in=ids)
        lines += [(area_kind.value, pk, code) for pk, code in found.values_list("pk", "code")]
    lines += [
        (AreaKind.PARTNERSHIP.value, pk, bucket.value)
        for bucket, pk in BUCKET_IDS.items()
        if scope.partnerships is None or pk in scope.partnerships
    ]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO place (area_kind, id, code) VALUES (%s, %s, %s)", lines)
    run("ANALYZE place")


def lay_regions() -> None:
    """`lies_in`: each partnership's region on the last day of each period."""
    run("DROP TABLE IF EXISTS lies_in")
    run(
        """
        CREATE TEMP TABLE lies_in ON COMMIT DROP AS
        SELECT period.grain, period.start, partnership.id, partnership.code AS area_code,
               region.id AS region, region.code AS region_code
          FROM period
          JOIN commissioning_organisationfact fact
            ON fact.kind = %(in_region)s
           AND fact.from_on <= period.ends
           AND (fact.until_on IS NULL OR fact.until_on > period.ends)
          JOIN commissioning_organisation partnership ON partnership.id = fact.organisation_id
          JOIN commissioning_organisation region ON region.id = fact.other_id
        """,
        {"in_region": FactKind.IN_REGION.value},
    )
    run("ANALYZE lies_in")
