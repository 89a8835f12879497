"""What every page of a plan begins with: the plan for whoever asks, and the frame around it."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from commissioning.choices import PlanState
from commissioning.components import Tone
from commissioning.kernel.errors import TransitionRefused
from commissioning.models import Plan
from commissioning.roles import Permission
from commissioning.selectors.plans.reaching import ReachedPlan, reached_plan
from commissioning.services.plans.editing import require_written
from commissioning.views.requests import signed_in

PLAN_TONES: dict[PlanState, Tone] = {
    PlanState.DRAFT: "plain",
    PlanState.SUBMITTED: "info",
    PlanState.COMMENTED: "watch",
    PlanState.RESUBMITTED: "info",
    PlanState.AGREED: "good",
    PlanState.MONITORED: "good",
    PlanState.CLOSED: "plain",
}


@dataclass(frozen=True)
class Tab:
    """A part of the plan: its word and the name of its page."""

    words: str
    page: str


# In the order in which a plan is written and read. A page of another app joins by its name.
TABS = (
    Tab("Overview", "commissioning:plan-detail"),
    Tab("Needs", "commissioning:plan-needs"),
    Tab("Priorities and targets", "commissioning:plan-targets"),
    Tab("Tiers", "commissioning:plan-tiers"),
    Tab("Lines", "commissioning:plan-lines"),
    Tab("Money", "commissioning:plan-money"),
    Tab("Grids", "commissioning:plan-grids"),
    Tab("Checks", "commissioning:plan-checks"),
    Tab("Forecast", "reporting:plan-forecast"),
    Tab("Comments", "commissioning:plan-comments"),
    Tab("Versions", "commissioning:plan-versions"),
    Tab("Monitoring", "commissioning:plan-monitoring"),
    Tab("Document", "reporting:plan-document"),
)


def plan_or_404(request: HttpRequest, code: str, slug: str) -> ReachedPlan:
    """The plan the address names; 404 unless the person may view it."""
    found = reached_plan(signed_in(request), partnership=code, slug=slug)
    if found is None:
        raise Http404
    return found


def edited_by(request: HttpRequest, code: str, slug: str) -> ReachedPlan:
    """The same for whoever may change it now; 403 for others who may view it."""
    found = plan_or_404(request, code, slug)
    require_editing(found)
    return found


def require_editing(reached: ReachedPlan) -> None:
    """403 unless the person may change the plan now, for the reason that is the true one."""
    if not reached.may(Permission.PLAN_EDIT):
        raise PermissionDenied("Your role does not let you change this plan.")
    try:
        require_written(reached.plan)
    except TransitionRefused as refused:
        raise PermissionDenied(str(refused)) from refused


def plan_page(reached: ReachedPlan, tab: str, **more: Any) -> dict[str, Any]:
    """What `commissioning/plans/base.html` is given; `tab` is the page's name."""
    plan = reached.plan
    here = next((one for one in TABS if one.page == tab), None)
    crumbs = [(f"Plans of {plan.partnership}", plans_href(plan))]
    if here is not TABS[0]:
        crumbs.append((plan.period.label, plan_href(plan)))
    return {
        "plan": plan,
        "reached": reached,
        "plan_tone": PLAN_TONES[PlanState(plan.state)],
        "plan_tabs": [
            (one.words, reverse(one.page, args=[plan.partnership.code, plan.slug]), one is here)
            for one in TABS
        ],
        "breadcrumbs": crumbs,
        "page_heading": f"Treatment plan {plan.period.label}: {here.words}"
        if here and here is not TABS[0]
        else f"Treatment plan {plan.period.label}",
        **more,
    }


def plans_href(plan: Plan) -> str:
    return reverse("commissioning:plan-list", args=[plan.partnership.code])


def plan_href(plan: Plan, page: str = "commissioning:plan-detail") -> str:
    return reverse(page, args=[plan.partnership.code, plan.slug])
