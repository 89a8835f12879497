"""Writing a contract's parts, one thing a page; its documents."""

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
from commissioning.views.documents import handed_out
from commissioning.views.records import form_page, save_record
from commissioning.views.requests import attempt, signed_in
from providers.choices import Side
from providers.forms.contracts.buying import SharesForm, TenderForm
from providers.forms.contracts.deeds import DocumentForm
from providers.forms.contracts.performance import ScheduleForm
from providers.forms.contracts.terms import (
    ClausesForm,
    CoversForm,
    OptionsForm,
    PlacesForm,
    PriceForm,
    SubContractorsForm,
    TermForm,
)
from providers.models import Contract
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
    held = {one.measure: one.target for one in contract.schedule.agreed()}
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
    if request.method == "POST" and form.is_valid() and saved(form, do, reached.contract):
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


def saved(form: Any, do: Do, contract: Contract) -> object:
    """What the deed gives; nothing where it is refused, and the form says why."""
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
