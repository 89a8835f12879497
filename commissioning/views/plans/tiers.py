"""The four tiers: what of the framework is there, and what the lines commission of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.components import Fact
from commissioning.forms.plans.coverage import CoverageForm
from commissioning.models import Plan
from commissioning.reference import Tier, framework
from commissioning.rules.tiers import TIERS
from commissioning.selectors.plans.parts import commissioned_by_tier, coverage_of
from commissioning.services.plans.coverage import state_coverage
from commissioning.views.lists import list_response
from commissioning.views.plans.coverage_list import CoverageFilter, CoverageTable
from commissioning.views.plans.reaching import edited_by, plan_href, plan_or_404, plan_page
from commissioning.views.plans.saving import editing_page
from commissioning.views.records import save_record
from commissioning.views.requests import signed_in

PAGE = "commissioning:plan-tiers"


@require_safe
def plan_tiers(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """Coverage tier by tier, then the grid of what the lines commission."""
    reached = plan_or_404(request, code, slug)
    plan = reached.plan
    tiers = coverage_of(plan)
    filterset = CoverageFilter(request.GET, queryset=plan.coverage.none(), request=request)
    page = plan_page(reached, PAGE)
    return list_response(
        request,
        CoverageTable(filterset.passing(tiers)),
        heading=page.pop("page_heading"),
        breadcrumbs=page.pop("breadcrumbs"),
        filterset=filterset,
        template="commissioning/plans/tiers.html",
        tiers=[(one.tier, one.stated, len(one.items)) for one in tiers],
        commissioned=commissioned_by_tier(plan),
        **page,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_coverage(request: HttpRequest, code: str, slug: str, tier: int) -> HttpResponse:
    """State the coverage of each item of one tier."""
    reached = edited_by(request, code, slug)
    plan = reached.plan
    if tier not in TIERS:
        raise Http404
    listed = framework().tier(tier)
    form = CoverageForm(
        request.POST or None,
        revision=plan.revision,
        tier=listed,
        coverage={one.item_id: one for one in plan.coverage.all()},
    )
    if request.method == "POST" and form.is_valid():
        saved = save_record(form, plan, lambda: _state(form, plan, request))
        if saved:
            messages.success(request, f"The coverage of Tier {tier} is saved.")
            return redirect(f"{plan_href(plan, PAGE)}#tier-{tier}")
    return editing_page(
        request,
        reached,
        PAGE,
        form=form,
        heading=f"Coverage of Tier {tier}",
        button="Save the coverage",
        template="commissioning/plans/coverage.html",
        lead="What is in place is in place by somebody; what is weak or missing says why.",
        now=lambda: _now(plan, listed),
    )


def _state(form: CoverageForm, plan: Plan, request: HttpRequest) -> bool:
    state_coverage(plan=plan, stated=form.stated(), by=signed_in(request), revision=form.seen)
    return True


def _now(plan: Plan, tier: Tier) -> list[Fact]:
    held = {one.item_id: one for one in plan.coverage.all()}
    return [
        Fact(
            item.name,
            " · ".join(filter(None, [stated.get_state_display(), stated.by_whom, stated.reason])),
        )
        for item in tier.items
        if (stated := held.get(item.code))
    ]
