"""Starting a plan, and the first page of each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.choices import PlanKind, PlanState
from commissioning.components import Fact, Summary
from commissioning.forms.plans.starting import StartPlanForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import MISSING, day
from commissioning.models import Plan
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.selectors.plans.checking import checks_of
from commissioning.selectors.plans.joint import joint_parts_of
from commissioning.selectors.plans.parts import documents_of, members_of
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.starting import start_plan
from commissioning.views.plans.deeds import buttons_of, waits_for_day
from commissioning.views.plans.joint import shown_parts
from commissioning.views.plans.listing import ROLL, partnership_or_404
from commissioning.views.plans.mending import shown_to_do
from commissioning.views.plans.reaching import (
    PLAN_TONES,
    plan_href,
    plan_or_404,
    plan_page,
)
from commissioning.views.requests import attempt, insist, signed_in

WAITS_FOR = {
    PlanState.DRAFT: "The partnership, to submit it",
    PlanState.SUBMITTED: "The region, to comment on it or agree it",
    PlanState.COMMENTED: "The partnership, to answer and resubmit it",
    PlanState.RESUBMITTED: "The region, to agree it or return it",
    PlanState.AGREED: "The region to begin monitoring, or its first report",
    PlanState.MONITORED: "Its quarterly reports",
}


@require_http_methods(["GET", "HEAD", "POST"])
def plan_start(request: HttpRequest, code: str) -> HttpResponse:
    """An empty plan for a year that has none; one that follows a plan is better rolled forward."""
    partnership = partnership_or_404(request, code)
    insist(request, Permission.PLAN_EDIT, partnership.organisation)
    year = Period.containing(business_day(), Grain.YEAR).start.year
    around = [year - 1, year, year + 1, year + 2]
    held = Plan.objects.permitted(signed_in(request), Permission.PLAN_VIEW).filter(
        partnership=partnership, kind=PlanKind.OWN, year__range=(year - 2, year + 2)
    )
    own = {one.year: one for one in held.with_names()}
    free = [one for one in around if one not in own]
    wanted = next((one for one in free if year_period(one).code == request.GET.get("year")), None)
    form = StartPlanForm(
        request.POST or None,
        years=around if request.method == "POST" else free,
        initial={"year": wanted or next((one for one in free if one >= year), None)},
    )
    if request.method == "POST" and form.is_valid():
        plan = attempt(
            form,
            lambda: start_plan(
                partnership=partnership, by=signed_in(request), **form.cleaned_data
            ),
        )
        if plan:
            messages.success(request, "The plan is started. Enter what money there is next.")
            return redirect(plan_href(plan))
    return render(
        request,
        "commissioning/plans/start.html",
        {
            "form": form,
            "may_start": bool(free),
            "to_roll": [
                (own[one - 1], year_period(one).label, plan_href(own[one - 1], ROLL))
                for one in free
                if one - 1 in own
            ],
            "button": "Start the plan",
            "cancel_href": "../",
            "page_heading": "Start a plan",
            "breadcrumbs": [(f"Plans of {partnership}", "../")],
        },
    )


@require_safe
def plan_detail(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """What the plan is, where it stands, and what to do next."""
    reached = plan_or_404(request, code, slug)
    plan = reached.plan
    return render(
        request,
        "commissioning/plans/detail.html",
        plan_page(
            reached,
            "commissioning:plan-detail",
            summary=_summary(reached),
            buttons=buttons_of(reached, today=business_day()),
            next_year=plan.period.following().label if reached.may(Permission.PLAN_EDIT) else "",
            to_do=shown_to_do(reached, checks_of(plan)) if reached.is_written else None,
            members=list(members_of(plan)) if plan.is_joint else [],
            joint_plans=shown_parts(joint_parts_of(plan)),
            documents=documents_of(plan),
        ),
    )


def _waits_for(plan: Plan) -> str:
    """Whom or what the plan waits for; of its last deeds, from when they can be done."""
    state = PlanState(plan.state)
    said = WAITS_FOR.get(state, MISSING)
    first = waits_for_day(plan, today=business_day())
    if first is None:
        return said
    if state == PlanState.AGREED:
        return f"Its year, which begins on {day(first)}"
    return f"{said}; it can be closed from {day(first)}"


def _summary(reached: ReachedPlan) -> Summary:
    plan = reached.plan
    state = PlanState(plan.state)
    return Summary(
        title=str(plan),
        state=state.label,
        tone=PLAN_TONES[state],
        facts=[
            Fact("Partnership", str(plan.partnership)),
            Fact("Year", plan.period.label),
            Fact("Waits for", _waits_for(plan)),
        ],
    )
