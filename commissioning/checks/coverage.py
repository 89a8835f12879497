"""Checks of coverage: each tier's list, and harm reduction and both aims across them."""

from typing import ClassVar

from commissioning.checks.declarations import Answer, Check, Finding, breaks, keeps
from commissioning.checks.reading import PlanAsRead
from commissioning.choices import CoverageState, PlanSection
from commissioning.reference import framework
from commissioning.reference.planning import (
    ABSTINENCE_ITEMS,
    ABSTINENCE_TYPES,
    ACTIVE_USER_ITEMS,
    ACTIVE_USER_TYPES,
    HARM_REDUCTION_ITEMS,
)

TIERS_PAGE = "commissioning:plan-tiers"
_THERE = {CoverageState.HAVE, CoverageState.WEAK}


class TierStated(Check):
    """What the four have in common: each item of the tier is answered for."""

    section = PlanSection.COVERAGE
    mend = TIERS_PAGE
    answer = Answer.MEND
    tier: ClassVar[int]

    def look(self, plan: PlanAsRead) -> Finding:
        wanted = framework().tier(self.tier).items
        amiss = []
        for item in wanted:
            stated = plan.coverage.get(item.code)
            if stated is None:
                amiss.append(f"{item.code} {item.name}: not stated")
            elif stated.state == CoverageState.HAVE and not stated.by_whom:
                amiss.append(f"{item.code} {item.name}: by whom is missing")
            elif stated.state != CoverageState.HAVE and not stated.reason:
                amiss.append(f"{item.code} {item.name}: the reason is missing")
        if amiss:
            return breaks(f"{len(amiss)} of {len(wanted)} items are not answered for.", amiss)
        return keeps(f"All {len(wanted)} items are answered for.")


class Tier1Stated(TierStated):
    """Each item of the Tier 1 list is commissioned by somebody named, or is weak or missing for a
    stated reason.
    """

    code, title, tier = "tier-1-list", "Tier 1 list", 1
    source = "Models of Care 2006, 3.8 (Tier 1)"


class Tier2Stated(TierStated):
    """Each item of the Tier 2 list is commissioned by somebody named, or is weak or missing for a
    stated reason.
    """

    code, title, tier = "tier-2-list", "Tier 2 list", 2
    source = "Models of Care 2006, 3.8 (Tier 2) and 3.2.2"


class Tier3Stated(TierStated):
    """The range of Tier 3 interventions is commissioned, and where a part of it is weak or missing
    the plan says why.
    """

    code, title, tier = "tier-3-range", "Range of Tier 3", 3
    source = "Models of Care 2006, 3.8 (Tier 3)"


class Tier4Stated(TierStated):
    """The range of Tier 4 interventions is commissioned, and where a part of it is weak or missing
    the plan says why.
    """

    code, title, tier = "tier-4-range", "Range of Tier 4", 4
    source = "Models of Care 2006, 3.6 and 3.8 (Tier 4)"
    of_joint = True


class BothAims(Check):
    """Both interventions that aim at abstinence and interventions for people who go on using are
    commissioned locally.
    """

    code, title = "both-aims", "Abstinence and active use"
    section = PlanSection.COVERAGE
    source = "Models of Care 2006, 3.2.2"
    mend = TIERS_PAGE

    def look(self, plan: PlanAsRead) -> Finding:
        missing = [
            words
            for words, types, items in (
                ("interventions that aim at abstinence", ABSTINENCE_TYPES, ABSTINENCE_ITEMS),
                ("interventions for active users", ACTIVE_USER_TYPES, ACTIVE_USER_ITEMS),
            )
            if not plan.of_types(types) and not _covered(plan, items)
        ]
        if missing:
            return breaks("No line and no coverage for what follows.", missing)
        return keeps("Both are commissioned.")


class HarmReductionThroughout(Check):
    """Harm reduction is there before, during and after structured treatment."""

    code, title = "harm-reduction-throughout", "Harm reduction before, during and after"
    section = PlanSection.COVERAGE
    source = "Models of Care 2006, 3.2.1"
    mend = TIERS_PAGE

    def look(self, plan: PlanAsRead) -> Finding:
        stated = [
            one
            for code, one in plan.coverage.items()
            if code in HARM_REDUCTION_ITEMS and one.state in _THERE
        ]
        missing = [
            when
            for when in ("before", "during", "after")
            if not any(getattr(one, f"{when}_treatment") for one in stated)
        ]
        if missing:
            return breaks(
                "No item of harm reduction is stated for what follows.",
                [f"{when.capitalize()} treatment" for when in missing],
            )
        return keeps("It is stated for before, during and after treatment.")


def _covered(plan: PlanAsRead, items: frozenset[str]) -> bool:
    return any(one.state in _THERE for code, one in plan.coverage.items() if code in items)


CHECKS: tuple[Check, ...] = (
    Tier1Stated(),
    Tier2Stated(),
    Tier3Stated(),
    Tier4Stated(),
    BothAims(),
    HarmReductionThroughout(),
)
