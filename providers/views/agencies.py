"""Providers and the NDTMS agencies through which they report."""

import django_tables2
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.forms.organisations import OnADayForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.tables import DayColumn, NameColumn, Table
from commissioning.views.lists import list_response
from commissioning.views.organisations import overview_of
from commissioning.views.requests import attempt, insist, organisation_at, signed_in
from providers.forms.agencies import AgencyForm, ProviderForm
from providers.models import Agency, Provider
from providers.selectors.agencies import agencies_of
from providers.services.providers import add_agency, add_provider, close_agency

FORM = "commissioning/form.html"
PAGE = ["GET", "HEAD", "POST"]


class AgencyTable(Table):
    """Agencies of a provider."""

    caption = "NDTMS agencies"
    counted = ("agency", "agencies")
    empty_title = "No agency yet"

    code = NameColumn(verbose_name="Code")
    name = django_tables2.Column()
    partnership = django_tables2.Column(
        accessor="partnership__organisation__name", verbose_name="Stands in", default=MISSING
    )
    is_prison = django_tables2.Column(verbose_name="In a prison")
    opened_on = DayColumn(verbose_name="Opened on")
    closed_on = DayColumn(verbose_name="Closed on")

    class Meta:
        model = Agency
        fields: tuple[str, ...] = ()
        sequence = ("code", "name", "partnership", "is_prison", "opened_on", "closed_on")

    def render_is_prison(self, *, value: bool) -> str:
        return "Yes" if value else "No"


@require_safe
def agency_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """For an administrator, and for whoever belongs to the provider."""
    provider = organisation_at(request, "provider", code)
    person = signed_in(request)
    manages = person.reach(Permission.ORGANISATION_MANAGE).covers(provider.pk)
    table = AgencyTable(
        agencies_of(provider, seen_by=person),
        empty_text="A provider reports through its agencies: an administrator adds them.",
    )
    if manages:
        table.columns["code"].column.href = lambda agency: reverse(
            "providers:agency-close", args=[code, agency.code]
        )
    return list_response(
        request,
        table,
        heading=f"Agencies of {provider}",
        template="providers/agency_list.html",
        breadcrumbs=[(provider.name, overview_of(provider)), ("Agencies", "")],
        manages=manages,
        provider=provider,
    )


@require_http_methods(PAGE)
def provider_add(request: HttpRequest) -> HttpResponse:
    insist(request, Permission.ORGANISATION_MANAGE)
    form = ProviderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        provider = attempt(form, lambda: add_provider(**given, by=signed_in(request)))
        if provider:
            messages.success(request, f"{provider} is added. Add its agencies next.")
            return redirect("providers:agency-list", code=provider.code)
    listed = reverse("commissioning:organisation-list")
    words = {
        "form": form,
        "button": "Add the provider",
        "cancel_href": listed,
        "page_heading": "Add a provider",
        "breadcrumbs": [("Organisations", listed), ("Add a provider", "")],
    }
    return render(request, FORM, words)


@require_http_methods(PAGE)
def agency_add(request: HttpRequest, code: str) -> HttpResponse:
    provider = _managed(request, code)
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        agency = attempt(
            form,
            lambda: add_agency(provider=_row(request, provider), **given, by=signed_in(request)),
        )
        if agency:
            messages.success(request, f"{agency} is added: its returns are taken from now on.")
            return redirect("providers:agency-list", code=code)
    return render(request, FORM, _words(form, provider, "Add an agency"))


@require_http_methods(PAGE)
def agency_close(request: HttpRequest, code: str, agency: str) -> HttpResponse:
    provider = _managed(request, code)
    found = get_object_or_404(agencies_of(provider, seen_by=signed_in(request)), code=agency)
    form = OnADayForm(request.POST or None, on=business_day())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(
            form, lambda: close_agency(agency=found, on=given["on"], by=signed_in(request))
        ):
            messages.success(request, f"{found} is closed from {day(given['on'])}.")
            return redirect("providers:agency-list", code=code)
    return render(request, FORM, _words(form, provider, f"Close {found}"))


def _managed(request: HttpRequest, code: str) -> Organisation:
    provider = organisation_at(request, "provider", code)
    insist(request, Permission.ORGANISATION_MANAGE, provider)
    return provider


def _row(request: HttpRequest, organisation: Organisation) -> Provider:
    reached = Provider.objects.permitted(signed_in(request), Permission.ORGANISATION_VIEW)
    return get_object_or_404(reached.select_related("organisation"), pk=organisation.pk)


def _words(form: object, provider: Organisation, heading: str) -> dict[str, object]:
    listed = reverse("providers:agency-list", args=[provider.code])
    return {
        "form": form,
        "button": heading,
        "cancel_href": listed,
        "page_heading": heading,
        "breadcrumbs": [
            (provider.name, overview_of(provider)),
            ("Agencies", listed),
            (heading, ""),
        ],
    }
