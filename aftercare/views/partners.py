"""Partner agencies of a partnership or a provider."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from aftercare.forms.partners import EndForm, PartnerForm
from aftercare.models import PartnerAgency
from aftercare.selectors.partners import partners_of
from aftercare.services import partners as deeds
from aftercare.views.reaching import (
    crumbs,
    href,
    may_write,
    owner_at,
    partner_at,
    written_by,
)
from aftercare.views.tables import PartnerTable
from commissioning.components import Fact
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day
from commissioning.models import Organisation
from commissioning.views.history import happenings
from commissioning.views.lists import Crumbs, list_response
from commissioning.views.records import form_page, save
from commissioning.views.requests import attempt, signed_in

PAGE = ["GET", "HEAD", "POST"]


@require_safe
def partner_list(request: HttpRequest, kind: str, code: str) -> HttpResponseBase:
    """For whoever may view the partnership or the provider."""
    owner = owner_at(request, kind, code)
    writes = may_write(request, owner)
    table = PartnerTable(
        partners_of(owner, on=business_day()),
        empty_text="Housing, support and work are offered by others: write down who they are.",
    )
    if writes:
        table.columns["name"].column.href = lambda one: href("partner-change", owner, one.slug)
    return list_response(
        request,
        table,
        heading="Partner agencies",
        breadcrumbs=crumbs(owner),
        template="aftercare/partner_list.html",
        caption=owner.name,
        add_href=href("partner-add", owner) if writes else "",
    )


@require_http_methods(PAGE)
def partner_add(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    owner = written_by(request, kind, code)
    form = PartnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        partner = attempt(
            form,
            lambda: deeds.add_partner(
                organisation=owner, words=form.words(), by=signed_in(request)
            ),
        )
        if partner:
            messages.success(request, f"{partner} is written down. Add what it offers next.")
            return redirect(href("link-add", owner))
    return form_page(
        request,
        form,
        heading="Add a partner agency",
        button="Add the agency",
        cancel_href=href("partner-list", owner),
        breadcrumbs=_crumbs(owner),
        caption=owner.name,
    )


@require_http_methods(PAGE)
def partner_change(request: HttpRequest, kind: str, code: str, slug: str) -> HttpResponse:
    owner = written_by(request, kind, code)
    partner = partner_at(request, owner, slug)
    form = PartnerForm(request.POST or None, partner=partner)
    if request.method == "POST" and form.is_valid():
        changed = save(
            form,
            lambda: deeds.change_partner(
                partner=partner, words=form.words(), revision=form.seen, by=signed_in(request)
            ),
            revision_now=lambda: partner_at(request, owner, slug).revision,
        )
        if changed:
            messages.success(request, f"{changed} is saved.")
            return redirect(href("partner-list", owner))
    return form_page(
        request,
        form,
        heading=f"Change {partner}",
        button="Save the agency",
        cancel_href=href("partner-list", owner),
        breadcrumbs=_crumbs(owner),
        now=lambda: _facts(partner_at(request, owner, slug)),
        template="aftercare/partner_form.html",
        caption=owner.name,
        happenings=happenings(partner),
        end_href="" if partner.ended_on else href("partner-end", owner, slug),
    )


@require_http_methods(PAGE)
def partner_end(request: HttpRequest, kind: str, code: str, slug: str) -> HttpResponse:
    owner = written_by(request, kind, code)
    partner = partner_at(request, owner, slug)
    form = EndForm(request.POST or None, on=business_day())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(
            form, lambda: deeds.end_partner(partner=partner, **given, by=signed_in(request))
        ):
            messages.success(
                request, f"{partner} is no partner from {day(given['on'])}; its links end too."
            )
            return redirect(href("partner-list", owner))
    return form_page(
        request,
        form,
        heading=f"End {partner}",
        button="End the agency",
        cancel_href=href("partner-list", owner),
        breadcrumbs=_crumbs(owner),
        caption=owner.name,
        lead="Its links end with it. What was agreed stays readable.",
    )


def _crumbs(owner: Organisation) -> Crumbs:
    return crumbs(owner, ("Partner agencies", href("partner-list", owner)))


def _facts(partner: PartnerAgency) -> list[Fact]:
    return [
        Fact("Name", partner.name),
        Fact("Telephone", partner.telephone or MISSING),
        Fact("E-mail", partner.email or MISSING),
        Fact("Address", partner.address or MISSING),
    ]
