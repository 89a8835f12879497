"""Writing many rows at once, with the keys that they refer to one another by known beforehand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED
from psycopg import sql


def keys_for(model: type[models.Model], number: int) -> list[int]:
    """So many primary keys that nobody else is given, in rising order."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, column, number],
        )
        return sorted(key for (key,) in cursor.fetchall())


def write_rows(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """Append rows by COPY, each by the names of its columns; what is not named is as by default.

    Constraints hold as for any row. Returns how many were written.
    """
    fields = [one for one in model._meta.concrete_fields if not _is_made(one)]
    defaults = {one.attname: _default(one) for one in fields}
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(one.column)) for one in fields),
    )
    written = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([row.get(name, default) for name, default in defaults.items()])
            written += 1
    return written


def _is_made(field: "models.Field[Any, Any]") -> bool:
    """A key that the database gives, since no other row refers to it."""
    return bool(field.primary_key) and field.model.__name__ not in NAMED_KEYS


# Rows of these refer to one another, so their keys are named.
NAMED_KEYS: Sequence[str] = ("Place", "PlaceEvent")


def _default(field: "models.Field[Any, Any]") -> Any:
    if field.default is not NOT_PROVIDED:
        return field.get_default()
    return None if field.null else ""
