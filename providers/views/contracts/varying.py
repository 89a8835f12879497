"""Variations: proposed, compared with what holds, agreed, refused, put into force."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from commissioning.components import DataTable, Fact, Summary, Tone
from commissioning.kernel.clock import business_day
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import MISSING, day, pounds
from commissioning.models.plans import year_period
from commissioning.tables import moment
from commissioning.views.records import form_page, save_record
from commissioning.views.requests import attempt, signed_in
from providers.choices import Side, VariationKind, VariationState
from providers.forms.contracts.deeds import OptionalReasonForm
from providers.forms.contracts.varying import Agreed, VariationForm
from providers.models import Variation, VariationMoney
from providers.rules.contract_costs import differences
from providers.selectors.contracts.content import (
    PARTS,
    VARIABLE,
    plain,
    variable_lists,
)
from providers.selectors.contracts.costs import ContractCost, costs_now_and_with
from providers.selectors.contracts.more_money import chosen_rows
from providers.services import contracts as deeds
from providers.services.contracts.guard import other_side
from providers.services.contracts.varying import is_in_time, needs_provider
from providers.views.contracts.reaching import (
    ReachedContract,
    contract_of,
    contract_or_404,
    crumbs,
)
from providers.views.contracts.varying_money import plans_of_more
from providers.views.contracts.wording import Names, part_words

Possible = dict[str, tuple[str, Callable[..., object]]]
PAGE = ["GET", "HEAD", "POST"]
TONES: dict[str, Tone] = {
    VariationState.PROPOSED: "watch",
    VariationState.ACCEPTED: "good",
    VariationState.REFUSED: "plain",
    VariationState.WITHDRAWN: "plain",
}


@require_http_methods(PAGE)
def contract_vary(request: HttpRequest, reference: str) -> HttpResponse:
    """Other terms from a day on, filled in with what holds."""
    reached = contract_of(request, reference)
    contract = reached.contract
    form = VariationForm(
        request.POST if request.method == "POST" else None,
        revision=contract.revision,
        agreed=_agreed(reached),
        initial={name: getattr(contract, name) for name in VARIABLE},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = save_record(
            form,
            contract,
            lambda: deeds.propose_variation(
                contract=contract,
                changes=form.given,
                holds_from=given["holds_from"],
                reason=given["reason"],
                by=signed_in(request),
                on=business_day(),
                revision=form.seen,
            ),
        )
        if made:
            messages.success(request, "The variation is proposed.")
            return redirect(reached.href("contract-variation", made.number))
    heading = "Propose a variation"
    return form_page(
        request,
        form,
        heading=heading,
        button=heading,
        cancel_href=reached.href(),
        breadcrumbs=crumbs(reached, (heading, "")),
        template="providers/contracts/vary.html",
        caption=str(contract),
        lead="What you leave as it is does not change. It holds once both sides said yes and an"
        " approver puts it into force.",
    )


def _agreed(reached: ReachedContract) -> Agreed:
    """What its lists hold; shares are the commissioners' own."""
    contract = reached.contract
    targets = dict(contract.schedule.agreed().values_list("measure", "target"))
    rows = contract.agreed_shares
    buys = reached.side == Side.COMMISSIONER
    return Agreed(
        interventions=[one.pk for one in contract.interventions.all()],
        targets=targets,
        shares={key: one.share for key, one in rows.items()} if buys else {},
        names={key: str(one.partnership) for key, one in rows.items()},
    )


def _deeds(
    reached: ReachedContract, one: Variation, chosen: Sequence[VariationMoney]
) -> dict[str, tuple[str, Callable[..., object]]]:
    """What the person can do with a variation that is proposed."""
    if one.state != VariationState.PROPOSED:
        return {}
    contract = reached.contract
    found: Possible = {}
    other = reached.writes_for(other_side(Side(one.side)))
    waits = needs_provider(contract, one)
    if waits and reached.writes_for(Side.PROVIDER):
        found["agree"] = ("Agree", deeds.agree_variation)
    wrote = {one.proposed_by_id, *(row.put_by_id for row in chosen)}
    if not waits and reached.awards and reached.person.pk not in wrote:
        found["force"] = ("Put into force", deeds.put_into_force)
    refusable = one.kind != VariationKind.EXTENSION and not is_in_time(contract, one)
    if other and refusable:
        found["refuse"] = ("Refuse", deeds.refuse_variation)
    if reached.writes_for(Side(one.side)):
        found["withdraw"] = ("Withdraw", deeds.withdraw_variation)
    return found


