"""The exact statements by which a family is measured, with the values of a rule set in them."""

import re
from typing import Any

from psycopg import sql

from commissioning.rule_settings import RuleSettings
from reporting.engine import counting, people
from reporting.engine.conditions import parameters
from reporting.engine.spells import cut_off_statement, spells_statement
from reporting.indicators.words import Family

SINCE = "since"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def printed_query(family: type[Family], rules: RuleSettings) -> str:
    """What is run for every area at once, statement by statement, each with what it makes."""
    made = {
        "cut_off": cut_off_statement(),
        "spell": spells_statement(rules, everything=True),
    }
    if family.additive:
        made |= {
            "fact": counting.fact_statement(family),
            "measured": counting.measured_statement(family),
        }
    else:
        made |= people.printed_statements()
    values = parameters(rules)
    return "\n\n".join(
        f"-- {table}\n{_with_values(statement, values)};" for table, statement in made.items()
    )


def _with_values(statement: sql.Composable, values: dict[str, Any]) -> str:
    """What a rule set does not decide stands by its name: `:since`, when it was last measured."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        return f":{name}" if name == SINCE else sql.Literal(values[name]).as_string()

    return PLACEHOLDER.sub(value, statement.as_string()).replace("%%", "%").strip()
