"""What can be done with a contract, by whom and when; and the page of each deed."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from commissioning.components import Fact
from commissioning.forms.base import SayingForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import day, pounds
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.selectors.areas import partnerships_of
from commissioning.views.records import form_page
from commissioning.views.requests import attempt, signed_in
from providers.choices import IN_FORCE_IN, ContractState, Side, TenderRoute
from providers.forms.contracts.deeds import EndForm, OptionalReasonForm, ReasonForm
from providers.models import Contract
from providers.selectors.contracts.costs import ContractCost, cost_of
from providers.selectors.contracts.money import to_carry
from providers.selectors.contracts.records import record_of, share_of, share_words
from providers.services import contracts as deeds
from providers.services.contracts.money import cost_to_come
from providers.views.contracts.reaching import (
    ReachedContract,
    contract_or_404,
    crumbs,
    listed_at,
)

PAGE = ["GET", "HEAD", "POST"]
State = ContractState


class NothingForm(SayingForm):
    """Yes."""


@dataclass(frozen=True)
class Deed:
    """A verb: its button, who may, and what is done with what was typed."""

    words: str
    may: Callable[[ReachedContract], bool]
    do: Callable[[HttpRequest, Contract, dict[str, Any]], object]
    said: str
    form: type[SayingForm] = NothingForm
    lead: str = ""


def _proposer(reached: ReachedContract) -> bool:
    return reached.writes_for(Side(reached.contract.proposed_by))


def _answerer(reached: ReachedContract) -> bool:
    return any(reached.writes_for(side) for side in Side if side != reached.contract.proposed_by)


def _in(*states: State) -> Callable[[ReachedContract], bool]:
    return lambda reached: reached.contract.state in states


def _all(*tests: Callable[[ReachedContract], bool]) -> Callable[[ReachedContract], bool]:
    return lambda reached: all(test(reached) for test in tests)


def _accepts(reached: ReachedContract) -> bool:
    contract = reached.contract
    return contract.accepted_at is None and reached.writes_for(Side.PROVIDER)


def _awards(reached: ReachedContract) -> bool:
    contract = reached.contract
    return reached.awards and contract.accepted_at is not None and not reached.wrote


def _waives(reached: ReachedContract) -> bool:
    contract = reached.contract
    return (
        reached.awards
        and contract.tender_route == TenderRoute.WAIVER
        and contract.waiver_by_id is None
    )


def _agrees_part(reached: ReachedContract) -> bool:
    return _party_to_agree(reached) is not None


def _party_to_agree(reached: ReachedContract) -> Any:
    """Another partnership than the lead, for which the person awards; one that is to join too.
    Of a contract in force, while a variation is in hand."""
    contract = reached.contract
    if contract.state in IN_FORCE_IN and reached.pending is None:
        return None
    parties = {one.partnership_id: one.partnership for one in contract.shares.all()}
    if reached.joining:
        parties |= {one.pk: one for one in partnerships_of(reached.joining)}
    return next(
        (
            one
            for key, one in parties.items()
            if key != contract.lead_id and reached.holds(Permission.CONTRACT_AWARD, key)
        ),
        None,
    )


def _buyer(reached: ReachedContract) -> bool:
    return reached.writes_for(Side.COMMISSIONER)


def _has_option(reached: ReachedContract) -> bool:
    return bool(reached.contract.extensions_left) and reached.contract.ended_on is None


def _either(reached: ReachedContract) -> bool:
    return reached.side is not None


DEEDS: dict[str, Deed] = {
    "offer": Deed(
        "Offer contract",
        _all(_in(State.DRAFT), _proposer),
        lambda r, c, _: deeds.offer_contract(contract=c, by=signed_in(r), on=business_day()),
        "The contract is with the other side.",
        lead="Its terms stay as they are from now on, unless it is sent back.",
    ),
    "accept": Deed(
        "Accept contract",
        _all(_in(State.OFFERED), _accepts),
        lambda r, c, _: deeds.accept_contract(contract=c, by=signed_in(r), on=business_day()),
        "The contract is accepted. It binds both sides once it is awarded.",
        lead="It binds both sides once the commissioner awards it.",
    ),
    "award": Deed(
        "Award contract",
        _all(_in(State.OFFERED), _awards),
        lambda r, c, _: deeds.award_contract(contract=c, by=signed_in(r), on=business_day()),
        "The contract is awarded: its money is committed.",
        lead="Check what it promises. The money is committed in the ledger at once.",
    ),
    "agree-part": Deed(
        "Agree to our part",
        _all(_in(State.OFFERED, *IN_FORCE_IN), _agrees_part),
        lambda r, c, _: deeds.agree_part(
            contract=c,
            partnership=_party_to_agree(ReachedContract(c, signed_in(r))),
            by=signed_in(r),
        ),
        "Your partnership agrees to its part.",
        lead="Your partnership's money can be committed once the lead awards it.",
    ),
    "approve-waiver": Deed(
        "Approve waiver",
        _all(_in(State.DRAFT, State.OFFERED), _waives),
        lambda r, c, _: deeds.approve_waiver(contract=c, by=signed_in(r)),
        "The waiver is approved.",
    ),
    "send-back": Deed(
        "Send back",
        _all(_in(State.OFFERED), _answerer),
        lambda r, c, given: deeds.send_back(
            contract=c, by=signed_in(r), on=business_day(), **given
        ),
        "The contract is with the other side again.",
        form=ReasonForm,
    ),
    "withdraw": Deed(
        "Withdraw",
        _all(_in(State.DRAFT, State.OFFERED), _proposer),
        lambda r, c, given: deeds.withdraw_contract(
            contract=c, by=signed_in(r), on=business_day(), **given
        ),
        "The contract is withdrawn.",
        form=ReasonForm,
    ),
    "extend": Deed(
        "Extend",
        _all(_in(*IN_FORCE_IN), _buyer, _has_option),
        lambda r, c, given: deeds.extend_contract(
            contract=c, by=signed_in(r), on=business_day(), **given
        ),
        "The extension is proposed. Another person puts it into force.",
        form=OptionalReasonForm,
        lead="Another person puts it into force, which commits what the longer term costs.",
    ),
    "suspend": Deed(
        "Suspend",
        _all(_in(State.LIVE), _buyer),
        lambda r, c, given: deeds.suspend_contract(
            contract=c, by=signed_in(r), on=business_day(), **given
        ),
        "The contract is suspended.",
        form=ReasonForm,
        lead="Nothing new is bought with it. Its money and its places stay.",
    ),
    "resume": Deed(
        "Resume",
        _all(_in(State.SUSPENDED), _buyer),
        lambda r, c, _: deeds.resume_contract(contract=c, by=signed_in(r), on=business_day()),
        "The contract is live again.",
    ),
    "end": Deed(
        "End early",
        _all(_in(*IN_FORCE_IN), _either, lambda reached: reached.contract.ended_on is None),
        lambda r, c, given: deeds.end_early(
            contract=c, by=signed_in(r), on=business_day(), **given
        ),
        "Notice is given. Where it is short the other side answers first; then another person puts"
        " it into force.",
        form=EndForm,
        lead="Notice in time needs no yes of the other side. What is left of its money is released"
        " once an approver puts it into force.",
    ),
}
# Verbs on top of the page, the main one first.
MAIN = ("offer", "accept", "award", "agree-part", "approve-waiver", "send-back", "extend")


def possible(reached: ReachedContract) -> list[tuple[str, str]]:
    """What the person can do now: words and address, the main verbs first."""
    names = [*MAIN, *(name for name in DEEDS if name not in MAIN)]
    return [
        (DEEDS[name].words, reached.href("contract-deed", name))
        for name in names
        if DEEDS[name].may(reached)
    ]


@require_http_methods(PAGE)
def contract_deed(request: HttpRequest, reference: str, deed: str) -> HttpResponse:
    """One deed: what it means, what is asked, and then done."""
    reached = contract_or_404(request, reference)
    one = DEEDS.get(deed)
    if one is None:
        raise Http404
    if not one.may(reached):
        raise PermissionDenied("This cannot be done with the contract now, or not by you.")
    form = one.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        contract = reached.contract
        if attempt(form, lambda: one.do(request, contract, form.cleaned_data)):
            messages.success(request, one.said)
            is_seen = record_of(reached.person, reference) is not None
            return redirect(reached.href() if is_seen else listed_at(reached))
    return form_page(
        request,
        form,
        heading=one.words,
        button=one.words,
        cancel_href=reached.href(),
        breadcrumbs=crumbs(reached, (one.words, "")),
        template="providers/contracts/deed.html",
        caption=str(reached.contract),
        lead=one.lead,
        facts=_facts(reached, deed),
    )


def _facts(reached: ReachedContract, deed: str) -> list[Fact]:
    """What is looked at once more before a deed that promises."""
    if deed not in {"award", "accept", "agree-part", "offer"}:
        return []
    contract = reached.contract
    cost = cost_to_come(contract) if deed == "agree-part" else cost_of(contract)
    facts = [
        Fact("Provider", str(contract.provider)),
        Fact("Kind", contract.get_kind_display()),
        Fact("Term", f"{day(contract.starts_on)} to before {day(contract.ends_on)}"),
    ]
    facts += [
        Fact(f"Cost in {year_period(year).label}", pounds(amount))
        for year, amount in cost.by_year.items()
    ]
    if contract.ceiling:
        facts.append(Fact("Ceiling", pounds(contract.ceiling)))
    if reached.is_ours_as_buyer:
        facts += _parts(reached, cost)
        if deed == "agree-part" and reached.pending:
            facts.append(Fact("Variation in hand", reached.pending.reason))
    if deed == "award":
        facts += [
            Fact(f"On the lines of {one.plan}", f"{pounds(one.put)} of {pounds(one.due)}")
            for one in to_carry(contract, cost)
        ]
        if contract.tender_route:
            facts.append(Fact("Tender route", contract.get_tender_route_display()))
    return facts


def _parts(reached: ReachedContract, cost: ContractCost) -> list[Fact]:
    """What falls to each partnership in all, with its share; those that are to join too."""
    contract = reached.contract
    facts = [
        Fact(
            f"{one.partnership} ({share_of(one)})", pounds(cost.of_partnership(one.partnership_id))
        )
        for one in contract.shares.all()
    ]
    if reached.joining and reached.pending:
        asked = reached.pending.changes["shares"]
        facts += [
            Fact(
                f"{one} ({share_words(Decimal(asked[str(one.pk)]))} to be)",
                pounds(cost.of_partnership(one.pk)),
            )
            for one in partnerships_of(reached.joining)
        ]
    return facts
