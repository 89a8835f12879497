"""Where a check that a plan does not keep is mended."""

from collections.abc import Iterable

from django.urls import reverse

from commissioning.checks import Answer, Check, CheckResult
from commissioning.roles import Permission
from commissioning.selectors.plans.checking import still_to_do
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.views.plans.reaching import plan_href

CHECKS_PAGE = "commissioning:plan-checks"


def mend_href(reached: ReachedPlan, check: Check) -> str:
    """The page of the plan, or beside it, that mends the check; nowhere when it is declared, or
    when that page is a form that is not for this person.
    """
    if check.mend == CHECKS_PAGE:
        return ""
    if not check.mend_is_beside:
        return plan_href(reached.plan, check.mend)
    if not reached.may(Permission.PLAN_EDIT):
        return ""
    return reverse(check.mend, args=[reached.plan.partnership.code])


def to_do_href(reached: ReachedPlan, result: CheckResult) -> str:
    """Where to go for a check that is left to do; one that is declared, or mended by others,
    where it stands among the others.
    """
    href = "" if result.check.answer is Answer.DECLARE else mend_href(reached, result.check)
    return href or f"{plan_href(reached.plan, CHECKS_PAGE)}#{result.code}"


def shown_to_do(
    reached: ReachedPlan, results: Iterable[CheckResult]
) -> list[tuple[str, list[tuple[CheckResult, str]]]]:
    """What keeps the plan from being sent: part by part, each check with where to go for it."""
    return [
        (part.section.label, [(one, to_do_href(reached, one)) for one in part.results])
        for part in still_to_do(results)
    ]
