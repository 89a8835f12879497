"""The checks an annual plan is held to before it is sent: small named rules over one reading."""

from commissioning.checks.declarations import (
    Answer,
    Check,
    CheckResult,
    CheckState,
    Finding,
)
from commissioning.checks.reading import PlanAsRead, read_plan
from commissioning.checks.registry import IN_FORCE, as_table, results_of

__all__ = [
    "IN_FORCE",
    "Answer",
    "Check",
    "CheckResult",
    "CheckState",
    "Finding",
    "PlanAsRead",
    "as_table",
    "read_plan",
    "results_of",
]
