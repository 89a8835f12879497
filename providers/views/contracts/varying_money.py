"""Which lines pay for what a variation takes more: shown on its page, chosen on one of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from commissioning.components import DataTable
from commissioning.kernel.words import pounds
from commissioning.roles import Permission
from commissioning.views.records import form_page
from commissioning.views.requests import attempt, signed_in
from providers.choices import VariationState
from providers.forms.contracts.buying import MoneyForm
from providers.models import Variation, VariationMoney
from providers.selectors.contracts.costs import ContractCost
from providers.selectors.contracts.money import allocations_for, suggested
from providers.selectors.contracts.more_money import MoreToCarry, more_to_carry
from providers.services.contracts import choose_lines
from providers.views.contracts.reaching import ReachedContract, contract_or_404, crumbs

PAGE = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class PlanOfMore:
    """A plan that is to pay more: how much, by which lines, and where they are chosen."""

    plan: str
    more: str
    table: DataTable | None
    href: str


def plans_of_more(
    reached: ReachedContract,
    one: Variation,
    *,
    cost: ContractCost,
    chosen: Sequence[VariationMoney],
) -> Sequence[PlanOfMore]:
    """Those whose money the person sees, of a variation that is proposed."""
    if not reached.is_ours_as_buyer:
        return []
    return [
        _shown(reached, one, row)
        for row in more_to_carry(reached.contract, one, cost=cost, chosen=chosen)
        if reached.holds(Permission.PLAN_VIEW, row.plan.partnership_id)
    ]


def _shown(reached: ReachedContract, one: Variation, row: MoreToCarry) -> PlanOfMore:
    plan = row.plan
    chosen = DataTable(
        ["Line and stream", "More"],
        [[f"{part.line}, {part.stream}", pounds(part.amount)] for part in row.chosen],
    )
    writes = reached.holds(Permission.CONTRACT_EDIT, plan.partnership_id)
    return PlanOfMore(
        str(plan),
        pounds(row.more),
        chosen if row.chosen else None,
        reached.href("contract-variation-money", one.number, plan.partnership.code, plan.slug)
        if writes
        else "",
    )


@require_http_methods(PAGE)
def contract_variation_money(
    request: HttpRequest, reference: str, number: int, code: str, slug: str
) -> HttpResponse:
    """Which lines and streams of a plan pay for what is more; a split is suggested."""
    reached = contract_or_404(request, reference)
    one = get_object_or_404(reached.contract.variations, number=number)
    row = _row_of(reached, one, code, slug)
    plan = row.plan
    if not reached.holds(Permission.CONTRACT_EDIT, plan.partnership_id):
        raise PermissionDenied("Your role does not let you put money of this plan on contracts.")
    parts = allocations_for(reached.contract, plan)
    chosen = {(part.line_id, part.stream_id): part.amount for part in row.chosen}
    held = {part.pk: chosen.get((part.line_id, part.stream_id)) for part in parts}
    put = {key: amount for key, amount in held.items() if amount is not None}
    form = MoneyForm(
        request.POST if request.method == "POST" else None,
        revision=reached.contract.revision,
        parts=parts,
        put=put or suggested(row.more, parts),
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: choose_lines(
                variation=one, plan=plan, amounts=form.given, by=signed_in(request)
            ),
        )
        if done:
            messages.success(request, f"The lines of {plan} that pay for it are chosen.")
            return redirect(reached.href("contract-variation", one.number))
    heading = f"Lines of {plan}"
    variation = reached.href("contract-variation", one.number)
    return form_page(
        request,
        form,
        heading=heading,
        button="Save",
        cancel_href=variation,
        breadcrumbs=crumbs(reached, (f"Variation {one.number}", variation), (heading, "")),
        caption=str(reached.contract),
        lead=f"{pounds(row.more)} more falls to this plan. Left empty, it is spread over the lines"
        " on which the contract stands, as they stand. Another person puts it into force.",
    )


def _row_of(reached: ReachedContract, one: Variation, code: str, slug: str) -> MoreToCarry:
    if one.state == VariationState.PROPOSED:
        for row in more_to_carry(reached.contract, one):
            plan = row.plan
            named = (plan.partnership.code, plan.slug) == (code, slug)
            if named and reached.holds(Permission.PLAN_VIEW, plan.partnership_id):
                return row
    raise Http404
