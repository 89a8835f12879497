"""Conditions and rule sets as SQL: a `Q` becomes a Boolean expression, a setting a parameter."""

import datetime as dt
from typing import Any

from django.db.models import Q
from psycopg import sql

from commissioning.rule_settings import RuleSettings, YearSpan
from reporting.indicators.words import Rule

NO_END = 9999
OPERATORS: dict[str, sql.SQL] = {
    "exact": sql.SQL("="),
    "gte": sql.SQL(">="),
    "lte": sql.SQL("<="),
    "gt": sql.SQL(">"),
    "lt": sql.SQL("<"),
}


class CannotCompile(TypeError):
    """A declaration says something the engine has no SQL for."""


def parameters(rules: RuleSettings) -> dict[str, Any]:
    """Every setting by its name, as statements take it; year spans as `_first` and `_last`."""
    found: dict[str, Any] = {
        "structured_modals": list(rules.structured_modals),
        "tier4_modals": list(rules.tier4_modals),
    }
    for name in RuleSettings.__dataclass_fields__:
        value = getattr(rules, name)
        if isinstance(value, YearSpan):
            found[f"{name}_first"] = value.first
            found[f"{name}_last"] = NO_END if value.last is None else value.last
        else:
            found[name] = list(value) if isinstance(value, tuple) else value
    return found


def condition(asked: Q) -> sql.Composable:
    """A `Q` over columns as SQL. Raises `CannotCompile` for lookups nobody has needed yet."""
    if not asked.children:
        return sql.SQL("true")
    children: list[Any] = asked.children
    parts = [
        condition(child) if isinstance(child, Q) else _comparison(*child) for child in children
    ]
    joined = sql.SQL(f" {asked.connector} ").join(parts)
    together = sql.SQL("({})").format(joined) if len(parts) > 1 else joined
    return sql.SQL("NOT {}").format(together) if asked.negated else together


def _comparison(lookup: str, value: object) -> sql.Composable:
    column, _, operator = lookup.partition("__")
    name = sql.Identifier(column)
    if isinstance(value, bool):
        tests = {("", True): "{}", ("", False): "NOT {}", ("isnull", True): "{} IS NULL"}
        tests[("isnull", False)] = "{} IS NOT NULL"
        return sql.SQL(tests[operator, value]).format(name)
    if operator == "in" and isinstance(value, Rule):
        return sql.SQL("{} = ANY({})").format(name, sql.Placeholder(value.name))
    if (operator or "exact") not in OPERATORS:
        raise CannotCompile(f"{lookup}: no SQL for “{operator}”.")
    return sql.SQL("{} {} {}").format(name, OPERATORS[operator or "exact"], _value(value))


def _value(value: object) -> sql.Composable:
    if isinstance(value, Rule):
        return sql.Placeholder(value.name)
    if isinstance(value, int | str | dt.date):
        return sql.Literal(value)
    raise CannotCompile(f"{value!r} cannot stand in a condition.")