@require_http_methods(PAGE)
def contract_variation(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """What a variation changes, and what it commits or releases; whoever may, decides it."""
    reached = contract_or_404(request, reference, is_whole=False)
    one = get_object_or_404(
        reached.contract.variations.select_related("proposed_by", "agreed_by", "decided_by"),
        number=number,
    )
    chosen, names = chosen_rows(one), Names(reached.contract)
    possible = _deeds(reached, one, chosen)
    form = OptionalReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        asked = request.POST.get("deed", "")
        if asked not in possible:
            raise PermissionDenied("This cannot be done with the variation now, or not by you.")
        form.is_valid()  # a reason too long is named by the form itself
        done = not form.errors and attempt(form, lambda: _do(request, one, asked, possible, form))
        if done:
            messages.success(request, f"Variation {one.number}: {SAID[asked]}")
            return redirect(reached.href("contract-variation", one.number))
    heading = f"Variation {one.number}"
    return render(
        request,
        "providers/contracts/variation.html",
        {
            "page_heading": heading,
            "caption": str(reached.contract),
            "breadcrumbs": crumbs(reached, (heading, "")),
            "summary": _summary(one),
            "changes": _changes(reached, one, names),
            **_money(reached, one, chosen, names),
            "form": form if possible else None,
            "deeds": [(code, words) for code, (words, _) in possible.items()],
        },
    )


SAID = {
    "agree": "agreed. An approver of the commissioner can put it into force.",
    "force": "in force. The difference is in the ledger.",
    "refuse": "refused.",
    "withdraw": "withdrawn.",
}


def _do(
    request: HttpRequest,
    one: Variation,
    asked: str,
    possible: Possible,
    form: OptionalReasonForm,
) -> bool:
    words: dict[str, Any] = {"variation": one, "by": signed_in(request)}
    if asked in {"refuse", "withdraw"}:
        words["reason"] = form.cleaned_data["reason"]
    if asked != "withdraw":
        words["on"] = business_day()
    possible[asked][1](**words)
    return True


def _summary(one: Variation) -> Summary:
    facts = [
        Fact("What", one.get_kind_display()),
        Fact("From", day(one.holds_from)),
        Fact("Why", one.reason),
        Fact("Proposed by", f"{one.proposed_by}, {one.get_side_display().lower()}"),
    ]
    if one.agreed_at:
        facts.append(Fact("Agreed by the provider", f"{one.agreed_by}, {moment(one.agreed_at)}"))
    if one.decided_at:
        facts.append(Fact("Decided by", f"{one.decided_by}, {moment(one.decided_at)}"))
    if one.decision:
        facts.append(Fact("Reason of the decision", one.decision))
    return Summary(
        title=f"Variation {one.number}",
        state=one.get_state_display(),
        tone=TONES[one.state],
        facts=facts,
    )


def _changes(reached: ReachedContract, one: Variation, names: Names) -> DataTable:
    """Part, as it holds (or held, in the version before), and as it would be."""
    contract = reached.contract
    now = variable_lists(contract, one.changes)
    before = {
        name: now[name] if name in now else plain(getattr(contract, name)) for name in one.changes
    }
    if one.state == VariationState.ACCEPTED:
        older = contract.versions.filter(taken_at__lt=one.decided_at).order_by("-number")
        held = older.exclude(holds_from=one.holds_from, reason=one.reason).first()
        before = {name: held.content.get(name) for name in one.changes} if held else {}
    return DataTable(
        ["Part", "Before", "After"],
        [
            [
                PARTS[name],
                part_words(name, before.get(name), names),
                part_words(name, value, names),
            ]
            for name, value in one.changes.items()
        ],
    )


def _money(
    reached: ReachedContract, one: Variation, chosen: Sequence[VariationMoney], names: Names
) -> dict[str, Any]:
    """What it costs now and would cost by year, and which lines pay for more; nothing of either
    once it is decided."""
    if one.state != VariationState.PROPOSED:
        return {"costs": None, "parts": None, "plans": []}
    before, after = costs_now_and_with(reached.contract, one.changes, one.holds_from)
    shares = "shares" in one.changes and reached.is_ours_as_buyer
    return {
        "costs": _costs(before.by_year, after.by_year),
        "parts": _parts(before, after, names) if shares else None,
        "plans": plans_of_more(reached, one, cost=after, chosen=chosen),
    }


def _parts(before: ContractCost, after: ContractCost, names: Names) -> DataTable:
    """Whose the cost is by year, where shares change."""
    changed = differences(before.by_partnership, after.by_partnership)
    named = names.partnerships(whose for whose, _ in changed)
    order = sorted(changed, key=lambda key: (named[key[0]], key[1]))
    return DataTable(
        ["Partnership", "Year", "Pays now", "Would pay"],
        [
            [
                named[whose],
                year_period(year).label,
                pounds(before.by_partnership.get((whose, year), ZERO)),
                pounds(after.by_partnership.get((whose, year), ZERO)),
            ]
            for whose, year in order
        ],
    )


def _costs(before: Mapping[int, Decimal], after: Mapping[int, Decimal]) -> DataTable:
    rows = []
    for year in sorted({*before, *after}):
        was, becomes = before.get(year, ZERO), after.get(year, ZERO)
        change = becomes - was
        moves = f"{pounds(change)} committed" if change > 0 else f"{pounds(-change)} released"
        rows.append(
            [
                year_period(year).label,
                pounds(was),
                pounds(becomes),
                moves if change else MISSING,
            ]
        )
    return DataTable(["Year", "Costs now", "Would cost", "Difference"], rows)
