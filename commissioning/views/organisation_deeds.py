"""What is done about organisations: what they become, and what is true of them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commissioning.choices import MEMBER_KINDS, OrganisationKind
from commissioning.forms.organisations import (
    DocumentForm,
    FactForm,
    OnADayForm,
    OrganisationForm,
    OthersForm,
    RenameForm,
)
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import day, joined
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.selectors.organisations import facts_of, organisations_of
from commissioning.services import organisations
from commissioning.services.documents import add_document
from commissioning.views.organisations import address_of
from commissioning.views.requests import attempt, insist, organisation_at, signed_in

PAGE = ["GET", "HEAD", "POST"]
Crumbs = list[tuple[str, str]]


@require_http_methods(PAGE)
def organisation_add(request: HttpRequest) -> HttpResponse:
    insist(request, Permission.ORGANISATION_MANAGE)
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form, lambda: organisations.add_organisation(**given, by=signed_in(request))
        )
        if made:
            messages.success(request, f"{made} is added. State its facts next.")
            return redirect(address_of(made))
    return _page(request, form, "Add an organisation", "Add the organisation", _list_crumbs())


@require_http_methods(PAGE)
def organisation_rename(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    organisation = _managed(request, kind, code)
    form = RenameForm(request.POST or None, on=business_day())
    return _deed(
        request,
        organisation,
        form,
        "Rename",
        deed=lambda given: organisations.rename_organisation(
            organisation=organisation, **given, by=signed_in(request)
        ),
        done=lambda given: f"From {day(given['on'])} it is called {given['name']}.",
    )


@require_http_methods(PAGE)
def organisation_close(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    organisation = _managed(request, kind, code)
    form = OnADayForm(request.POST or None, on=business_day())
    return _deed(
        request,
        organisation,
        form,
        "Close",
        deed=lambda given: organisations.close_organisation(
            organisation=organisation, **given, by=signed_in(request)
        ),
        done=lambda given: f"It is closed from {day(given['on'])}. Its records stay.",
    )


@require_http_methods(PAGE)
def organisation_merge(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    organisation = _managed(request, kind, code)
    form = _others_form(request, organisation, "Which others merge into it")
    return _deed(
        request,
        organisation,
        form,
        "Merge others into it",
        deed=lambda given: organisations.merge_organisations(
            predecessors=list(given["others"]),
            successor=organisation,
            on=given["on"],
            by=signed_in(request),
        ),
        done=lambda given: f"{joined(given['others'])} merged into it on {day(given['on'])}.",
    )


@require_http_methods(PAGE)
def organisation_split(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    organisation = _managed(request, kind, code)
    form = _others_form(request, organisation, "Which organisations it splits into")
    return _deed(
        request,
        organisation,
        form,
        "Split",
        deed=lambda given: organisations.split_organisation(
            predecessor=organisation,
            successors=list(given["others"]),
            on=given["on"],
            by=signed_in(request),
        ),
        done=lambda given: f"It split into {joined(given['others'])} on {day(given['on'])}.",
    )


@require_http_methods(PAGE)
def fact_state(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    organisation = _managed(request, kind, code)
    form = FactForm(
        request.POST or None,
        organisations=organisations_of(
            OrganisationKind.REGION, *sorted(MEMBER_KINDS), on=business_day()
        ),
        on=business_day(),
    )
    return _deed(
        request,
        organisation,
        form,
        "State a fact",
        deed=lambda given: organisations.state_fact(
            organisation=organisation, **given, by=signed_in(request)
        ),
        done=lambda given: f"The fact holds from {day(given['from_on'])}.",
    )


@require_http_methods(PAGE)
def fact_end(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    organisation = _managed(request, kind, code)
    fact = facts_of(organisation, seen_by=signed_in(request)).filter(pk=number).first()
    if fact is None:
        raise Http404
    form = OnADayForm(request.POST or None, on=business_day())
    return _deed(
        request,
        organisation,
        form,
        "End the fact",
        deed=lambda given: organisations.end_fact(
            fact=fact, until_on=given["on"], by=signed_in(request)
        ),
        done=lambda given: f"The fact no longer holds from {day(given['on'])}.",
        lead=str(fact),
    )


@require_http_methods(PAGE)
def document_add(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    organisation = organisation_at(request, kind, code)
    insist(request, Permission.DOCUMENT_ADD, organisation)
    form = DocumentForm(request.POST or None, request.FILES or None)
    return _deed(
        request,
        organisation,
        form,
        "Add a document",
        deed=lambda given: add_document(
            organisation=organisation, file=given["file"], by=signed_in(request)
        ),
        done=lambda given: f"{given['file'].name} is kept.",
    )


def _managed(request: HttpRequest, kind: str, code: str) -> Organisation:
    organisation = organisation_at(request, kind, code)
    insist(request, Permission.ORGANISATION_MANAGE, organisation)
    return organisation


def _others_form(request: HttpRequest, organisation: Organisation, label: str) -> OthersForm:
    others = organisations_of(
        OrganisationKind(organisation.kind), on=business_day(), besides=organisation
    )
    return OthersForm(request.POST or None, organisations=others, label=label, on=business_day())


def _deed(
    request: HttpRequest,
    organisation: Organisation,
    form: forms.Form,
    button: str,
    *,
    deed: Callable[[dict[str, Any]], object],
    done: Callable[[dict[str, Any]], str],
    lead: str = "",
) -> HttpResponse:
    """One form, one service call, and back to the organisation."""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: deed(given)):
            messages.success(request, done(given))
            return redirect(address_of(organisation))
    crumbs = [(organisation.name, address_of(organisation))]
    return _page(request, form, f"{button}: {organisation}", button, crumbs, lead=lead)


def _page(
    request: HttpRequest,
    form: forms.Form,
    heading: str,
    button: str,
    crumbs: Crumbs,
    *,
    lead: str = "",
) -> HttpResponse:
    return render(
        request,
        "commissioning/form.html",
        {
            "form": form,
            "button": button,
            "lead": lead,
            "cancel_href": crumbs[-1][1],
            "page_heading": heading,
            "breadcrumbs": [*crumbs, (button, "")],
        },
    )


def _list_crumbs() -> Crumbs:
    return [("Organisations", reverse("commissioning:organisation-list"))]
