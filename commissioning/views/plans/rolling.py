"""Rolling a plan forward into the next year, and the contracts that end in a year."""

from typing import Any

import django_tables2
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.forms.plans.rolling import UpliftForm
from commissioning.kernel.words import MISSING
from commissioning.models import Line, Plan
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.selectors.plans.contracts import contracts_ending
from commissioning.selectors.plans.uplifting import liftable_of
from commissioning.services.plans.rolling import next_plan_of, roll_forward
from commissioning.tables import CountColumn, DayColumn, NameColumn, PoundsColumn, Table
from commissioning.views.lists import list_response
from commissioning.views.plans.reaching import plan_href, plan_or_404, plan_page
from commissioning.views.requests import attempt, signed_in

OVERVIEW = "commissioning:plan-detail"


@require_http_methods(["GET", "HEAD", "POST"])
def plan_roll(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """By how much money moves, which contracts end; then the draft of the next year."""
    reached = plan_or_404(request, code, slug)
    plan = reached.plan
    if not reached.may(Permission.PLAN_EDIT):
        raise PermissionDenied("Your role does not let you roll this plan forward.")
    year = year_period(plan.year + 1)
    posted = request.POST if request.method == "POST" else None
    form = UpliftForm(posted, lifting=liftable_of(plan))
    if posted is not None and form.is_valid():
        new = attempt(
            form, lambda: roll_forward(plan=plan, by=signed_in(request), uplifts=form.uplifts())
        )
        if new:
            messages.success(
                request,
                f"The plan is rolled forward to {year.label}. Confirm its baselines and funding"
                " next.",
            )
            return redirect(plan_href(new))
    page = plan_page(reached, OVERVIEW)
    ending = contracts_ending(plan, year)
    there = next_plan_of(plan)
    return render(
        request,
        "commissioning/plans/roll.html",
        {
            **page,
            "breadcrumbs": [*page["breadcrumbs"], (plan.period.label, plan_href(plan))],
            "page_heading": f"Roll forward to {year.label}",
            "form": form,
            "groups": list(form.groups()),
            "year": year,
            "ending": ending,
            "contracts_href": f"{contracts_href(plan)}?year={year.code}",
            "there": there,
            "there_href": plan_href(there) if there else "",
            "cancel_href": plan_href(plan),
        },
    )


class ContractTable(Table):
    """Lines whose contract ends."""

    caption = "Contracts that end"
    counted = ("contract", "contracts")
    empty_title = "No contract ends in the year"

    ends_on = DayColumn(verbose_name="Ends on")
    name = NameColumn(verbose_name="Line")
    number = CountColumn(verbose_name="No.")
    provider = django_tables2.Column(verbose_name="Provider", default=MISSING)
    intervention = django_tables2.Column(verbose_name="Intervention", default=MISSING)
    purchase = django_tables2.Column(
        verbose_name="How bought", accessor="get_purchase_display", default=MISSING
    )
    cost = PoundsColumn(verbose_name="Cost")

    class Meta:
        sequence = ("name", "number", "ends_on", "...")


@require_safe
def plan_contracts(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """Contracts behind the lines that end inside the plan's year, or the one that follows it."""
    reached = plan_or_404(request, code, slug)
    plan = reached.plan
    following = year_period(plan.year + 1)
    year = following if request.GET.get("year") == following.code else plan.period
    rows: list[Line] = contracts_ending(plan, year)
    page: dict[str, Any] = plan_page(reached, OVERVIEW)
    return list_response(
        request,
        ContractTable(rows, empty_text="Ends of contracts are entered on the page of a line."),
        heading=f"Contracts that end in {year.label}",
        breadcrumbs=[*page["breadcrumbs"], (plan.period.label, plan_href(plan))],
    )


def contracts_href(plan: Plan) -> str:
    return plan_href(plan, "commissioning:plan-contracts")
