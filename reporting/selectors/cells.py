"""Cells of several families in one statement, so that a page of figures asks once."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, cast

from django.db.models import CharField, Value
from django.db.models.functions import JSONObject

from reporting.models import Result

Counts = Mapping[str, int]
Key = tuple[str, str, str, dt.date, str, str]  # kind, code, grain, start, breakdown, value
KEY = ("area_kind", "area_code", "grain", "start", "breakdown", "value")


def rows_together(
    families: Mapping[type[Result], Collection[str]], narrowed: Callable[[Any], Any]
) -> Iterator[tuple[type[Result], Key, int, Counts]]:
    """Family, key, rule set and the columns asked for of each row that `narrowed` leaves. One
    query."""
    by_table = {results._meta.db_table: results for results in families}
    parts = [
        narrowed(results._default_manager.order_by()).values_list(
            Value(table, output_field=CharField()), "rule_set", *KEY, _held(families[results])
        )
        for table, results in by_table.items()
    ]
    if not parts:
        return
    first, *others = parts
    for table, rule_set, *key, counts in first.union(*others, all=True):
        yield by_table[table], cast(Key, tuple(key)), rule_set, counts


def _held(columns: Collection[str]) -> JSONObject:
    """The columns as JSON: families have different ones, and a row has dozens."""
    return JSONObject(**{name: name for name in sorted(columns)})
