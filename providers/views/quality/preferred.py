"""Lists of preferred providers of a partnership and of a region."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.choices import OrganisationKind
from commissioning.components import Summary
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import joined
from commissioning.models import Organisation, Partnership
from commissioning.views.history import happenings
from commissioning.views.lists import list_response
from commissioning.views.requests import organisation_at
from providers.models import PreferredList, PreferredProvider
from providers.selectors.preferred import (
    lists_for,
    lists_of,
    named_on,
)
from providers.views.quality.preferred_reaching import (
    crumbs,
    facts_of,
    may_decide,
    preferred_at,
    preferred_href,
)
from providers.views.quality.preferred_tables import (
    LEFT,
    STANDINGS,
    TONES,
    PreferredFilter,
    PreferredTable,
    standing_of,
)


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
        empty_text="Begin a list, and name providers on it with evidence of their quality.",
    )
    table.columns["provider"].column.href = lambda one: _record_href(owner, one)
    writes = may_decide(request, owner)
    return list_response(
        request,
        table,
        heading="Preferred providers",
        breadcrumbs=[(owner.name, f"/{kind}/{code}/")],
        filterset=shown,
        template="providers/quality/preferred.html",
        owner=owner,
        lists=[_told(one, owner, on=today, writes=writes) for one in lists],
        add_href=preferred_href("list-add", owner) if writes else "",
    )


@require_safe
def preferred_record(
    request: HttpRequest, kind: str, code: str, slug: str, number: int
) -> HttpResponse:
    """One provider on a list: since when, on what evidence, who decided, and its history.

    Also for a partnership whose region's list it is.
    """
    owner = organisation_at(request, kind, code)
    held = preferred_at(owner, slug, number)
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
                facts_of(held),
            ),
            "happenings": happenings(held),
            "may_decide": held.until_on is None
            and of_list == owner
            and may_decide(request, owner),
            "review_href": preferred_href("review", owner, slug, number),
            "remove_href": preferred_href("remove", owner, slug, number),
            "quality_href": reverse("reporting:provider-quality", args=[held.provider.code]),
            "page_heading": str(held.provider),
            "caption": f"Preferred providers of {of_list}",
            "breadcrumbs": crumbs(owner),
        },
    )


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
        "add_href": preferred_href("add", owner, one.slug) if mine else "",
        "end_href": preferred_href("list-end", owner, one.slug) if mine else "",
    }


def _record_href(owner: Organisation, one: PreferredProvider) -> str:
    return preferred_href("record", owner, one.preferred_list.slug, one.pk)
