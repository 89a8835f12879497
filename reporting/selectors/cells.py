"""Cells of several families in one statement, so that a page of figures asks once."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from django.db.models import CharField, Func, JSONField, Value

from reporting.models import Result

Counts = Mapping[str, int]
Key = tuple[str, str, str, dt.date, str, str]  # kind, code, grain, start, breakdown, value
KEY = ("area_kind", "area_code", "grain", "start", "breakdown", "value")


def rows_together(
    families: Mapping[str, type[Result]], narrowed: Callable[[Any], Any]
) -> Iterator[tuple[str, Key, int, Counts]]:
    """Family, key, rule set and counts of each row that `narrowed` leaves. One query."""
    parts = [
        narrowed(results._default_manager.order_by()).values_list(
            Value(code, output_field=CharField()), "rule_set", *KEY, _row(results)
        )
        for code, results in families.items()
    ]
    if not parts:
        return
    first, *others = parts
    for code, rule_set, *key, counts in first.union(*others, all=True):
        yield code, cast(Key, tuple(key)), rule_set, counts


def _row(results: type[Result]) -> Func:
    """The whole row as JSON: families have different columns."""
    table = results._meta.db_table
    return Func(template='to_jsonb("%(table)s")', table=table, output_field=JSONField())
