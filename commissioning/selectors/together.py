"""Several questions in one statement, for pages that ask many small ones.

Each question is a queryset or a piece of SQL with its parameters; each row comes back as a
mapping of its columns. Days come as ISO dates, since rows of all kinds travel as JSON.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Func, JSONField, QuerySet

Row = dict[str, Any]
Asked = tuple[str, list[Any]]  # a piece of SQL with a %s for each of its parameters
Question = QuerySet[Any, Any] | Asked
_NAME = re.compile(r"%\((\w+)\)s")


def sql(words: str, **values: Any) -> Asked:
    """A question in SQL whose parameters are named: `%(today)s`."""
    return _NAME.sub("%s", words), [values[name] for name in _NAME.findall(words)]


def rows_within(rows: QuerySet[Any], *columns: Any) -> ArraySubquery:
    """The rows that belong to one of an outer query, each as a list of the columns: with a name
    at every value the statement takes twice as long to put together, and its answer to read."""
    listed = Func(*columns, function="jsonb_build_array", output_field=JSONField())
    return ArraySubquery(rows.values(part=listed))


def asked_together(questions: Mapping[str, Question]) -> dict[str, list[Row]]:
    """The rows of each question by its name, in the order the question gives them. One
    statement; none where nothing is asked."""
    found: dict[str, list[Row]] = {name: [] for name in questions}
    pieces: list[str] = []
    parameters: list[Any] = []
    for name, question in questions.items():
        written = question if isinstance(question, tuple) else _written(question)
        if written is None:
            continue
        pieces.append(
            "SELECT %s, coalesce(json_agg(told), '[]')"  # noqa: S608 - pieces are our own
            f" FROM ({written[0]}) told"
        )
        parameters += [name, *written[1]]
    if not pieces:
        return found
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(pieces), parameters)
        for name, rows in cursor.fetchall():
            found[name] = json.loads(rows) if isinstance(rows, str) else rows
    return found


def _written(rows: QuerySet[Any, Any]) -> Asked | None:
    """None where the queryset asks for nothing."""
    try:
        words, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return words, list(parameters)
