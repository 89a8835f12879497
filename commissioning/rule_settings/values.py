"""The few values of a rule set that are more than a number: named rules and groups."""

from dataclasses import dataclass
from enum import StrEnum


class PriorityGroup(StrEnum):
    """Groups to be seen sooner (Models of Care 2006, 3.8), told apart by rule."""

    PREGNANT = "pregnant"
    CRIMINAL_JUSTICE = "criminal-justice"
    STIMULANT = "stimulant"

    @property
    def label(self) -> str:
        return {
            PriorityGroup.PREGNANT: "Pregnant women",
            PriorityGroup.CRIMINAL_JUSTICE: "Criminal justice clients",
            PriorityGroup.STIMULANT: "Stimulant users",
        }[self]


class RetentionRule(StrEnum):
    """The three ways retention has been measured."""

    EPISODE_TRIAGE = "RET_EPISODE_TRIAGE"
    NEW_CLIENTS = "RET_NEW_CLIENTS"
    EFFECTIVE_TREATMENT = "EFFECTIVE_TREATMENT"

    @property
    def label(self) -> str:
        return {
            RetentionRule.EPISODE_TRIAGE: "Of clients discharged, in contact long enough",
            RetentionRule.NEW_CLIENTS: "Of journeys begun, in treatment long enough",
            RetentionRule.EFFECTIVE_TREATMENT: "In treatment long enough, or left as planned",
        }[self]


@dataclass(frozen=True, kw_only=True)
class SuppressionRule:
    """How counts of people are released outside the area or organisation concerned.

    Counts from 1 to `hide_to` are hidden, others rounded to `round_to`; rates are released
    where the rounded denominator is at least `smallest_denominator`; `shows_extremes` says
    whether one person's figure, such as the longest wait, may be shown.
    """

    code: str
    hide_to: int
    round_to: int = 1
    smallest_denominator: int = 1
    shows_extremes: bool = False


EXACT = SuppressionRule(code="EXACT", hide_to=0, shows_extremes=True)
