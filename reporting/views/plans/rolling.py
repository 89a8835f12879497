"""Rolling a plan forward into the next year, and what falls due of contracts in a year: those
that are kept here, and those that a line only names the end of.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.forms.plans.rolling import UpliftForm
from commissioning.kernel.periods import Period
from commissioning.kernel.words import MISSING
from commissioning.list_filters import RowFilter
from commissioning.models import Line, Plan
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.selectors.plans.contracts import contracts_ending
from commissioning.selectors.plans.parts import TO_BE_COMMISSIONED
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.selectors.plans.uplifting import liftable_of
from commissioning.services.plans.rolling import next_plan_of, roll_forward
from commissioning.tables import DayColumn, NameColumn, PoundsColumn, Table
from commissioning.views.lists import list_response
from commissioning.views.plans.reaching import plan_href, plan_or_404, plan_page
from commissioning.views.requests import attempt, signed_in
from providers.models import Contract
from providers.selectors.contracts.dates import dates_of
from providers.selectors.contracts.records import FALLS_DUE, Deadline, price_words, seen_by

OVERVIEW = "commissioning:plan-detail"
CONTRACTS = "reporting:plan-contracts"
_LINK = '<a class="govuk-link" href="{}">{}</a>'


@dataclass(frozen=True)
class Falling:
    """Something of a contract that falls due on a day. `kept` says where that is known from."""

    on: dt.date
    kind: str
    name: str
    href: str
    kept: str
    provider: str
    price: str = ""
    cost: Decimal | None = None

    @property
    def what(self) -> str:
        return FALLS_DUE[self.kind]


def falling_in(reached: ReachedPlan, year: Period) -> list[Falling]:
    """Ends, last days for notice and options inside the year, of the contracts of the plan's
    partnership that the person may see and of the plan's own lines; the first to come first.
    """
    plan = reached.plan
    mine = seen_by(reached.person).of_partnership(plan.partnership_id)
    found = [_of_line(plan, line) for line in contracts_ending(plan, year)]
    for one in dates_of(mine, since=year.start, until=year.end):
        found += [_of_contract(one.contract, day) for day in one.deadlines if day.on in year]
    return sorted(found, key=lambda one: (one.on, one.name))


def _of_line(plan: Plan, line: Line) -> Falling:
    assert line.ends_on is not None  # noqa: S101 - only lines that end are asked for
    return Falling(
        on=line.ends_on,
        kind="end",
        name=line.name,
        href=reverse(
            "commissioning:plan-line", args=[plan.partnership.code, plan.slug, line.number]
        ),
        kept=f"Line {line.number}",
        provider=line.provider.name if line.provider else TO_BE_COMMISSIONED,
        cost=line.cost,
    )


def _of_contract(contract: Contract, day: Deadline) -> Falling:
    return Falling(
        on=day.on,
        kind=day.kind,
        name=contract.title,
        href=reverse("providers:contract-detail", args=[contract.reference]),
        kept=f"Contract {contract.reference}",
        provider=str(contract.provider),
        price="" if contract.price is None else price_words(contract),
    )


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
            messages.success(request, _rolled(new))
            return redirect(plan_href(new))
    page = plan_page(reached, OVERVIEW)
    there = next_plan_of(plan)
    return render(
        request,
        "reporting/plan_roll.html",
        {
            **page,
            "breadcrumbs": [*page["breadcrumbs"], (plan.period.label, plan_href(plan))],
            "page_heading": f"Roll forward to {year.label}",
            "form": form,
            "groups": list(form.groups()),
            "year": year,
            "falling": falling_in(reached, year),
            "contracts_href": f"{plan_href(plan, CONTRACTS)}?year={year.code}",
            "there": there,
            "there_href": plan_href(there) if there else "",
            "cancel_href": plan_href(plan),
        },
    )


def _rolled(new: Plan) -> SafeString:
    """That it is done, and where what came along is confirmed."""
    baselines = format_html(_LINK, plan_href(new, "commissioning:plan-targets"), "baselines")
    money = format_html(_LINK, plan_href(new, "commissioning:plan-money"), "funding")
    return format_html(
        "The plan is rolled forward to {}. Confirm its {} and {} next.",
        new.period.label,
        baselines,
        money,
    )


class FallingFilter(RowFilter):
    """By name or reference, and by what falls due; told apart in Python."""

    what = django_filters.ChoiceFilter(
        label="What", choices=list(FALLS_DUE.items()), empty_label="Anything", method="later"
    )

    class Meta:
        model = Contract
        fields: list[str] = []

    def passing(self, rows: Iterable[Falling]) -> list[Falling]:
        """The rows that were asked for."""
        what = self.asked("what")
        return [
            one
            for one in rows
            if self.names(one.name, one.kept.split()[-1]) and (not what or one.kind == what)
        ]


class FallingTable(Table):
    """Days of contracts."""

    caption = "Ends, notices and options"
    counted = ("day", "days")
    empty_title = "No contract ends or asks for notice in the year"

    on = DayColumn(verbose_name="Day")
    what = django_tables2.Column(verbose_name="What falls due")
    name = NameColumn(verbose_name="Contract or line", href=lambda one: one.href)
    kept = django_tables2.Column(verbose_name="Known from")
    provider = django_tables2.Column(verbose_name="Provider")
    price = django_tables2.Column(verbose_name="Price", default=MISSING, orderable=False)
    cost = PoundsColumn(verbose_name="Cost of the line")

    class Meta:
        sequence = ("name", "what", "on", "...")


@require_safe
def plan_contracts(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """What falls due of contracts inside the plan's year, or the one that follows it."""
    reached = plan_or_404(request, code, slug)
    plan = reached.plan
    following = year_period(plan.year + 1)
    year = following if request.GET.get("year") == following.code else plan.period
    none = seen_by(reached.person).none()
    shown = FallingFilter(request.GET, queryset=none, request=request)
    page: dict[str, Any] = plan_page(reached, OVERVIEW)
    return list_response(
        request,
        FallingTable(
            shown.passing(falling_in(reached, year)),
            empty_text="Terms are kept with contracts; the end of a line's contract is entered on"
            " its page.",
        ),
        filterset=shown,
        kept={"year": year.code},
        heading=f"Contracts that end or ask for notice in {year.label}",
        breadcrumbs=[*page["breadcrumbs"], (plan.period.label, plan_href(plan))],
    )
