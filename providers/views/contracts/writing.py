"""Writing a contract's parts, one thing a page; its money; its documents."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.components import Fact
from commissioning.forms.base import SayingForm
from commissioning.forms.plans.revised import RevisedForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import pounds
from commissioning.models import Plan
from commissioning.roles import Permission
from commissioning.views.documents import handed_out
from commissioning.views.records import form_page, save_record
from commissioning.views.requests import attempt, signed_in
from providers.choices import Side
from providers.forms.contracts.performance import ScheduleForm
from providers.forms.contracts.terms import (
    ClausesForm,
    CoversForm,
    DocumentForm,
    MoneyForm,
    OptionsForm,
    PlacesForm,
    PriceForm,
    SharesForm,
    SubContractorsForm,
    TenderForm,
    TermForm,
)
from providers.models import Contract
from providers.selectors.contracts.costs import cost_of
from providers.selectors.contracts.money import (
    allocations_for,
    money_on,
    rows_by_plan,
    suggested,
    sums_of,
    to_carry,
)
from providers.selectors.contracts.records import own_plans
from providers.services import contracts as deeds
from providers.services.contracts import ShareGiven, TermsGiven
from providers.services.contracts.documents import add_contract_document
from providers.services.contracts.performance import set_schedule
from providers.views.contracts.reaching import (
    ReachedContract,
    contract_or_404,
    contract_page,
    crumbs,
)

PAGE = ["GET", "HEAD", "POST"]
Do = Callable[[], object]


def terms_now(contract: Contract) -> TermsGiven:
    """The terms as they stand."""
    return TermsGiven(**{one.name: getattr(contract, one.name) for one in fields(TermsGiven)})


def _terms(
    request: HttpRequest, reached: ReachedContract, made: type[RevisedForm]
) -> tuple[SayingForm, Do]:
    contract = reached.contract
    now = terms_now(contract)
    initial = {name: getattr(now, name) for name in made.base_fields if hasattr(now, name)}
    form = made(_data(request), revision=contract.revision, initial=initial)

    def do() -> object:
        given = {name: value for name, value in form.cleaned_data.items() if name != "revision"}
        return deeds.edit_contract(
            contract=contract,
            terms=replace(now, **given),
            by=signed_in(request),
            revision=form.seen,
        )

    return form, do


def _term(request: HttpRequest, reached: ReachedContract) -> tuple[SayingForm, Do]:
    return _terms(request, reached, TermForm)


def _price(request: HttpRequest, reached: ReachedContract) -> tuple[SayingForm, Do]:
    return _terms(request, reached, PriceForm)


def _options(request: HttpRequest, reached: ReachedContract) -> tuple[SayingForm, Do]:
    return _terms(request, reached, OptionsForm)


def _covers(request: HttpRequest, reached: ReachedContract) -> tuple[SayingForm, Do]:
    contract, by = reached.contract, signed_in(request)
    form = CoversForm(
        _data(request),
        contract=contract,
        initial={
            "interventions": contract.interventions.all(),
            "services": contract.services.all(),
        },
    )

    def do() -> object:
        given = form.cleaned_data
        deeds.cover_interventions(contract=contract, interventions=given["interventions"], by=by)
        return deeds.cover_services(contract=contract, services=given.get("services", ()), by=by)

    return form, do


def _places(request: HttpRequest, reached: ReachedContract) -> tuple[SayingForm, Do]:
    contract = reached.contract
    initial = {"places": contract.wanted_places.all()}
    form = PlacesForm(_data(request), contract=contract, initial=initial)
    return form, lambda: deeds.want_places(
        contract=contract, places=form.cleaned_data["places"], by=signed_in(request)
    )


def _clauses(request: HttpRequest, reached: ReachedContract) -> tuple[SayingForm, Do]:
    contract = reached.contract
    held = [one.clause for one in contract.clauses.all() if one.is_included]
    form = ClausesForm(_data(request), initial={"included": held})
    return form, lambda: deeds.keep_clauses(
        contract=contract, included=form.cleaned_data["included"], by=signed_in(request)
    )


def _subs(request: HttpRequest, reached: ReachedContract) -> tuple[SayingForm, Do]:
    contract = reached.contract
    held = [(one.provider_id, one.does) for one in contract.sub_contractors.all()]
    form = SubContractorsForm(_data(request), held=held)
    return form, lambda: deeds.set_sub_contractors(
        contract=contract, sub_contractors=form.given, by=signed_in(request)
    )


def _shares(request: HttpRequest, reached: ReachedContract) -> tuple[SayingForm, Do]:
    contract = reached.contract
    held = {one.partnership_id: one for one in contract.shares.all()}
    form = SharesForm(
        _data(request),
        revision=contract.revision,
        held={key: one.share for key, one in held.items()},
        names={key: str(one.partnership) for key, one in held.items()},
    )
    return form, lambda: deeds.set_shares(
        contract=contract,
        shares=[ShareGiven(key, share) for key, share in form.given],
        by=signed_in(request),
        revision=form.seen,
    )


def _tender(request: HttpRequest, reached: ReachedContract) -> tuple[SayingForm, Do]:
    contract = reached.contract
    initial = {"route": contract.tender_route, "waiver_reason": contract.waiver_reason}
    form = TenderForm(_data(request), initial=initial)
    return form, lambda: deeds.set_tender(
        contract=contract, by=signed_in(request), **form.cleaned_data
    )


def _schedule(request: HttpRequest, reached: ReachedContract) -> tuple[SayingForm, Do]:
    contract = reached.contract
    held = {one.measure: one.target for one in contract.schedule.all()}
    form = ScheduleForm(_data(request), held=held)
    return form, lambda: set_schedule(contract=contract, targets=form.given, by=signed_in(request))


# The part's heading, who writes it (None: the side that drafted it), and its form.
EDITED: dict[str, tuple[str, Side | None, Callable[..., tuple[Any, Do]]]] = {
    "term": ("Term and notice", None, _term),
    "price": ("Price and volume", None, _price),
    "options": ("Options to extend", None, _options),
    "covers": ("What the contract covers", None, _covers),
    "places": ("Places of the block", None, _places),
    "clauses": ("Standard clauses", None, _clauses),
    "sub-contractors": ("Sub-contractors", None, _subs),
    "schedule": ("Performance schedule", None, _schedule),
    "shares": ("Shares", Side.COMMISSIONER, _shares),
    "tender": ("Tender route", Side.COMMISSIONER, _tender),
}


@require_http_methods(PAGE)
def contract_edit(request: HttpRequest, reference: str, part: str) -> HttpResponse:
    """One part of a contract; what was typed stays, also when somebody saved meanwhile."""
    reached = contract_or_404(request, reference)
    if part not in EDITED:
        raise Http404
    heading, side, make = EDITED[part]
    if not reached.writes_for(side or Side(reached.contract.proposed_by)):
        raise PermissionDenied("Your role does not let you write this part of the contract.")
    form, do = make(request, reached)
    if request.method == "POST" and form.is_valid() and _saved(form, do, reached.contract):
        messages.success(request, f"{heading}: saved.")
        return redirect(reached.href())
    return form_page(
        request,
        form,
        heading=heading,
        button="Save",
        cancel_href=reached.href(),
        breadcrumbs=crumbs(reached, (heading, "")),
        caption=str(reached.contract),
        now=lambda: _now(reached.contract, form),
    )


def _saved(form: Any, do: Do, contract: Contract) -> object:
    if not isinstance(form, RevisedForm):
        return attempt(form, do)
    return save_record(form, contract, do)


def _now(contract: Contract, form: Any) -> list[Fact]:
    """What the fields of the form are by now."""
    held = [(name, getattr(contract, name, None)) for name in form.fields if name != "revision"]
    return [
        Fact(str(form.fields[name].label), str(value))
        for name, value in held
        if value not in (None, "")
    ]


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
        _data(request),
        revision=contract.revision,
        parts=parts,
        put=held or suggested(due or 0, parts),  # type: ignore[arg-type]  # nothing is suggested
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and _saved(
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
    form = SayingForm(_data(request))
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


@require_http_methods(PAGE)
def contract_documents(request: HttpRequest, reference: str) -> HttpResponse:
    """Documents of both sides, and a further one."""
    reached = contract_or_404(request, reference)
    adds = reached.side is not None
    if request.method == "POST" and not adds:
        raise PermissionDenied("Your role does not let you add documents here.")
    posted = request.method == "POST"
    form = DocumentForm(*((request.POST, request.FILES) if posted else ())) if adds else None
    if form is not None and posted and form.is_valid():
        file = form.cleaned_data["file"]
        if attempt(
            form,
            lambda: add_contract_document(
                contract=reached.contract, file=file, by=signed_in(request)
            ),
        ):
            messages.success(request, f"{file.name} is kept with the contract.")
            return redirect(reached.href("contract-documents"))
    rows = reached.contract.documents.select_related(
        "document__organisation", "document__added_by"
    ).order_by("pk")
    return render(
        request,
        "providers/contracts/documents.html",
        contract_page(
            reached,
            "providers:contract-documents",
            form=form,
            documents=[(one, reached.href("contract-document", one.pk)) for one in rows],
        ),
    )


@require_safe
def contract_document(request: HttpRequest, reference: str, number: int) -> FileResponse:
    """The file, for both sides, always as an attachment."""
    reached = contract_or_404(request, reference)
    rows = reached.contract.documents.select_related("document")
    return handed_out(get_object_or_404(rows, pk=number).document)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
