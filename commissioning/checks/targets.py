"""Checks of priorities and targets: the numbers a plan cannot be without."""

from typing import ClassVar

from commissioning.checks.declarations import Answer, Check, Finding, breaks, keeps
from commissioning.checks.reading import PlanAsRead, SetTarget
from commissioning.choices import PlanSection, TargetSource
from commissioning.kernel import words
from commissioning.reference.targets import target_subject
from commissioning.rules.trajectories import QUARTERS

TARGETS_PAGE = "commissioning:plan-targets"


class PrioritiesActedOn(Check):
    """The year's priorities are named, and each has an action in the planning grids."""

    code, title = "priorities", "Priorities and actions"
    section = PlanSection.NEEDS
    source = "NTA treatment plans, part 3 (planning grids); that each has one is an assumption"
    mark = "B"
    mend = TARGETS_PAGE

    def look(self, plan: PlanAsRead) -> Finding:
        if not plan.priorities:
            return breaks("The plan names no priority.")
        if plan.idle_priorities:
            return breaks("No grid has an action for these.", plan.idle_priorities)
        return keeps("Each priority has an action.")


class TargetSet(Check):
    """What these have in common: a number for the year, and one for each quarter."""

    section = PlanSection.TARGETS
    mend = TARGETS_PAGE
    answer = Answer.MEND
    indicator: ClassVar[str]
    sources: ClassVar[tuple[str, ...]] = ()

    def look(self, plan: PlanAsRead) -> Finding:
        found = plan.target(self.indicator, *self.sources)
        if found is None:
            return breaks("No target is set.")
        if found.quarters < QUARTERS:
            return breaks("The target has no number for each quarter.")
        return keeps("The target and its four quarters are set.")


class NumbersSet(TargetSet):
    """The numbers in treatment are set for the year and for each quarter."""

    code, title, indicator = "numbers-set", "Numbers in treatment", "in-treatment"
    source = "Models of Care 2006, 2.7.1; public service agreement on participation"


class RetentionSet(TargetSet):
    """The share retained for twelve weeks is set for the year and for each quarter."""

    code, title, indicator = "retention-set", "Retention", "retained"
    source = "Models of Care 2006, 2.7.1 (retention)"


class ExitsSet(TargetSet):
    """The number of planned exits is set for the year and for each quarter."""

    code, title, indicator = "exits-set", "Planned exits", "planned-exits"
    source = "Models of Care 2006, 2.7.1 (treatment completion)"


class DeliveryPlanSet(TargetSet):
    """The retention target is the one in the local delivery plan, agreed with the primary care
    trust and the strategic health authority.
    """

    code, title, indicator = "delivery-plan", "Local delivery plan", "retained"
    sources = (TargetSource.DELIVERY_PLAN,)
    source = "Models of Care 2006, 2.7.1 (retention)"
    answer = Answer.REASON


class TargetsAhead(Check):
    """No target is below its baseline: a number that was reached already is aimed at no more."""

    code, title = "targets-ahead", "Targets above their baselines"
    section = PlanSection.TARGETS
    source = "Models of Care 2006, 2.7.1; that a target is above its baseline is an assumption"
    mark = "B"
    mend = TARGETS_PAGE
    answer = Answer.REASON

    def look(self, plan: PlanAsRead) -> Finding:
        passed = [_passed(one) for one in plan.targets if one.is_passed]
        if passed:
            return breaks("These are below their baselines.", passed)
        return keeps("No target is below its baseline.")


def _passed(one: SetTarget) -> str:
    subject = target_subject(one.indicator)
    written = words.percent if subject.unit == "share" else words.count
    return (
        f"{subject.name}, {TargetSource(one.source).label.lower()}: {written(one.target)}, where"
        f" the baseline is {written(one.baseline)}"
    )


CHECKS: tuple[Check, ...] = (
    PrioritiesActedOn(),
    NumbersSet(),
    RetentionSet(),
    ExitsSet(),
    DeliveryPlanSet(),
    TargetsAhead(),
)
