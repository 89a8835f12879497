"""Lists of preferred providers of a partnership and of a region."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.choices import OrganisationKind
from commissioning.components import Fact, Summary
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day, joined
from commissioning.models import Organisation, Partnership
from commissioning.roles import Permission
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.views.history import happenings
from commissioning.views.lists import list_response
from commissioning.views.records import form_page
from commissioning.views.requests import attempt, insist, organisation_at, signed_in
from providers.forms.preferred import LeaveForm, ListForm, NameForm, ReviewForm
from providers.models import PreferredList, PreferredProvider
from providers.selectors.preferred import (
    lists_for,
    lists_of,
    named_on,
    partnerships_in,
    providers_to_name,
)
from providers.services import preferred as deeds
from providers.services.preferred import editing_permission
from providers.views.quality.preferred_tables import (
    LEFT,
    STANDINGS,
    TONES,
    PreferredFilter,
    PreferredTable,
    standing_of,
)

PAGE = ["GET", "HEAD", "POST"]


@require_safe
def preferred_list(request: HttpRequest, kind: str, code: str) -> HttpResponseBase:
    """The lists a partnership buys by, or a region's, with everybody on them."""
    owner, today = organisation_at(request, kind, code), business_day()
    lists = list(lists_for(owner, on=today) if kind == "partnership" else lists_of(owner))
    shown = PreferredFilter(request.GET, queryset=named_on(lists), request=request)
    asked = STANDINGS.get(shown.asked("standing") or "")
    rows = [
        one
        for one in standing_of(list(shown.qs), on=today)
        if (one.standing == asked if asked else one.standing != LEFT)  # type: ignore[attr-defined]
    ]
    table = PreferredTable(
        rows,
        empty_text="Begin a list, and name providers on it with evidence of their quality."
        if not shown.form.changed_data
        else "Take out a filter to see more.",
    )
    table.columns["provider"].column.href = lambda one: _record_href(owner, one)
    writes = _may_decide(request, owner)
    return list_response(
        request,
        table,
        heading="Preferred providers",
        breadcrumbs=[(owner.name, f"/{kind}/{code}/")],
        filterset=shown,
        template="providers/quality/preferred.html",
        owner=owner,
        lists=[_told(one, owner, on=today, writes=writes) for one in lists],
        add_href=_href("list-add", owner) if writes else "",
    )


