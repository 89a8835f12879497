"""Beginning and ending lists of preferred providers; who is named, reviewed and taken off."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from commissioning.kernel.clock import business_day
from commissioning.kernel.words import day
from commissioning.models import Organisation
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.views.records import form_page
from commissioning.views.requests import attempt, signed_in
from providers.forms.preferred import LeaveForm, ListForm, NameForm, ReviewForm
from providers.models import PreferredProvider
from providers.selectors.preferred import partnerships_in, providers_to_name
from providers.services import preferred as deeds
from providers.views.quality.preferred_reaching import (
    crumbs,
    decided_by,
    facts_of,
    list_at,
    own_at,
    preferred_href,
)

PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(PAGE)
def list_add(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    owner = decided_by(request, kind, code)
    today = business_day()
    form = ListForm(
        request.POST or None,
        partnerships=partnerships_in(owner, on=today) if kind == "region" else None,
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: deeds.start_list(
                organisation=owner, **form.cleaned_data, on=today, by=signed_in(request)
            ),
        )
        if made:
            messages.success(request, f"The list “{made}” is begun. Name providers on it next.")
            return redirect(preferred_href("add", owner, made.slug))
    return _page(request, owner, form, "Begin a list", "Begin the list")


@require_http_methods(PAGE)
def list_end(request: HttpRequest, kind: str, code: str, slug: str) -> HttpResponse:
    owner = decided_by(request, kind, code)
    held = list_at(request, owner, slug)
    form = LeaveForm(request.POST or None, on=business_day())
    if request.method == "POST" and form.is_valid():

        def deed() -> bool:
            deeds.end_list(preferred_list=held, **form.cleaned_data, by=signed_in(request))
            return True

        if attempt(form, deed):
            messages.success(request, f"The list “{held}” has ended. It stays readable.")
            return redirect(preferred_href("list", owner))
    return _page(request, owner, form, f"End the list {held}", "End the list")


@require_http_methods(PAGE)
def preferred_add(request: HttpRequest, kind: str, code: str, slug: str) -> HttpResponse:
    owner = decided_by(request, kind, code)
    held = list_at(request, owner, slug)
    form = NameForm(request.POST or None, on=business_day(), providers=providers_to_name(held))
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: deeds.name_provider(
                preferred_list=held, **form.cleaned_data, by=signed_in(request)
            ),
        )
        if made:
            messages.success(request, f"{made.provider} is on the list “{held}”.")
            return redirect(preferred_href("list", owner))
    return _page(request, owner, form, f"Name a provider: {held}", "Name the provider")


@require_http_methods(PAGE)
def preferred_review(
    request: HttpRequest, kind: str, code: str, slug: str, number: int
) -> HttpResponse:
    owner = decided_by(request, kind, code)
    held = own_at(request, owner, slug, number)
    form = ReviewForm(request.POST or None, held=held)
    if request.method == "POST" and form.is_valid():

        def deed() -> PreferredProvider:
            try:
                return deeds.review_provider(
                    preferred=held, **form.cleaned_data, on=business_day(), by=signed_in(request)
                )
            except ChangedMeanwhile:
                form.overtake(own_at(request, owner, slug, number))
                raise

        done = attempt(form, deed)
        if done:
            messages.success(request, f"{done.provider} stays: review by {day(done.review_by)}.")
            return redirect(preferred_href("record", owner, slug, number))
    return _page(
        request,
        owner,
        form,
        f"Review {held.provider}",
        "Keep on the list",
        now=lambda: facts_of(own_at(request, owner, slug, number)),
        lead=f"On the list since {day(held.from_on)}; to be reviewed by {day(held.review_by)}.",
    )


@require_http_methods(PAGE)
def preferred_remove(
    request: HttpRequest, kind: str, code: str, slug: str, number: int
) -> HttpResponse:
    owner = decided_by(request, kind, code)
    held = own_at(request, owner, slug, number)
    form = LeaveForm(
        request.POST or None, on=max(business_day(), held.from_on + dt.timedelta(days=1))
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: deeds.remove_provider(
                preferred=held, **form.cleaned_data, by=signed_in(request)
            ),
        )
        if done:
            messages.success(request, f"{done.provider} is off the list. The decision is kept.")
            return redirect(preferred_href("list", owner))
    return _page(request, owner, form, f"Remove {held.provider}", "Remove from the list")


def _page(
    request: HttpRequest, owner: Organisation, form: Any, heading: str, button: str, **more: Any
) -> HttpResponse:
    return form_page(
        request,
        form,
        heading=heading,
        button=button,
        cancel_href=preferred_href("list", owner),
        breadcrumbs=crumbs(owner),
        caption=owner.name,
        **more,
    )
