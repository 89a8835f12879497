"""Contracts of a partnership and of a provider; a new one of either."""

from typing import Any

import django_tables2
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.kernel.words import MISSING
from commissioning.models import Organisation, Partnership
from commissioning.roles import Permission
from commissioning.tables import CountColumn, DayColumn, NameColumn, PoundsColumn, Table, TagColumn
from commissioning.views.lists import list_response
from commissioning.views.organisations import overview_of
from commissioning.views.records import form_page
from commissioning.views.requests import attempt, insist, organisation_at, signed_in
from providers.choices import Side
from providers.filters.contracts import ContractFilter
from providers.forms.contracts.terms import (
    StartForm,
    partnerships_to_choose,
    providers_to_choose,
)
from providers.models import Contract, Provider
from providers.selectors.contracts.records import listed_for
from providers.services.contracts import TermsGiven, draft_contract
from providers.views.contracts.reaching import TONES

PAGE = ["GET", "HEAD", "POST"]


class ContractTable(Table):
    """Contracts, the first to end first."""

    caption = "Contracts"
    counted = ("contract", "contracts")
    empty_title = "No contract"

    reference = NameColumn(
        href=lambda one: reverse("providers:contract-detail", args=[one.reference])
    )
    title = django_tables2.Column()
    provider = django_tables2.Column(order_by=("provider__organisation__name",))
    lead = django_tables2.Column(verbose_name="Led by", order_by=("lead__organisation__name",))
    kind = django_tables2.Column()
    state = TagColumn(tone=lambda one: TONES[one.state])
    starts_on = DayColumn(verbose_name="Starts")
    ends_on = DayColumn(verbose_name="Ends before")
    price = PoundsColumn()
    price_unit = django_tables2.Column(verbose_name="For", default=MISSING)
    places = CountColumn()
    share = CountColumn(verbose_name="Share, %")

    class Meta:
        model = Contract
        fields: tuple[str, ...] = ()
        sequence = (
            "reference",
            "title",
            "provider",
            "lead",
            "kind",
            "state",
            "starts_on",
            "ends_on",
            "price",
            "price_unit",
            "places",
            "share",
        )

    def render_share(self, value: Any) -> str:
        return f"{value.normalize():f}"

    def value_provider(self, value: object) -> str:
        return str(value)

    def value_lead(self, value: object) -> str:
        return str(value)


@require_safe
def partnership_contracts(request: HttpRequest, code: str) -> HttpResponseBase:
    """Those a partnership leads or shares in."""
    place = organisation_at(request, "partnership", code)
    insist(request, Permission.CONTRACT_VIEW, place)
    partnership = _partnership(request, place)
    return _listed(request, place, partnership=partnership, provider=None)


@require_safe
def provider_contracts(request: HttpRequest, code: str) -> HttpResponseBase:
    """Those of a provider."""
    place = organisation_at(request, "provider", code)
    insist(request, Permission.CONTRACT_VIEW, place)
    return _listed(request, place, partnership=None, provider=_provider(request, place))


def _listed(
    request: HttpRequest,
    place: Organisation,
    *,
    partnership: Partnership | None,
    provider: Provider | None,
) -> HttpResponseBase:
    person = signed_in(request)
    rows = listed_for(person, partnership=partnership, provider=provider)
    shown = ContractFilter(request.GET, queryset=rows, request=request)
    table = ContractTable(shown.qs, exclude=("provider",) if provider else ())
    kind = "partnership" if partnership else "provider"
    permission = Permission.CONTRACT_EDIT if partnership else Permission.CONTRACT_ANSWER
    return list_response(
        request,
        table,
        heading="Contracts",
        breadcrumbs=[(place.name, overview_of(place))],
        filterset=shown,
        template="providers/contracts/list.html",
        caption=place.name,
        start_href=reverse(f"providers:{kind}-contract-start", args=[place.code])
        if person.reach(permission).covers(place.pk)
        else "",
        start_words="Draft a contract" if partnership else "Propose a contract",
        timeline_href=reverse(f"providers:{kind}-contract-dates", args=[place.code]),
    )


@require_http_methods(PAGE)
def partnership_contract_start(request: HttpRequest, code: str) -> HttpResponse:
    """A commissioner drafts one."""
    place = organisation_at(request, "partnership", code)
    insist(request, Permission.CONTRACT_EDIT, place)
    return _start(request, place, Side.COMMISSIONER)


@require_http_methods(PAGE)
def provider_contract_start(request: HttpRequest, code: str) -> HttpResponse:
    """A provider proposes one."""
    place = organisation_at(request, "provider", code)
    insist(request, Permission.CONTRACT_ANSWER, place)
    return _start(request, place, Side.PROVIDER)


def _start(request: HttpRequest, place: Organisation, side: Side) -> HttpResponse:
    drafts = side == Side.COMMISSIONER
    form = StartForm(
        request.POST if request.method == "POST" else None,
        parties=providers_to_choose() if drafts else partnerships_to_choose(),
        label="Provider" if drafts else "Partnership",
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        party = given.pop("party")
        made = attempt(
            form,
            lambda: draft_contract(
                provider=party if drafts else _provider(request, place),
                lead=_partnership(request, place) if drafts else party,
                terms=TermsGiven(**given),
                side=side,
                by=signed_in(request),
            ),
        )
        if made:
            messages.success(request, f"Contract {made.reference} is a draft. Fill in its parts.")
            return redirect("providers:contract-detail", reference=made.reference)
    heading = "Draft a contract" if drafts else "Propose a contract"
    kind = "partnership" if drafts else "provider"
    listed = reverse(f"providers:{kind}-contracts", args=[place.code])
    return form_page(
        request,
        form,
        heading=heading,
        button="Continue",
        cancel_href=listed,
        breadcrumbs=[(place.name, overview_of(place)), ("Contracts", listed)],
        caption=place.name,
    )


def _partnership(request: HttpRequest, place: Organisation) -> Partnership:
    rows = Partnership.objects.permitted(signed_in(request), Permission.CONTRACT_VIEW)
    return get_object_or_404(rows.select_related("organisation"), pk=place.pk)


def _provider(request: HttpRequest, place: Organisation) -> Provider:
    rows = Provider.objects.permitted(signed_in(request), Permission.CONTRACT_VIEW)
    return get_object_or_404(rows.select_related("organisation"), pk=place.pk)
