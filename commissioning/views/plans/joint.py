"""Starting a joint plan, its members and their shares, and what they need together."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.forms.plans.joint import ChangeSharesForm, StartJointForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.periods import Grain, Period
from commissioning.models import Partnership, Plan
from commissioning.roles import Permission
from commissioning.selectors.history import doers_since
from commissioning.selectors.plans.joint import (
    JointPart,
    open_partnerships,
    pooled_need,
    region_partnerships,
)
from commissioning.selectors.plans.parts import members_of
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.joint import change_shares, start_joint_plan
from commissioning.views.plans.reaching import (
    plan_href,
    plan_or_404,
    plan_page,
    plans_href,
    require_editing,
)
from commissioning.views.requests import attempt, insist, signed_in

OVERVIEW, SHARES = "commissioning:plan-detail", "commissioning:plan-shares"


@require_http_methods(["GET", "HEAD", "POST"])
def plan_start_joint(request: HttpRequest, code: str) -> HttpResponse:
    """A joint plan that the partnership leads: year, name, members and shares."""
    partnership = get_object_or_404(
        Partnership.objects.permitted(signed_in(request), Permission.PLAN_VIEW).by_name(),
        organisation__code=code,
    )
    insist(request, Permission.PLAN_EDIT, partnership.organisation)
    today = business_day()
    year = Period.containing(today, Grain.YEAR).start.year
    form = StartJointForm(
        request.POST if request.method == "POST" else None,
        years=[year - 1, year, year + 1, year + 2],
        region=region_partnerships(partnership, on=today),
        everywhere=list(open_partnerships(on=today)),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        plan = attempt(
            form,
            lambda: start_joint_plan(
                partnership=partnership,
                year=given["year"],
                name=given["name"],
                shares=given["shares"],
                by=signed_in(request),
                on=today,
            ),
        )
        if plan:
            messages.success(
                request, "The joint plan is started and its members are told. Add lines next."
            )
            return redirect(plan_href(plan))
    return render(
        request,
        "commissioning/plans/joint_form.html",
        {
            "form": form,
            "button": "Start the joint plan",
            "cancel_href": "../",
            "page_heading": "Start a joint plan",
            "breadcrumbs": [(f"Plans of {partnership}", "../")],
        },
    )


@require_safe
def plan_shares(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Who shares in a joint plan and how much, and what they need of Tier 4 together."""
    reached = _joint_or_404(request, code, slug)
    members = list(members_of(reached.plan))
    page = plan_page(reached, OVERVIEW)
    return render(
        request,
        "commissioning/plans/shares.html",
        {
            **page,
            "breadcrumbs": _crumbs(reached.plan),
            "page_heading": "Members, shares and pooled need",
            "members": members,
            "pooled": pooled_need(reached.plan, members),
            "change_href": plan_href(reached.plan, "commissioning:plan-shares-change")
            if reached.may_edit
            else "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_shares_change(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Change members and shares, while the plan is written."""
    reached = _joint_or_404(request, code, slug)
    require_editing(reached)
    plan, today = reached.plan, business_day()
    form = ChangeSharesForm(
        request.POST if request.method == "POST" else None,
        year=plan.year,
        region=region_partnerships(plan.partnership, on=today),
        everywhere=list(open_partnerships(on=today)),
        shares={one.partnership: one.share for one in members_of(plan)},
        initial={"revision": plan.revision},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def deed() -> Plan:
            return change_shares(
                plan=plan,
                shares=given["shares"],
                by=signed_in(request),
                on=today,
                revision=given["revision"],
            )

        if attempt(form, lambda: _overtaking(form, plan, deed)):
            messages.success(request, "The shares are saved. Each member's own plan shows them.")
            return redirect(plan_href(plan, SHARES))
    return render(
        request,
        "commissioning/plans/joint_form.html",
        {
            "form": form,
            "button": "Save the shares",
            "cancel_href": plan_href(plan, SHARES),
            "page_heading": "Change members and shares",
            "breadcrumbs": [*_crumbs(plan), ("Members and shares", plan_href(plan, SHARES))],
        },
    )


def _overtaking(form: ChangeSharesForm, plan: Plan, deed: Any) -> Any:
    """The deed; when somebody saved meanwhile, the form rests on what is there now."""
    try:
        return deed()
    except ChangedMeanwhile as changed:
        who = ", ".join(doers_since(plan, form.cleaned_data["revision"])) or "Somebody"
        plan.refresh_from_db()
        now = "; ".join(
            f"{one.partnership} {one.share.normalize():f}%" for one in members_of(plan)
        )
        form.rest_on(plan.revision)
        raise ChangedMeanwhile(f"{changed} {who} saved it; the shares are now: {now}.") from None


def _joint_or_404(request: HttpRequest, code: str, slug: str) -> ReachedPlan:
    reached = plan_or_404(request, code, slug)
    if not reached.plan.is_joint:
        raise Http404
    return reached


def _crumbs(plan: Plan) -> list[tuple[str, str]]:
    return [(f"Plans of {plan.partnership}", plans_href(plan)), (plan.name, plan_href(plan))]


def shown_parts(parts: Sequence[JointPart]) -> list[tuple[JointPart, str, str]]:
    """Joint plans as a member's own plan shows them: the part, its address, the share in words."""
    return [(one, plan_href(one.plan), f"{one.share.normalize():f}%") for one in parts]
