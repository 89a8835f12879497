"""The checks of a return: small named rules, compiled into statements over its staged rows."""

from pathways.checks.completeness import make_returns
from pathways.checks.declarations import RowRule, Rule, SetRule
from pathways.checks.episodes import (
    COUNT_EPISODES,
    FORGET_EPISODES,
    GATHER_DOUBTFUL,
    GATHER_EPISODES,
    KNOW_DOUBTFUL,
)
from pathways.checks.quality import HEADS_OF_DRUGS
from pathways.checks.registry import IN_FORCE
from pathways.checks.statements import statements

__all__ = [
    "COUNT_EPISODES",
    "FORGET_EPISODES",
    "GATHER_DOUBTFUL",
    "GATHER_EPISODES",
    "HEADS_OF_DRUGS",
    "IN_FORCE",
    "KNOW_DOUBTFUL",
    "RowRule",
    "Rule",
    "SetRule",
    "make_returns",
    "statements",
]
