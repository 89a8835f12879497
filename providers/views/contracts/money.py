"""The money of a contract: what it costs and whose that is, and the plan lines that carry it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.components import DataTable, Fact
from commissioning.forms.base import SayingForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import pounds
from commissioning.models import Plan
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.views.records import form_page
from commissioning.views.requests import attempt, signed_in
from providers.choices import (
    IN_FORCE_IN,
    ContractState,
)
from providers.forms.contracts.buying import MoneyForm
from providers.models import Contract, ContractMoney
from providers.selectors.contracts.costs import called_off, cost_of
from providers.selectors.contracts.money import (
    ToCarry,
    allocations_for,
    committed_on,
    money_on,
    rows_by_plan,
    suggested,
    sums_of,
    to_carry,
)
from providers.selectors.contracts.records import (
    own_plans,
    share_of,
)
from providers.services import contracts as deeds
from providers.services.contracts.guard import BEFORE_AWARD
from providers.views.contracts.reaching import (
    ReachedContract,
    contract_or_404,
    contract_page,
    crumbs,
)
from providers.views.contracts.writing import saved

PAGE = ["GET", "HEAD", "POST"]


@require_safe
def contract_money(request: HttpRequest, reference: str) -> HttpResponse:
    """What it costs by year, whose that is, and which plan lines carry it."""
    reached = contract_or_404(request, reference)
    contract = reached.contract
    cost = cost_of(contract)
    plans = own_plans(contract, reached.person) if reached.is_ours_as_buyer else []
    rows = rows_by_plan(contract) if plans else {}
    carrying = to_carry(contract, cost, put=sums_of(rows)) if plans else []
    carried = {one.plan.pk: one for one in carrying}
    shown = [
        plan
        for plan in plans
        if plan.pk in carried
        or (plan.is_joint and plan.year in cost.by_year and contract.state in BEFORE_AWARD)
    ]
    committed = committed_on(contract, [one.pk for one in shown]) if shown else frozenset()
    years = DataTable(
        ["Year", "Costs, all used", "To be paid at least"],
        [
            [year_period(year).label, pounds(amount), pounds(cost.least[year])]
            for year, amount in cost.by_year.items()
        ]
        + [["Together", pounds(cost.total), pounds(sum(cost.least.values(), ZERO))]],
    )
    return render(
        request,
        "providers/contracts/money.html",
        contract_page(
            reached,
            "providers:contract-money",
            years=years,
            parts=_parts_table(contract, cost) if reached.is_ours_as_buyer else None,
            spent=_spent(contract),
            plans=[
                _plan(
                    reached,
                    plan,
                    carried.get(plan.pk),
                    rows.get(plan.pk, []),
                    committed=plan.pk in committed,
                )
                for plan in shown
            ],
        ),
    )


def _parts_table(contract: Contract, cost: Any) -> DataTable:
    years = list(cost.by_year)
    return DataTable(
        ["Partnership", "Share", *(year_period(year).label for year in years)],
        [
            [
                str(one.partnership),
                share_of(one),
                *(
                    pounds(cost.by_partnership.get((one.partnership_id, year), ZERO))
                    for year in years
                ),
            ]
            for one in contract.shares.all()
        ],
    )


def _spent(contract: Contract) -> list[Fact]:
    if contract.ceiling is None:
        return []
    spent = called_off(contract)
    return [
        Fact("Ceiling", pounds(contract.ceiling)),
        Fact("Called off", pounds(spent)),
        Fact("Left", pounds(max(contract.ceiling - spent, ZERO))),
    ]


def _plan(
    reached: ReachedContract,
    plan: Plan,
    carried: ToCarry | None,
    rows: Sequence[ContractMoney],
    *,
    committed: bool,
) -> dict[str, Any]:
    contract = reached.contract
    writes = (
        reached.holds(Permission.CONTRACT_EDIT, plan.partnership_id)
        and not committed
        and contract.state not in {ContractState.ENDED, ContractState.WITHDRAWN}
    )
    args = [plan.partnership.code, plan.slug]
    commits = (
        contract.state in IN_FORCE_IN
        and not committed
        and carried is not None
        and reached.holds(Permission.CONTRACT_AWARD, plan.partnership_id)
    )
    return {
        "plan": str(plan),
        "due": pounds(carried.due if carried else ZERO),
        "put": pounds(carried.put if carried else ZERO),
        "is_committed": committed,
        "ledger_href": f"/partnership/{plan.partnership.code}/plan/{plan.slug}/ledger/",
        "href": reached.href("contract-fund", *args) if writes else "",
        "commit_href": reached.href("contract-commit", *args) if commits else "",
        "table": DataTable(
            ["Line", "Stream", "Amount"],
            [[str(row.line), str(row.stream), pounds(row.amount)] for row in rows],
        ),
    }


@require_http_methods(PAGE)
def contract_fund(request: HttpRequest, reference: str, code: str, slug: str) -> HttpResponse:
    """Which lines and streams of a plan carry the contract; a split is suggested."""
    reached = contract_or_404(request, reference)
    contract = reached.contract
    plan = _plan_of(reached, code, slug)
    if not reached.holds(Permission.CONTRACT_EDIT, plan.partnership_id):
        raise PermissionDenied("Your role does not let you put money of this plan on contracts.")
    parts, rows = allocations_for(contract, plan), rows_by_plan(contract)
    put = {(one.line_id, one.stream_id): one.amount for one in rows.get(plan.pk, [])}
    held = {one.pk: put[one.line_id, one.stream_id] for one in parts
            if (one.line_id, one.stream_id) in put}  # fmt: skip
    cost = cost_of(contract)
    carrying = to_carry(contract, cost, put=sums_of(rows))
    carried = next((one for one in carrying if one.plan.pk == plan.pk), None)
    due = carried.due if carried else cost.by_year.get(plan.year)
    form = MoneyForm(
        request.POST if request.method == "POST" else None,
        revision=contract.revision,
        parts=parts,
        put=held or suggested(due or 0, parts),  # type: ignore[arg-type]  # nothing is suggested
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(
            form,
            lambda: deeds.put_money(
                contract=contract,
                plan=plan,
                amounts=form.given,
                by=signed_in(request),
                revision=form.seen,
            ),
            contract,
        )
    ):
        messages.success(request, f"The money of {plan} is on its lines.")
        return redirect(reached.href("contract-money"))
    heading = f"Money of {plan}"
    return form_page(
        request,
        form,
        heading=heading,
        button="Save",
        cancel_href=reached.href("contract-money"),
        breadcrumbs=crumbs(reached, (heading, "")),
        caption=str(contract),
        lead=f"{pounds(due)} of the contract falls to this plan. What stands below is suggested"
        " by what is free." if not held else f"{pounds(due)} of the contract falls to this plan.",
    )  # fmt: skip


@require_http_methods(PAGE)
def contract_commit(request: HttpRequest, reference: str, code: str, slug: str) -> HttpResponse:
    """A later year's money committed, now that its plan is agreed."""
    reached = contract_or_404(request, reference)
    contract, plan = reached.contract, _plan_of(reached, code, slug)
    if not reached.holds(Permission.CONTRACT_AWARD, plan.partnership_id):
        raise PermissionDenied("Your role does not let you commit money of this plan.")
    form = SayingForm(request.POST if request.method == "POST" else None)
    amount = None
    if request.method == "POST" and form.is_valid():
        amount = attempt(
            form,
            lambda: deeds.commit_year(
                contract=contract, plan=plan, by=signed_in(request), on=business_day()
            ),
        )
    if amount:
        messages.success(request, f"The money of {plan} is committed.")
        return redirect(reached.href("contract-money"))
    heading = f"Commit the money of {plan}"
    rows = money_on(contract, plan)
    return form_page(
        request,
        form,
        heading=heading,
        button="Commit money",
        cancel_href=reached.href("contract-money"),
        breadcrumbs=crumbs(reached, (heading, "")),
        template="providers/contracts/deed.html",
        caption=str(contract),
        facts=[Fact(f"{one.line}, {one.stream}", pounds(one.amount)) for one in rows],
    )


def _plan_of(reached: ReachedContract, code: str, slug: str) -> Plan:
    for plan in own_plans(reached.contract, reached.person):
        if (plan.partnership.code, plan.slug) == (code, slug):
            return plan
    raise Http404
