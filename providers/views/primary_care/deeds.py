"""Keeping primary care: practices and prescribers, schemes, their members and reviews."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commissioning.components import Fact
from commissioning.forms.organisations import OnADayForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import day
from commissioning.models import Partnership
from commissioning.roles import Permission
from commissioning.views.records import save_record
from commissioning.views.requests import attempt, insist, signed_in
from providers.forms.primary_care import (
    EndForm,
    JoinForm,
    PracticeChangeForm,
    PracticeForm,
    PrescribersForm,
    ReviewForm,
    SchemeForm,
)
from providers.models import SharedCareScheme
from providers.selectors.primary_care import member_at, practice_at
from providers.selectors.register.records import prescribers_of
from providers.services.primary_care.practices import (
    add_practice,
    change_practice,
    state_prescribers,
)
from providers.services.primary_care.shared_care import (
    change_scheme,
    end_scheme,
    join_scheme,
    leave_scheme,
    review_scheme,
    start_scheme,
)
from providers.views.primary_care.pages import (
    partnership_or_404,
    primary_care_href,
    scheme_crumbs,
    scheme_href,
    scheme_or_404,
)
from providers.views.register.reaching import (
    FORM,
    PAGE,
    crumbs,
    form_page,
    insist_on_keeping,
    provider_or_404,
    services_href,
)


@require_http_methods(PAGE)
def practice_add(request: HttpRequest, code: str) -> HttpResponse:
    partnership = _kept(request, code)
    form = PracticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form, lambda: add_practice(partnership=partnership, **given, by=signed_in(request))
        )
        if made:
            messages.success(request, f"{made} is added. Say next who prescribes there.")
            return redirect("providers:practice-change", code=code, practice=made.provider.code)
    return _page(request, partnership, form, "Add a practice", "Add the practice")


@require_http_methods(PAGE)
def practice_change(request: HttpRequest, code: str, practice: str) -> HttpResponse:
    """How a practice is contracted, and how many of each level prescribe there."""
    partnership = _kept(request, code)
    found = practice_at(partnership, practice)
    if found is None:
        raise Http404
    form = PracticeChangeForm(
        request.POST or None,
        held=prescribers_of(found.provider),
        initial={"contract_kind": found.contract_kind},
    )
    if request.method == "POST" and form.is_valid():
        kind, people = form.cleaned_data["contract_kind"], form.people()

        def deed() -> bool:
            change_practice(practice=found, contract_kind=kind, by=signed_in(request))
            state_prescribers(
                provider=found.provider, people=people, on=business_day(), by=signed_in(request)
            )
            return True

        if attempt(form, deed):
            messages.success(request, f"{found} is saved.")
            return redirect(primary_care_href(partnership))
    return _page(request, partnership, form, f"Change {found}", "Save the practice")


@require_http_methods(PAGE)
def prescribers(request: HttpRequest, code: str) -> HttpResponse:
    """A provider says itself how many prescribe for it."""
    provider = provider_or_404(code)
    insist_on_keeping(request, provider)
    form = PrescribersForm(request.POST or None, held=prescribers_of(provider))
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: state_prescribers(
                provider=provider, people=form.people(), on=business_day(), by=signed_in(request)
            ),
        )
        if done is not None:
            messages.success(request, f"Who prescribes for {provider} is stated as of today.")
            return redirect(services_href(provider))
    page = form_page(
        form,
        heading=f"Prescribers of {provider}",
        button="State who prescribes",
        cancel_href=services_href(provider),
        breadcrumbs=crumbs(provider, ("Services", services_href(provider)), ("Prescribers", "")),
    )
    return render(request, FORM, page)


@require_http_methods(PAGE)
def scheme_add(request: HttpRequest, code: str) -> HttpResponse:
    partnership, today = _kept(request, code), business_day()
    form = SchemeForm(request.POST or None, partnership=partnership, on=today)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: start_scheme(
                partnership=partnership, facts=form.facts(), on=today, by=signed_in(request)
            ),
        )
        if made:
            messages.success(request, f"{made} is started. Name its practices next.")
            return redirect(scheme_href(made))
    return _page(request, partnership, form, "Start a shared-care scheme", "Start the scheme")


@require_http_methods(PAGE)
def scheme_change(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    partnership = _kept(request, code)
    scheme = scheme_or_404(partnership, slug)
    form = SchemeForm(
        request.POST or None, partnership=partnership, scheme=scheme, on=business_day()
    )
    if request.method == "POST" and form.is_valid():
        done = save_record(
            form,
            scheme,
            lambda: change_scheme(
                scheme=scheme, facts=form.facts(), revision=form.seen, by=signed_in(request)
            ),
        )
        if done:
            messages.success(request, f"{done} is saved.")
            return redirect(scheme_href(scheme))
    now = [Fact("Name", scheme.name), Fact("Next review by", day(scheme.review_by))]
    return _scheme_page(
        request,
        scheme,
        form,
        f"Change {scheme}",
        "Save the scheme",
        now=now if form.overtaken else [],
    )


@require_http_methods(PAGE)
def scheme_review(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    return _deed(
        request,
        code,
        slug,
        form=ReviewForm(request.POST or None, on=business_day()),
        words=("Review {}", "Record the review", "The review of {} is recorded."),
        deed=review_scheme,
    )


@require_http_methods(PAGE)
def scheme_end(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    return _deed(
        request,
        code,
        slug,
        form=EndForm(request.POST or None, on=business_day()),
        words=("End {}", "End the scheme", "{} is ended: its practices have left it."),
        deed=end_scheme,
    )


@require_http_methods(PAGE)
def scheme_join(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    partnership = _kept(request, code)
    scheme = scheme_or_404(partnership, slug)
    return _deed(
        request,
        code,
        slug,
        form=JoinForm(request.POST or None, scheme=scheme, on=business_day()),
        words=("Add a practice to {}", "Add the practice", "The practice takes part in {}."),
        deed=join_scheme,
    )


@require_http_methods(PAGE)
def scheme_leave(request: HttpRequest, code: str, slug: str, practice: str) -> HttpResponse:
    partnership = _kept(request, code)
    scheme = scheme_or_404(partnership, slug)
    member = member_at(scheme, practice)
    if member is None:
        raise Http404
    form = OnADayForm(request.POST or None, on=business_day())
    form.fields["on"].label = "First day on which it no longer takes part"
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        if attempt(form, lambda: leave_scheme(member=member, on=on, by=signed_in(request))):
            messages.success(request, f"{member.provider} leaves {scheme} on {day(on)}.")
            return redirect(scheme_href(scheme))
    heading = f"{member.provider} leaves {scheme}"
    return _scheme_page(request, scheme, form, heading, "Take the practice out")


def _kept(request: HttpRequest, code: str) -> Partnership:
    partnership = partnership_or_404(code)
    insist(request, Permission.AREA_EDIT, partnership.organisation)
    return partnership


def _deed(
    request: HttpRequest,
    code: str,
    slug: str,
    *,
    form: Any,
    words: tuple[str, str, str],
    deed: Callable[..., object],
) -> HttpResponse:
    """A deed that takes what its form holds. `words`: heading, button, what is told."""
    scheme = scheme_or_404(_kept(request, code), slug)
    heading, button, told = words
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: deed(scheme=scheme, **given, by=signed_in(request))):
            messages.success(request, told.format(scheme))
            return redirect(scheme_href(scheme))
    return _scheme_page(request, scheme, form, heading.format(scheme), button)


def _scheme_page(
    request: HttpRequest,
    scheme: SharedCareScheme,
    form: Any,
    heading: str,
    button: str,
    *,
    now: Any = (),
) -> HttpResponse:
    page = form_page(
        form,
        heading=heading,
        button=button,
        cancel_href=scheme_href(scheme),
        breadcrumbs=scheme_crumbs(
            scheme.partnership, (scheme.name, scheme_href(scheme)), (heading, "")
        ),
        now=now,
    )
    return render(request, FORM, page)


def _page(
    request: HttpRequest, partnership: Partnership, form: Any, heading: str, button: str
) -> HttpResponse:
    page = form_page(
        form,
        heading=heading,
        button=button,
        cancel_href=primary_care_href(partnership),
        breadcrumbs=scheme_crumbs(partnership, (heading, "")),
    )
    return render(request, FORM, page)
