"""How a plan stands to its checks, and what keeps it from being sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from commissioning.checks import CheckResult, read_plan, results_of
from commissioning.choices import PlanSection
from commissioning.models import Plan


def checks_of(plan: Plan) -> list[CheckResult]:
    """Every check with what it found, in the order of the plan's parts."""
    return results_of(read_plan(plan))


def blocking_checks(plan: Plan) -> list[CheckResult]:
    """What prevents the plan from being sent: checks that fail, and those without the reason or
    declaration they allow.
    """
    return [result for result in checks_of(plan) if result.blocks]


@dataclass(frozen=True)
class StillToDo:
    """A part of the plan and the checks in it that keep the plan from being sent."""

    section: PlanSection
    results: list[CheckResult]


def still_to_do(results: Iterable[CheckResult]) -> list[StillToDo]:
    """The checks that block, by the part of the plan; parts without any are left out."""
    blocking = [result for result in results if result.blocks]
    by_section = {
        section: [one for one in blocking if one.section == section] for section in PlanSection
    }
    return [StillToDo(section, found) for section, found in by_section.items() if found]
