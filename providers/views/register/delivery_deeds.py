"""What a service delivers: added, changed and ended, at the tier proposed or with a reason."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import day
from commissioning.views.requests import attempt, signed_in
from providers.forms.register.delivered import DeliveryForm
from providers.forms.register.sites import ClosingForm
from providers.models import DeliveredIntervention, Service
from providers.selectors.register.records import delivered_at
from providers.services.register.delivered import (
    change_delivery,
    deliver,
    end_delivery,
    tier_proposed,
)
from providers.views.register.reaching import (
    FORM,
    PAGE,
    crumbs,
    form_page,
    insist_on_keeping,
    service_href,
    service_or_404,
    services_href,
)
from providers.views.register.words import setting_words


@require_http_methods(PAGE)
def delivery_add(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    service = service_or_404(code, slug)
    insist_on_keeping(request, service.provider)
    form = DeliveryForm(request.POST or None, on=business_day())
    if request.method == "POST" and form.is_valid() and "propose" not in request.POST:
        made = attempt(
            form,
            lambda: deliver(
                service=service,
                facts=form.facts(),
                from_on=form.cleaned_data["from_on"],
                by=signed_in(request),
            ),
        )
        if made:
            messages.success(request, f"{made.intervention} is Tier {made.tier} here.")
            return redirect(service_href(service))
    return _page(request, service, form, "Add an intervention", "Add the intervention")


@require_http_methods(PAGE)
def delivery_change(
    request: HttpRequest, code: str, slug: str, intervention: str, setting: str
) -> HttpResponse:
    delivered = _kept(request, code, slug, intervention, setting)
    form = DeliveryForm(request.POST or None, delivered=delivered, on=business_day())
    if request.method == "POST" and form.is_valid() and "propose" not in request.POST:
        done = attempt(
            form,
            lambda: change_delivery(
                delivered=delivered, facts=form.facts(), by=signed_in(request)
            ),
        )
        if done:
            messages.success(request, f"{done.intervention} is Tier {done.tier} here.")
            return redirect(service_href(delivered.service))
    heading = f"Change {delivered.intervention}, {setting_words(setting)}"
    return _page(request, delivered.service, form, heading, "Save the intervention")


@require_http_methods(PAGE)
def delivery_end(
    request: HttpRequest, code: str, slug: str, intervention: str, setting: str
) -> HttpResponse:
    delivered = _kept(request, code, slug, intervention, setting)
    form = ClosingForm(request.POST or None, on=business_day())
    form.fields["on"].label = "First day on which it is no longer delivered"
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        done = attempt(
            form, lambda: end_delivery(delivered=delivered, on=on, by=signed_in(request))
        )
        if done:
            messages.success(request, f"{done.intervention} ends on {day(on)}.")
            return redirect(service_href(delivered.service))
    heading = f"End {delivered.intervention}, {setting_words(setting)}"
    return _page(request, delivered.service, form, heading, "End the intervention")


def _kept(
    request: HttpRequest, code: str, slug: str, intervention: str, setting: str
) -> DeliveredIntervention:
    service = service_or_404(code, slug)
    found = delivered_at(service, intervention, setting)
    if found is None:
        raise Http404
    insist_on_keeping(request, service.provider)
    return found


def _page(
    request: HttpRequest, service: Service, form: Any, heading: str, button: str
) -> HttpResponse:
    steps = (
        ("Services", services_href(service.provider)),
        (service.name, service_href(service)),
        (heading, ""),
    )
    page = form_page(
        form,
        heading=heading,
        button=button,
        cancel_href=service_href(service),
        breadcrumbs=crumbs(service.provider, *steps),
        proposes=isinstance(form, DeliveryForm),
        proposal=_proposal(request, form),
    )
    return render(request, FORM, page)


def _proposal(request: HttpRequest, form: Any) -> str:
    """What the rule makes of what was typed, where that was asked."""
    if "propose" not in request.POST or not form.is_valid():
        return ""
    try:
        proposed = tier_proposed(form.facts())
    except DomainError as refused:
        return str(refused)
    judged = " The source leaves it to judgement." if proposed.equivocal else ""
    fixed = " It cannot be another." if proposed.fixed else ""
    return f"The rule proposes Tier {proposed.tier}. {proposed.reason}{judged}{fixed}"
