"""Keeping a provider's services: adding and changing them, their hours, their wait, closing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commissioning.components import Fact
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day
from commissioning.views.records import save_record
from commissioning.views.requests import attempt, signed_in
from providers.forms.register.services import HoursForm, ServiceForm, WaitForm
from providers.forms.register.sites import ClosingForm
from providers.models import Service
from providers.services.register.services import (
    add_service,
    change_service,
    close_service,
    set_hours,
    state_waiting,
)
from providers.views.register.reaching import (
    FORM,
    PAGE,
    crumbs,
    form_page,
    insist_on_keeping,
    provider_or_404,
    service_href,
    service_or_404,
    services_href,
    sites_href,
)


@require_http_methods(PAGE)
def service_add(request: HttpRequest, code: str) -> HttpResponse:
    provider = provider_or_404(code)
    insist_on_keeping(request, provider)
    form = ServiceForm(request.POST or None, provider=provider, on=business_day())
    if request.method == "POST" and form.is_valid():
        added = attempt(
            form,
            lambda: add_service(
                provider=provider,
                facts=form.facts(),
                catchment=form.catchment_chosen(),
                opened_on=form.cleaned_data["opened_on"],
                by=signed_in(request),
            ),
        )
        if added:
            messages.success(request, f"{added} is added. Say next what it delivers, and when.")
            return redirect(service_href(added))
    listed = services_href(provider)
    page = form_page(
        form,
        heading="Add a service",
        button="Add the service",
        cancel_href=listed,
        breadcrumbs=crumbs(provider, ("Services", listed), ("Add a service", "")),
    )
    page["lead"] = "A service works at a site: add the site first if it is not in the list."
    page["sites_href"] = sites_href(provider)
    return render(request, FORM, page)


@require_http_methods(PAGE)
def service_change(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    service = _kept(request, code, slug)
    form = ServiceForm(
        request.POST or None, provider=service.provider, service=service, on=business_day()
    )
    if request.method == "POST" and form.is_valid():
        done = save_record(
            form,
            service,
            lambda: change_service(
                service=service,
                facts=form.facts(),
                catchment=form.catchment_chosen(),
                revision=form.seen,
                by=signed_in(request),
            ),
        )
        if done:
            messages.success(request, f"{done} is saved.")
            return redirect(service_href(done))
    return _page(request, service, form, f"Change {service}", "Save the service", now=_facts)


@require_http_methods(PAGE)
def service_hours(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    service = _kept(request, code, slug)
    form = HoursForm(request.POST or None, service=service)
    if request.method == "POST" and form.is_valid():
        done = save_record(
            form,
            service,
            lambda: set_hours(
                service=service,
                openings=form.openings,
                open_all_hours=form.cleaned_data["open_all_hours"],
                revision=form.seen,
                by=signed_in(request),
            ),
        )
        if done:
            messages.success(request, f"The hours of {done} are set.")
            return redirect(service_href(done))
    return _page(request, service, form, f"Hours of {service}", "Set the hours", now=_week)


@require_http_methods(PAGE)
def service_waiting(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    service = _kept(request, code, slug)
    form = WaitForm(request.POST or None, initial={"days": service.waiting_days})
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: state_waiting(
                service=service,
                days=form.cleaned_data["days"],
                on=business_day(),
                by=signed_in(request),
            ),
        )
        if done:
            messages.success(request, f"The wait for {done} is stated as of today.")
            return redirect(service_href(done))
    return _page(request, service, form, f"Wait for {service}", "State the wait")


@require_http_methods(PAGE)
def service_close(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    service = _kept(request, code, slug)
    form = ClosingForm(request.POST or None, on=business_day())
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        done = attempt(form, lambda: close_service(service=service, on=on, by=signed_in(request)))
        if done:
            messages.success(request, f"{done} is closed from {day(on)}. Its record stays.")
            return redirect(service_href(done))
    return _page(request, service, form, f"Close {service}", "Close the service")


def _kept(request: HttpRequest, code: str, slug: str) -> Service:
    service = service_or_404(code, slug)
    insist_on_keeping(request, service.provider)
    return service


def _page(
    request: HttpRequest,
    service: Service,
    form: Any,
    heading: str,
    button: str,
    *,
    now: Callable[[Service], list[Fact]] | None = None,
) -> HttpResponse:
    """A form about a service; with what it says now where somebody saved meanwhile."""
    listed = services_href(service.provider)
    steps = (("Services", listed), (service.name, service_href(service)), (heading, ""))
    page = form_page(
        form,
        heading=heading,
        button=button,
        cancel_href=service_href(service),
        breadcrumbs=crumbs(service.provider, *steps),
        now=now(service) if now and getattr(form, "overtaken", False) else [],
    )
    return render(request, FORM, page)


def _facts(service: Service) -> list[Fact]:
    shown = ("name", "site", "description", "age_from", "age_to", "how_to_refer", "telephone")
    return [
        Fact(name.replace("_", " ").capitalize(), str(getattr(service, name) or MISSING))
        for name in shown
    ]


def _week(service: Service) -> list[Fact]:
    form = HoursForm(service=service)
    return [
        Fact(str(field.label), str(field.initial or "Closed"))
        for name, field in form.fields.items()
        if name.startswith("day_")
    ]
