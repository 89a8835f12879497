"""Cells of several families in one statement, so that a page of figures asks once."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any, cast

from django.db import connection
from psycopg import sql

from reporting.models import Result

Counts = Mapping[str, int]
Key = tuple[str, str, str, dt.date, str, str]  # kind, code, grain, start, breakdown, value
KEY = ("area_kind", "area_code", "grain", "start", "breakdown", "value")
# Columns of a row before its counts: its family, its rule set and its key.
FAMILY, RULE_SET, AT, COUNTS = 0, 1, slice(2, 2 + len(KEY)), -1


def rows_together(
    families: Mapping[type[Result], Collection[str]], there: Mapping[str, Collection[Any]]
) -> Iterator[tuple[type[Result], Key, int, Counts]]:
    """Family, key, rule set and the columns asked for of each row. One query.

    `there` says which rows: by column, the values of which a row has one.
    """
    columns = {results: tuple(sorted(names)) for results, names in families.items()}
    if not columns:
        return
    read = tuple(columns.items())
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(read, tuple(sorted(there))),
            {name: list(values) for name, values in there.items()},
        )
        for row in cursor.fetchall():
            results, names = read[row[FAMILY]]
            counts = dict(zip(names, row[COUNTS], strict=True))
            yield results, cast(Key, row[AT]), row[RULE_SET], counts


@cache
def _statement(
    read: tuple[tuple[type[Result], tuple[str, ...]], ...], there: tuple[str, ...]
) -> str:
    """One part a family; counts as a list, since each has others. What a page asks is written
    once: to put it together takes ten times as long as to have it answered."""
    where = sql.SQL(" AND ").join(
        sql.SQL("{} = ANY({})").format(sql.Identifier(name), sql.Placeholder(name))
        for name in there
    )
    parts = [
        sql.SQL("SELECT {}, {}, ARRAY[{}]::integer[] FROM {} WHERE {}").format(
            sql.Literal(nth),
            sql.SQL(", ").join(map(sql.Identifier, ("rule_set_id", *KEY))),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.Identifier(results._meta.db_table),
            where,
        )
        for nth, (results, columns) in enumerate(read)
    ]
    return sql.SQL(" UNION ALL ").join(parts).as_string()
