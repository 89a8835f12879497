"""The plans of a region's partnerships, or of all England's, in a year, and the days due."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.choices import OrganisationKind, PlanStep
from commissioning.forms.plans.dates import DatesForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.periods import Grain, Period, UnknownPeriod
from commissioning.models import Organisation, Partnership
from commissioning.models.plans import FIRST_YEAR, LAST_YEAR, year_period
from commissioning.roles import Permission
from commissioning.rules.posting import Sums, totalled
from commissioning.selectors.plans.across import PlanRow, by_region, in_region, rows_of
from commissioning.selectors.plans.standing import plans_across
from commissioning.services.plans.due_dates import set_due_dates
from commissioning.views.lists import list_response
from commissioning.views.plans.across_tables import (
    PlanRowFilter,
    PlansTable,
    RegionsTable,
    ShownRegion,
    shown,
)
from commissioning.views.requests import attempt, insist, organisation_at, signed_in

PARTNERSHIPS = "partnerships"


@require_safe
def plans_now(request: HttpRequest, code: str = "") -> HttpResponseBase:
    """The plans of the year that runs."""
    year = year_period(Period.containing(business_day(), Grain.YEAR).start.year).code
    return region_plans(request, code, year) if code else england_plans(request, year)


@require_safe
def region_plans(request: HttpRequest, code: str, year: str) -> HttpResponseBase:
    """Every partnership of the region and its plan of the year, or that it has none."""
    region, number, today = place_or_404(request, code), year_or_404(year), business_day()
    rows = rows_of(plans_across(in_region(region, on=today), year=number, on=today))
    return _list(request, region, number, rows)


@require_safe
def england_plans(request: HttpRequest, year: str) -> HttpResponseBase:
    """Every region's plans together, or with `?areas=partnerships` each by itself."""
    nation, number, today = place_or_404(request, ""), year_or_404(year), business_day()
    rows = rows_of(plans_across(every_partnership(request), year=number, on=today))
    if request.GET.get("areas") == PARTNERSHIPS:
        return _list(request, nation, number, rows)
    stream = _stream(request, rows)
    lines = [
        ShownRegion(one, _region_href(one.code, number))
        for one in by_region(rows, on=today, stream=stream)
    ]
    return list_response(
        request,
        RegionsTable(lines, caption=f"Regions and their plans, {year_period(number).label}"),
        **_words(request, nation, number, rows, stream),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_dates(request: HttpRequest, year: str, code: str = "") -> HttpResponse:
    """The days on which each step is due: a region's own, or England's for all without."""
    place, number = place_or_404(request, code), year_or_404(year)
    insist(request, Permission.PLAN_AGREE, place)
    held = place.due_dates.filter(year=number)
    initial = {one.step: one.on for one in held}
    form = DatesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        days = {PlanStep(step): on for step, on in form.cleaned_data.items()}
        done = attempt(form, lambda: _set(request, place, number, days))
        if done:
            messages.success(
                request, "The days are set. Whoever is due is reminded 14 and 3 days before."
            )
            return redirect(_href(place, number))
    label = year_period(number).label
    return render(
        request,
        "commissioning/form.html",
        {
            "form": form,
            "button": "Set the days",
            "cancel_href": "../",
            "lead": "A step without a day of its own is due on England's day."
            if code
            else "A region that sets its own day goes before these.",
            "page_heading": f"Days on which plans of {label} are due",
            "breadcrumbs": [(f"Plans of {place}", _href(place, number))],
        },
    )


def _set(
    request: HttpRequest, place: Organisation, year: int, days: dict[PlanStep, dt.date | None]
) -> bool:
    set_due_dates(organisation=place, year=year, days=days, by=signed_in(request))
    return True


def _list(
    request: HttpRequest, place: Organisation, year: int, rows: Sequence[PlanRow]
) -> HttpResponseBase:
    today, stream = business_day(), _stream(request, rows)
    filterset = PlanRowFilter(
        request.GET, queryset=every_partnership(request).none(), request=request
    )
    lines = [shown(row, stream, today) for row in filterset.passing(rows, on=today)]
    return list_response(
        request,
        PlansTable(
            lines,
            caption=f"Plans of {place}, {year_period(year).label}",
            exclude=() if place.kind == OrganisationKind.NATION else ("region",),
        ),
        filterset=filterset,
        kept={name: request.GET[name] for name in ("areas", "stream") if name in request.GET},
        **_words(request, place, year, [one.row for one in lines], stream),
    )


def _words(
    request: HttpRequest,
    place: Organisation,
    year: int,
    rows: Sequence[PlanRow],
    stream: str,
) -> dict[str, Any]:
    """What the page says around its list: years, streams and what may be done."""
    period = year_period(year)
    may_date = signed_in(request).reach(Permission.PLAN_AGREE).covers(place.pk)
    held: dict[str, list[Sums]] = defaultdict(list)
    for row in rows:
        for name, money in row.by_stream.items() if row.is_own else ():
            held[name].append(money)
    totals = {name: totalled(many) for name, many in held.items()}
    asked = request.GET.copy()
    asked.pop("page", None)

    def choosing(**more: str) -> str:
        chosen = asked.copy()
        for name, value in more.items():
            chosen.pop(name, None)
            if value:
                chosen[name] = value
        return f"?{chosen.urlencode()}"

    is_nation = place.kind == OrganisationKind.NATION
    listed = request.GET.get("areas") == PARTNERSHIPS
    return {
        "template": "commissioning/plans/across.html",
        "heading": f"Plans of {place}, {period.label}",
        "breadcrumbs": [(str(place), _area_href(place))],
        "totals": list(totals.items()),
        "whole": totalled(totals.values()),
        "streams": [("All streams", choosing(stream=""), not stream)]
        + [(name, choosing(stream=name), name == stream) for name in totals],
        "areas": [
            ("Regions", choosing(areas=""), not listed),
            ("Partnerships", choosing(areas=PARTNERSHIPS), listed),
        ]
        if is_nation
        else [],
        "years": [
            (year_period(one).label, _href(place, one), one == year)
            for one in range(max(year - 1, FIRST_YEAR), min(year + 1, LAST_YEAR) + 1)
        ],
        "dates_href": f"{_href(place, year)}dates/" if may_date else "",
        "spend_href": f"{_href(place, year)}spend/",
    }


def every_partnership(request: HttpRequest) -> QuerySet[Partnership]:
    """The partnerships whose plans the person may view."""
    return Partnership.objects.permitted(signed_in(request), Permission.PLAN_VIEW)


def _stream(request: HttpRequest, rows: Sequence[PlanRow]) -> str:
    """The stream whose money is shown; one that nobody has shows all of it."""
    asked = request.GET.get("stream", "")
    return asked if any(asked in row.by_stream for row in rows) else ""


def place_or_404(request: HttpRequest, code: str) -> Organisation:
    """The region or England: 404 unless the person may view it, 403 without a right to plans."""
    if code:
        place = organisation_at(request, "region", code)
    else:
        found = (
            Organisation.objects.permitted(signed_in(request), Permission.ORGANISATION_VIEW)
            .of_kind(OrganisationKind.NATION)
            .first()
        )
        if found is None:
            raise Http404
        place = found
    insist(request, Permission.PLAN_VIEW, place)
    return place


def year_or_404(words: str) -> int:
    """The financial year an address names, by the April it begins in; 404 for anything else."""
    try:
        period = Period.parse(words)
    except UnknownPeriod as unknown:
        raise Http404(str(unknown)) from unknown
    if period.grain is not Grain.YEAR or not FIRST_YEAR <= period.start.year <= LAST_YEAR:
        raise Http404("Plans are of a financial year, such as FY2006.")
    return period.start.year


def _href(place: Organisation, year: int) -> str:
    if place.kind == OrganisationKind.NATION:
        return reverse("commissioning:england-plans", args=[year_period(year).code])
    return _region_href(place.code, year)


def _region_href(code: str, year: int) -> str:
    if not code:
        return ""
    return reverse("commissioning:region-plans", args=[code, year_period(year).code])


def _area_href(place: Organisation) -> str:
    return "/england/" if place.kind == OrganisationKind.NATION else f"/region/{place.code}/"
