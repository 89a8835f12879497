"""Links of a partnership and of a provider's services; what is missing stands on top."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftercare.forms.links import LinkForm, NewLinkForm
from aftercare.forms.partners import EndForm
from aftercare.models import AftercareLink
from aftercare.selectors.links import gaps_in, gaps_of, links_of, services_to_link
from aftercare.selectors.partners import partners_to_link
from aftercare.services import links as deeds
from aftercare.views.reaching import crumbs, href, link_at, may_write, owner_at, written_by
from aftercare.views.tables import (
    ENDED,
    IN_FORCE,
    STANDINGS,
    TO_CONFIRM,
    GapTable,
    LinkFilter,
    LinkTable,
)
from commissioning.choices import OrganisationKind
from commissioning.components import Fact, Summary
from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import MISSING, day
from commissioning.roles import Permission
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.views.history import happenings
from commissioning.views.lists import list_response
from commissioning.views.records import form_page, save
from commissioning.views.requests import attempt, insist, organisation_at, signed_in

PAGE = ["GET", "HEAD", "POST"]


@require_safe
def link_list(request: HttpRequest, kind: str, code: str) -> HttpResponseBase:
    """For whoever may view the partnership or the provider."""
    owner, today = owner_at(request, kind, code), business_day()
    shown = LinkFilter(request.GET, queryset=links_of(owner), request=request)
    asked = STANDINGS.get(shown.asked("standing") or "")
    rows = [
        link
        for link in _standing(list(shown.qs), on=today)
        if (link.standing == asked if asked else link.standing != ENDED)  # type: ignore[attr-defined]
    ]
    table = LinkTable(
        rows,
        empty_text="Write down a partner agency first, and then what it offers.",
        exclude=("service",) if kind == "partnership" else (),
    )
    table.columns["partner"].column.href = lambda one: href("link", owner, one.pk)
    return list_response(
        request,
        table,
        heading="Aftercare links",
        breadcrumbs=crumbs(owner)[:1],
        filterset=shown,
        template="aftercare/link_list.html",
        owner=owner,
        gaps=gaps_of(owner, on=today),
        add_href=href("link-add", owner) if may_write(request, owner) else "",
        partners_href=href("partner-list", owner),
    )


@require_safe
def missing_links(request: HttpRequest, code: str = "") -> HttpResponseBase:
    """What the partnerships and the Tier 4 services of a region lack, or of all England."""
    region = organisation_at(request, "region", code) if code else None
    if region is None:
        insist(request, Permission.ORGANISATION_VIEW)
    place = region.name if region else "England"
    table = GapTable(
        gaps_in(region, on=business_day()),
        empty_text="Every partnership and every Tier 4 service has links to housing and support.",
    )
    table.columns["name"].column.href = lambda gap: f"/{gap.place}/{gap.code}/partners/"
    return list_response(
        request,
        table,
        heading="Missing aftercare links",
        breadcrumbs=[(place, f"/region/{region.code}/" if region else "/england/")],
        template="aftercare/gap_list.html",
        caption=place,
        within="the region" if region else "England",
    )


@require_safe
def link_detail(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """One link with its history, and what may be done about it."""
    owner = owner_at(request, kind, code)
    link = link_at(request, owner, number)
    (shown,) = _standing([link], on=business_day())
    held = shown.standing != ENDED  # type: ignore[attr-defined]
    return render(
        request,
        "aftercare/link_detail.html",
        {
            "link": link,
            "summary": _summary(link, shown.standing),  # type: ignore[attr-defined]
            "happenings": happenings(link),
            "may_write": held and may_write(request, owner),
            "change_href": href("link-change", owner, number),
            "confirm_href": href("link-confirm", owner, number),
            "end_href": href("link-end", owner, number),
            "page_heading": str(link),
            "caption": owner.name,
            "breadcrumbs": crumbs(owner),
        },
    )


@require_http_methods(PAGE)
def link_add(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    owner, today = written_by(request, kind, code), business_day()
    form = NewLinkForm(
        request.POST or None,
        request.FILES or None,
        on=today,
        partners=partners_to_link(owner, on=today),
        services=services_to_link(owner, on=today)
        if owner.kind == OrganisationKind.PROVIDER
        else None,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        link = attempt(
            form,
            lambda: deeds.add_link(
                partner=given["partner"],
                service=given.get("service"),
                words=form.words(),
                by=signed_in(request),
            ),
        )
        if link:
            messages.success(request, f"The link is kept. {link} is shown at booking from now on.")
            return redirect(href("partners", owner))
    return form_page(
        request,
        form,
        heading="Add a link",
        button="Add the link",
        cancel_href=href("partners", owner),
        breadcrumbs=crumbs(owner),
        caption=owner.name,
        lead="An agency that is not in the list is written down first, under partner agencies.",
    )


@require_http_methods(PAGE)
def link_change(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    owner = written_by(request, kind, code)
    link = link_at(request, owner, number)
    form = LinkForm(request.POST or None, request.FILES or None, on=business_day(), link=link)
    if request.method == "POST" and form.is_valid():
        changed = save(
            form,
            lambda: deeds.change_link(
                link=link,
                words=form.words(),
                revision=form.seen,
                by=signed_in(request),
            ),
            revision_now=lambda: link_at(request, owner, number).revision,
        )
        if changed:
            messages.success(request, "The link is saved.")
            return redirect(href("link", owner, number))
    return form_page(
        request,
        form,
        heading=f"Change {link}",
        button="Save the link",
        cancel_href=href("link", owner, number),
        breadcrumbs=crumbs(owner, (str(link), href("link", owner, number))),
        now=lambda: _facts(link_at(request, owner, number)),
        caption=owner.name,
    )


@require_POST
def link_confirm(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """The agency was asked today and it still holds."""
    owner = written_by(request, kind, code)
    link = link_at(request, owner, number)
    try:
        deeds.confirm_link(link=link, on=business_day(), by=signed_in(request))
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{link} holds: confirmed today.")
    return redirect(href("link", owner, number))


@require_http_methods(PAGE)
def link_end(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    owner = written_by(request, kind, code)
    link = link_at(request, owner, number)
    form = EndForm(request.POST or None, on=business_day())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: deeds.end_link(link=link, **given, by=signed_in(request))):
            messages.success(request, f"{link} ends on {day(given['on'])}. Its record stays.")
            return redirect(href("partners", owner))
    return form_page(
        request,
        form,
        heading=f"End {link}",
        button="End the link",
        cancel_href=href("link", owner, number),
        breadcrumbs=crumbs(owner, (str(link), href("link", owner, number))),
        caption=owner.name,
    )


def _standing(links: list[AftercareLink], *, on: dt.date) -> list[AftercareLink]:
    """Each with its standing in a word, for the list and its files."""
    oldest = on - dt.timedelta(days=settings_in_force(on=on).link_confirm_days)
    for link in links:
        sure = link.confirmed_on or link.agreed_on
        if link.ended_on is not None and link.ended_on <= on:
            said = ENDED
        else:
            said = TO_CONFIRM if sure < oldest else IN_FORCE
        link.standing = said  # type: ignore[attr-defined]
    return links


def _summary(link: AftercareLink, standing: str) -> Summary:
    tone = {IN_FORCE: "good", TO_CONFIRM: "watch"}.get(standing, "plain")
    return Summary(str(link.partner), standing, tone, _facts(link))  # type: ignore[arg-type]


def _facts(link: AftercareLink) -> list[Fact]:
    document = link.document
    confirmed = day(link.confirmed_on)
    if link.confirmed_by:
        confirmed += f", by {link.confirmed_by}"
    return [
        Fact("Kind", link.get_kind_display()),
        Fact("For", str(link.service or f"residents of {link.partnership}")),
        Fact("Offers", link.offers),
        Fact("How to refer", link.how_to_refer),
        Fact("Agreement", link.agreement or MISSING),
        Fact("Agreed on", day(link.agreed_on)),
        Fact("Last confirmed", confirmed),
        Fact("Ended on", day(link.ended_on)),
        Fact(
            "Document",
            document.name if document else MISSING,
            reverse("commissioning:document-download", args=[document.pk]) if document else "",
        ),
    ]
