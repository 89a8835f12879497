"""`spell`: the current episodes of the areas measured, each with its value of every breakdown."""

from typing import LiteralString

from psycopg import sql

from commissioning.rule_settings import RuleSettings
from reporting.engine.conditions import condition
from reporting.engine.scope import Measurement, make
from reporting.indicators.breakdowns import OF_EPISODES
from reporting.indicators.words import FOLDER, Breakdown

IN_SCOPE: LiteralString = """
    AND (episode.partnership_id = ANY(%(partnerships)s) OR episode.agency_id = ANY(%(agencies)s)
         OR (episode.partnership_id IS NULL
             AND CASE episode.residence WHEN 'MISSING' THEN -1 WHEN 'UNKNOWN' THEN -2 ELSE -3 END
                 = ANY(%(partnerships)s)))
"""
IN_SCOPE_MODALITIES: LiteralString = """
    AND modality.episode_id IN (
        SELECT episode.id FROM pathways_episode episode WHERE episode.is_current {in_scope})
"""


def spells_statement(rules: RuleSettings, *, everything: bool) -> sql.Composed:
    """The statement that gives the episodes, with the breakdowns of the rule set."""
    text = (FOLDER / "spells.sql").read_text(encoding="utf-8")
    columns = sql.SQL(",\n       ").join(
        sql.SQL("{}::smallint AS {}").format(
            value_number(breakdown, rules), sql.Identifier(breakdown.code)
        )
        for breakdown in OF_EPISODES
    )
    in_scope = sql.SQL("" if everything else IN_SCOPE)
    modalities = sql.SQL("" if everything else IN_SCOPE_MODALITIES)
    return sql.SQL(text).format(
        breakdowns=columns,
        in_scope=in_scope,
        in_scope_modalities=modalities.format(in_scope=in_scope),
    )


def value_number(breakdown: Breakdown, rules: RuleSettings) -> sql.Composed:
    """Which of the breakdown's values a row has, counted from 1; the last is the others."""
    values = breakdown.values(rules)
    whens = [
        sql.SQL("WHEN {} THEN {}").format(condition(value.where), sql.Literal(number))
        for number, value in enumerate(values, start=1)
    ]
    return sql.SQL("CASE {} ELSE {} END").format(
        sql.SQL(" ").join(whens), sql.Literal(len(values) + 1)
    )


def cut_off_statement() -> sql.SQL:
    """How far each agency's data reaches."""
    return sql.SQL((FOLDER / "cut_off.sql").read_text(encoding="utf-8"))


def lay_spells(asked: Measurement) -> None:
    """`cut_off` and `spell`."""
    make("cut_off", cut_off_statement(), asked)
    everything = asked.scope.is_everything
    make("spell", spells_statement(asked.settings(), everything=everything), asked)
