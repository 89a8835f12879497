"""The words indicators are declared in. They hold no number of a definition and no SQL.

A condition is a Django `Q` over the columns a family's rows have; a value that belongs to the
definition is a `Rule`, the name of a setting of the rule set. The engine turns both into SQL.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from django.db.models import Q

from commissioning.rule_settings import RuleSettings
from reporting.models import Result

FOLDER = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Rule:
    """The value of a setting in the rule set that measures."""

    name: str


@dataclass(frozen=True)
class Count:
    """How many rows meet the condition.

    `known_by` is the column with the day on which such a row could first be known; rows of days
    after the agency's earlier cut-off are new when a figure moves.
    """

    where: Q
    known_by: str = "dated_on"


@dataclass(frozen=True)
class DaysOf(Count):
    """The sum of a column of days over the rows that meet the condition."""

    column: str = "days"


@dataclass(frozen=True)
class Longest(Count):
    """The largest value of a column of days over the rows that meet the condition."""

    column: str = "days"


# Rows no adult drug figure in the community counts. Every other condition leaves them out.
LEFT_OUT = {
    "left_out_prison": "Treated by a prison agency",
    "left_out_young": "Younger than an adult at triage",
    "left_out_alcohol": "Main drug is alcohol",
}
COUNTED = Q(excluded="")


class Family:
    """Counts over the same rows, measured together and kept in one table."""

    code: ClassVar[str]
    unit: ClassVar[str]
    results: ClassVar[type[Result]]
    # The file beside this module whose statement gives the rows: one a thing counted, with the
    # columns `episode`, `dated_on`, `upto`, `kind` and those the conditions name.
    rows: ClassVar[str]
    columns: ClassVar[tuple[str, ...]] = ()  # further columns of the rows that are summed or dated
    counts: ClassVar[Mapping[str, Count]]
    additive: ClassVar[bool] = True

    @classmethod
    def statement(cls) -> str:
        """The statement that gives the rows, as written."""
        return (FOLDER / cls.rows).read_text(encoding="utf-8")

    @classmethod
    def everything_counted(cls) -> dict[str, Count]:
        """Every column of the family's results: what is counted, then what is left out."""
        counted = {name: _within(count) for name, count in cls.counts.items()}
        return counted | {
            name: Count(Q(excluded=name.removeprefix("left_out_"))) for name in LEFT_OUT
        }


def _within(count: Count) -> Count:
    words = {**vars(count), "where": COUNTED & count.where}
    return type(count)(**words)


@dataclass(frozen=True)
class Value:
    """One value of a breakdown: its code in addresses and files, its label, who has it."""

    code: str
    label: str
    where: Q


@dataclass(frozen=True)
class Breakdown:
    """How a figure is split. Every row has one value; `priority` alone overlaps."""

    code: str
    label: str
    values: Callable[[RuleSettings], list[Value]]
    otherwise: Value | None = None
    overlaps: bool = False

    def labels(self, rules: RuleSettings) -> dict[str, str]:
        """Every value the breakdown can have, code to label, in the order shown."""
        held = [*self.values(rules), *([self.otherwise] if self.otherwise else [])]
        return {value.code: value.label for value in held}
