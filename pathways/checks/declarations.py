"""What a check is: a rule with its grade, its words and, where a row alone decides, its condition.

Conditions are SQL over a staged row `s`. Numbers in them are parameters that take their names from
the rule set (`%(very_long_wait_days)s`) or from the return (`%(cut_off)s`): none is written out.
"""

import datetime as dt
from dataclasses import dataclass
from typing import LiteralString

from psycopg import sql

from commissioning.kernel.periods import Grain, Period
from commissioning.rule_settings import YearSpan
from pathways.choices import Grade

ALL_YEARS = YearSpan(first=1900, last=None)
NO_VALUE: LiteralString = "''"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A named check. `sentence` says what is wrong in the provider's words, `example` shows it.

    `years`: the financial years of reporting months for which it holds.
    """

    code: str
    grade: Grade
    sentence: str
    example: str
    years: YearSpan = ALL_YEARS

    def holds_for(self, month: dt.date) -> bool:
        return self.years.includes(Period.containing(month, Grain.YEAR).start.year)


@dataclass(frozen=True)
class Case:
    """One condition of a rule: the field it blames, when it is broken, the value to show.

    `of_episode`: it reads values repeated over an episode, so one finding an episode is enough.
    `only_if`: something cheaper that holds wherever the condition does, to pass most rows by.
    """

    field: str
    condition: LiteralString
    value: LiteralString = NO_VALUE
    of_episode: bool = True
    only_if: LiteralString = ""


@dataclass(frozen=True, kw_only=True)
class RowRule(Rule):
    """A rule that each row keeps or breaks by itself.

    `whatever_the_consent`: held against rows without consent too, which only need to say whose
    they are.
    """

    cases: tuple[Case, ...]
    whatever_the_consent: bool = False


@dataclass(frozen=True, kw_only=True)
class SetRule(Rule):
    """A rule over several rows at once: its own statement, with the columns of a finding.

    The statement selects agency_id, row, field, value, client_ref, episode_ref, sentence; beside
    the staged rows it may use `reported`, one line an episode, and `doubtful`, those of them
    whose rows may contradict or repeat each other.
    """

    statement: sql.Composable


@dataclass(frozen=True, kw_only=True)
class ReadingRule(Rule):
    """A rule that the reader of the file answers; its findings are noted, not computed."""
