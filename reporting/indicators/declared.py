"""What an indicator says of itself: enough to measure it, to show it and to publish it.

The docstring of an indicator is its published definition; a length of time in it is the name of
the setting that holds it, `{retention_days}`, and is written out by the rules in force. Every
other attribute stands on its definition page beside it.
"""

import datetime as dt
import inspect
from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, NamedTuple

from commissioning.kernel.periods import Grain, Period
from commissioning.reference.framework import Mark
from commissioning.rule_settings import RuleSettings
from reporting.indicators.words import LEFT_OUT, Family

# Settings in days that definitions, and what pages say of figures, write out.
LENGTHS = ("retention_days", "long_wait_days")


def with_lengths(words: str, rules: RuleSettings) -> str:
    """Words with the lengths of time that the rules give: `{retention_days}` is twelve weeks."""
    return words.format(**{name: rules.length_in_words(name) for name in LENGTHS})


class Form(StrEnum):
    """What is made of the counts where they are shown; never stored."""

    COUNT = "count"  # the numerator alone
    SHARE = "share"  # numerator of denominator, as a whole per cent
    MEAN = "mean"  # days of the denominator's waits, on average
    MEDIAN = "median"  # from the distribution by day
    PERCENTILE = "percentile"  # the same, for the share the indicator names
    LONGEST = "longest"  # one person's wait: never released outside


class Change(NamedTuple):
    """A published version of a definition, the day it was published, and what is new in it."""

    version: str
    on: dt.date
    words: str


class Polarity(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Indicator:
    """An indicator in force. Subclasses are declarations and are never made into objects."""

    code: ClassVar[str]
    title: ClassVar[str]
    family: ClassVar[type[Family]]
    form: ClassVar[Form] = Form.SHARE
    polarity: ClassVar[Polarity] = Polarity.HIGHER
    unit: ClassVar[str] = "%"

    # Columns of the family's results, and what they are in words.
    numerator: ClassVar[str]
    numerator_words: ClassVar[str]
    denominator: ClassVar[str] = ""
    denominator_words: ClassVar[str] = ""
    # Counted beside the figure: column to reason. Those no figure counts are added to these.
    left_out: ClassVar[Mapping[str, str]] = {}
    # Counted beside the figure and part of it, such as transfers.
    beside: ClassVar[Mapping[str, str]] = {}
    not_yet_known: ClassVar[str] = ""  # column of what a later return will settle
    provisional: ClassVar[str] = ""  # column of what may still change

    # Distributions of waits.
    turn: ClassVar[str] = ""
    whose: ClassVar[str] = ""
    percentile: ClassVar[int] = 50

    settings: ClassVar[tuple[str, ...]] = ()
    target_setting: ClassVar[str] = ""
    target_from_setting: ClassVar[str] = ""
    headline_years_setting: ClassVar[str] = ""

    source: ClassVar[str]
    mark: ClassVar[Mark] = "R"
    author: ClassVar[str] = "Data and definitions, treatment commissioning service"
    checker: ClassVar[str] = "Counted a second way in plain Python by the tests of this service"
    change_log: ClassVar[tuple[Change, ...]] = (
        Change("0.1.0", dt.date(2026, 11, 22), "First published."),
    )
    why_it_matters: ClassVar[str]
    good_looks_like: ClassVar[str]

    @classmethod
    def definition(cls, rules: RuleSettings) -> str:
        """The published definition, with the lengths of time that the rules give."""
        return with_lengths(inspect.getdoc(cls) or "", rules)

    @classmethod
    def is_per_person(cls) -> bool:
        return not cls.family.additive

    @classmethod
    def reasons_left_out(cls) -> dict[str, str]:
        """Every column of what is left out, with its reason."""
        return {**cls.left_out, **LEFT_OUT}

    @classmethod
    def target(cls, rules: RuleSettings, period: Period) -> int | None:
        """The target in per cent, where there is one by the end of the period."""
        if not cls.target_setting:
            return None
        if cls.target_from_setting:
            begins: dt.date = getattr(rules, cls.target_from_setting)
            if period.last_day < begins:
                return None
        target: int = getattr(rules, cls.target_setting)
        return target

    @classmethod
    def is_as_if(cls, rules: RuleSettings, period: Period) -> bool:
        """Whether another rule was headline in the period, so that this is shown as if."""
        if not cls.headline_years_setting:
            return False
        year = Period.containing(period.start, Grain.YEAR).start.year
        held: bool = getattr(rules, cls.headline_years_setting).includes(year)
        return not held
