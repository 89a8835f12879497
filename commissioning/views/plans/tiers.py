"""The four tiers: what of the framework is there, and what the lines commission of it."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.choices import CoverageState
from commissioning.components import Fact, Tone
from commissioning.forms.plans.coverage import CoverageForm
from commissioning.models import Coverage, Plan
from commissioning.reference import Tier, framework
from commissioning.reference.planning import HARM_REDUCTION_ITEMS
from commissioning.rules.tiers import TIERS
from commissioning.selectors.plans.parts import commissioned_by_tier, coverage_of
from commissioning.services.plans.coverage import state_coverage
from commissioning.views.plans.files import as_file
from commissioning.views.plans.reaching import edited_by, plan_href, plan_or_404, plan_page
from commissioning.views.plans.saving import editing_page, save
from commissioning.views.requests import signed_in

PAGE = "commissioning:plan-tiers"
_HEADER = ("Tier", "Item", "Name", "State", "By whom", "Why", "Before", "During", "After")
COVERAGE_TONES: dict[CoverageState, Tone] = {
    CoverageState.HAVE: "good",
    CoverageState.WEAK: "watch",
    CoverageState.MISSING: "bad",
}


@require_safe
def plan_tiers(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """Coverage tier by tier, then the grid of what the lines commission."""
    reached = plan_or_404(request, code, slug)
    if file := as_file(request, reached.plan, "coverage", _HEADER, _rows(reached.plan)):
        return file
    return render(
        request,
        "commissioning/plans/tiers.html",
        plan_page(
            reached,
            PAGE,
            tiers=[
                (
                    found.tier,
                    found.stated,
                    [
                        (item, stated, _tone(stated), item.code in HARM_REDUCTION_ITEMS)
                        for item, stated in found.items
                    ],
                )
                for found in coverage_of(reached.plan)
            ],
            commissioned=commissioned_by_tier(reached.plan),
        ),
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
        saved = save(form, plan, lambda: _state(form, plan, request))
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


def _rows(plan: Plan) -> Iterator[list[str]]:
    """Every item of the framework, tier by tier, as a file has it."""
    for found in coverage_of(plan):
        for item, one in found.items:
            if one is None:
                yield [str(found.tier.number), item.code, item.name, "Not stated", *[""] * 5]
                continue
            when = (one.before_treatment, one.during_treatment, one.after_treatment)
            yield [
                str(found.tier.number),
                item.code,
                item.name,
                one.get_state_display(),
                one.by_whom,
                one.reason,
                *("Yes" if there else "" for there in when),
            ]


def _tone(stated: Coverage | None) -> Tone:
    return COVERAGE_TONES[CoverageState(stated.state)] if stated else "plain"


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
