"""A provider's sites: the list, and keeping it."""

from typing import Any

import django_tables2
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.components import Fact
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day
from commissioning.tables import DayColumn, NameColumn, Table
from commissioning.views.lists import list_response
from commissioning.views.records import save_record
from commissioning.views.requests import attempt, signed_in
from providers.forms.register.sites import ClosingForm, SiteForm
from providers.models import Provider, Site
from providers.selectors.register.records import sites_of
from providers.services.register.sites import add_site, change_site, close_site
from providers.views.register.reaching import (
    FORM,
    PAGE,
    crumbs,
    form_page,
    insist_on_keeping,
    keeps,
    provider_or_404,
    site_or_404,
    sites_href,
)


class SitesTable(Table):
    """Sites of one provider."""

    caption = "Sites"
    counted = ("site", "sites")
    empty_title = "No site yet"

    name = NameColumn(verbose_name="Site")
    address = django_tables2.Column(verbose_name="Address")
    outcode = django_tables2.Column(verbose_name="Postcode")
    local_authority = django_tables2.Column(
        accessor="local_authority__name", verbose_name="Local authority", default=MISSING
    )
    partnership = django_tables2.Column(
        accessor="partnership__organisation__name", verbose_name="Partnership", default=MISSING
    )
    position = django_tables2.Column(
        accessor="latitude", verbose_name="Position", default=MISSING, orderable=False
    )
    opened_on = DayColumn(verbose_name="Opened on")
    closed_on = DayColumn(verbose_name="Closed on")

    class Meta:
        model = Site
        fields: tuple[str, ...] = ()
        sequence = (
            *("name", "address", "outcode", "local_authority", "partnership", "position"),
            *("opened_on", "closed_on"),
        )

    def render_position(self, record: Site) -> str:
        return f"{record.latitude:.2f}, {record.longitude:.2f}"

    def value_position(self, record: Site) -> str:
        return MISSING if record.latitude is None else self.render_position(record)


@require_safe
def site_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """Where the provider works."""
    provider = provider_or_404(code)
    table = SitesTable(
        sites_of(provider),
        empty_text="Services work at sites: the provider adds them here.",
    )
    may_keep = keeps(request, provider)
    if may_keep:
        table.columns["name"].column.href = lambda site: reverse(
            "providers:site-change", args=[code, site.slug]
        )
    return list_response(
        request,
        table,
        heading=f"Sites of {provider}",
        breadcrumbs=crumbs(provider, ("Sites", "")),
        template="providers/register/site_list.html",
        provider=provider,
        keeps=may_keep,
    )


@require_http_methods(PAGE)
def site_add(request: HttpRequest, code: str) -> HttpResponse:
    provider = provider_or_404(code)
    insist_on_keeping(request, provider)
    form = SiteForm(request.POST or None, on=business_day())
    if request.method == "POST" and form.is_valid():
        added = attempt(
            form,
            lambda: add_site(
                provider=provider,
                facts=form.facts(),
                opened_on=form.cleaned_data["opened_on"],
                by=signed_in(request),
            ),
        )
        if added:
            messages.success(request, f"{added} is added. Services can work there now.")
            return redirect(sites_href(provider))
    return _page(request, provider, form, "Add a site", "Add the site")


@require_http_methods(PAGE)
def site_change(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    site = _kept(request, code, slug)
    form = SiteForm(request.POST or None, site=site, on=business_day())
    if request.method == "POST" and form.is_valid():
        done = save_record(
            form,
            site,
            lambda: change_site(
                site=site, facts=form.facts(), revision=form.seen, by=signed_in(request)
            ),
        )
        if done:
            messages.success(request, f"{done} is saved.")
            return redirect(sites_href(site.provider))
    now = [Fact("Name", site.name), Fact("Address", f"{site.address}, {site.outcode}")]
    return _page(
        request,
        site.provider,
        form,
        f"Change {site}",
        "Save the site",
        now=now if form.overtaken else [],
        closes=reverse("providers:site-close", args=[code, slug])
        if site.closed_on is None
        else "",
    )


@require_http_methods(PAGE)
def site_close(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    site = _kept(request, code, slug)
    form = ClosingForm(request.POST or None, on=business_day())
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        if attempt(form, lambda: close_site(site=site, on=on, by=signed_in(request))):
            messages.success(request, f"{site} is closed from {day(on)}.")
            return redirect(sites_href(site.provider))
    return _page(request, site.provider, form, f"Close {site}", "Close the site")


def _kept(request: HttpRequest, code: str, slug: str) -> Site:
    site = site_or_404(code, slug)
    insist_on_keeping(request, site.provider)
    return site


def _page(
    request: HttpRequest, provider: Provider, form: Any, heading: str, button: str, **more: Any
) -> HttpResponse:
    listed = sites_href(provider)
    page = form_page(
        form,
        heading=heading,
        button=button,
        cancel_href=listed,
        breadcrumbs=crumbs(provider, ("Sites", listed), (heading, "")),
        **more,
    )
    return render(request, FORM, page)