@require_http_methods(PAGE)
def list_add(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    owner = _decided_by(request, kind, code)
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
            return redirect(_href("add", owner, made.slug))
    return _page(request, owner, form, "Begin a list", "Begin the list")


@require_http_methods(PAGE)
def list_end(request: HttpRequest, kind: str, code: str, slug: str) -> HttpResponse:
    owner = _decided_by(request, kind, code)
    held = _list(request, owner, slug)
    form = LeaveForm(request.POST or None, on=business_day())
    if request.method == "POST" and form.is_valid():

        def deed() -> bool:
            deeds.end_list(preferred_list=held, **form.cleaned_data, by=signed_in(request))
            return True

        if attempt(form, deed):
            messages.success(request, f"The list “{held}” has ended. It stays readable.")
            return redirect(_href("list", owner))
    return _page(request, owner, form, f"End the list {held}", "End the list")


@require_http_methods(PAGE)
def preferred_add(request: HttpRequest, kind: str, code: str, slug: str) -> HttpResponse:
    owner = _decided_by(request, kind, code)
    held = _list(request, owner, slug)
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
            return redirect(_href("list", owner))
    return _page(request, owner, form, f"Name a provider: {held}", "Name the provider")


@require_safe
def preferred_record(
    request: HttpRequest, kind: str, code: str, slug: str, number: int
) -> HttpResponse:
    """One provider on a list: since when, on what evidence, who decided, and its history.

    Also for a partnership whose region's list it is.
    """
    owner = organisation_at(request, kind, code)
    held = _preferred(owner, slug, number)
    (one,) = standing_of([held], on=business_day())
    of_list = held.preferred_list.organisation
    return render(
        request,
        "providers/quality/preferred_record.html",
        {
            "summary": Summary(
                str(held.provider),
                one.standing,  # type: ignore[attr-defined]
                TONES[one.standing],  # type: ignore[attr-defined]
                _facts(held),
            ),
            "happenings": happenings(held),
            "may_decide": held.until_on is None
            and of_list == owner
            and _may_decide(request, owner),
            "review_href": _href("review", owner, slug, number),
            "remove_href": _href("remove", owner, slug, number),
            "quality_href": reverse("reporting:provider-quality", args=[held.provider.code]),
            "page_heading": str(held.provider),
            "caption": f"Preferred providers of {of_list}",
            "breadcrumbs": _crumbs(owner),
        },
    )


@require_http_methods(PAGE)
def preferred_review(
    request: HttpRequest, kind: str, code: str, slug: str, number: int
) -> HttpResponse:
    owner = _decided_by(request, kind, code)
    held = _own(request, owner, slug, number)
    form = ReviewForm(request.POST or None, held=held)
    if request.method == "POST" and form.is_valid():

        def deed() -> PreferredProvider:
            try:
                return deeds.review_provider(
                    preferred=held, **form.cleaned_data, on=business_day(), by=signed_in(request)
                )
            except ChangedMeanwhile:
                form.overtake(_own(request, owner, slug, number))
                raise

        done = attempt(form, deed)
        if done:
            messages.success(request, f"{done.provider} stays: review by {day(done.review_by)}.")
            return redirect(_href("record", owner, slug, number))
    return _page(
        request,
        owner,
        form,
        f"Review {held.provider}",
        "Keep on the list",
        now=lambda: _facts(_own(request, owner, slug, number)),
        lead=f"On the list since {day(held.from_on)}; to be reviewed by {day(held.review_by)}.",
    )


@require_http_methods(PAGE)
def preferred_remove(
    request: HttpRequest, kind: str, code: str, slug: str, number: int
) -> HttpResponse:
    owner = _decided_by(request, kind, code)
    held = _own(request, owner, slug, number)
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
            return redirect(_href("list", owner))
    return _page(request, owner, form, f"Remove {held.provider}", "Remove from the list")


def _may_decide(request: HttpRequest, owner: Organisation) -> bool:
    return signed_in(request).reach(editing_permission(owner)).covers(owner.pk)


def _decided_by(request: HttpRequest, kind: str, code: str) -> Organisation:
    owner = organisation_at(request, kind, code)
    insist(request, editing_permission(owner), owner)
    return owner


def _list(request: HttpRequest, owner: Organisation, slug: str) -> PreferredList:
    reached = PreferredList.objects.permitted(signed_in(request), Permission.ORGANISATION_VIEW)
    return get_object_or_404(reached.select_related("organisation"), organisation=owner, slug=slug)


def _preferred(owner: Organisation, slug: str, number: int) -> PreferredProvider:
    """On a list of the owner's, or of its region's that is for it."""
    lists = lists_of(owner)
    if owner.kind == OrganisationKind.PARTNERSHIP:
        lists = lists_for(owner, on=business_day())
    return get_object_or_404(named_on(lists), preferred_list__slug=slug, pk=number)


def _own(request: HttpRequest, owner: Organisation, slug: str, number: int) -> PreferredProvider:
    held = _preferred(owner, slug, number)
    insist(
        request,
        editing_permission(held.preferred_list.organisation),
        held.preferred_list.organisation,
    )
    return held


def _told(one: PreferredList, owner: Organisation, *, on: dt.date, writes: bool) -> dict[str, Any]:
    """A list in words, with what may be done about it."""
    members: list[Partnership] = list(one.consortium.all())
    if one.organisation.kind == OrganisationKind.PARTNERSHIP:
        whom = one.organisation.name
    else:
        whom = joined(members) if members else f"Every partnership of {one.organisation}"
    ended = one.ended_on is not None and one.ended_on <= on
    mine = writes and one.organisation_id == owner.pk and not ended
    return {
        "name": one.name,
        "whom": whom,
        "ended_on": one.ended_on if ended else None,
        "review_by": one.review_by,
        "is_overdue": not ended and one.review_by < on,
        "add_href": _href("add", owner, one.slug) if mine else "",
        "end_href": _href("list-end", owner, one.slug) if mine else "",
    }


def _facts(held: PreferredProvider) -> list[Fact]:
    reviewed = MISSING
    if held.reviewed_on:
        reviewed = f"{day(held.reviewed_on)}, by {held.reviewed_by}"
    left = f"{day(held.until_on)}: {held.removed_for}" if held.until_on else MISSING
    return [
        Fact("List", str(held.preferred_list)),
        Fact("Evidence", held.evidence),
        Fact("Since", day(held.from_on)),
        Fact("Decided by", str(held.decided_by)),
        Fact("Reviewed", reviewed),
        Fact("Review by", day(held.review_by)),
        Fact("Left", left),
    ]


def _href(name: str, owner: Organisation, *more: object) -> str:
    return reverse(f"providers:{owner.kind.lower()}-preferred-{name}", args=[owner.code, *more])


def _record_href(owner: Organisation, one: PreferredProvider) -> str:
    return _href("record", owner, one.preferred_list.slug, one.pk)


def _crumbs(owner: Organisation) -> list[tuple[str, str]]:
    return [
        (owner.name, f"/{owner.kind.lower()}/{owner.code}/"),
        ("Preferred providers", _href("list", owner)),
    ]


def _page(
    request: HttpRequest, owner: Organisation, form: Any, heading: str, button: str, **more: Any
) -> HttpResponse:
    return form_page(
        request,
        form,
        heading=heading,
        button=button,
        cancel_href=_href("list", owner),
        breadcrumbs=_crumbs(owner),
        caption=owner.name,
        **more,
    )
