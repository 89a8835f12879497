"""The plans of a region's partnerships, or of all England's, in a year, and the days due."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
import django_tables2
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.choices import OrganisationKind, PlanState, PlanStep
from commissioning.components import Tone
from commissioning.forms.plans.dates import DatesForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.periods import Grain, Period, UnknownPeriod
from commissioning.kernel.words import MISSING
from commissioning.list_filters import RowFilter
from commissioning.models import Organisation, Partnership
from commissioning.models.plans import FIRST_YEAR, LAST_YEAR, year_period
from commissioning.roles import Permission
from commissioning.rules.posting import Sums
from commissioning.selectors.plans.across import (
    NO_PLAN,
    PARTNERSHIP,
    REGION,
    PlanRow,
    RegionRow,
    by_region,
    in_region,
    is_late,
    plans_across,
    rows_of,
)
from commissioning.services.plans.due_dates import set_due_dates
from commissioning.tables import CountColumn, DayColumn, NameColumn, PoundsColumn, Table, TagColumn
from commissioning.views.lists import list_response
from commissioning.views.plans.reaching import PLAN_TONES
from commissioning.views.requests import attempt, insist, organisation_at, signed_in

NOT_STARTED = "No plan"
STATES = ((NO_PLAN, NOT_STARTED), *PlanState.choices)
TURNS = ((PARTNERSHIP, "The partnership"), (REGION, "The region"))
LATE, IN_TIME = "late", "in-time"
REGIONS, PARTNERSHIPS = "regions", "partnerships"


class PlanRowFilter(RowFilter):
    """By name, state, whose turn it is and whether it is late. Rows are told apart in Python."""

    state = django_filters.ChoiceFilter(
        label="State", choices=STATES, empty_label="Any state", method="later"
    )
    waiting = django_filters.ChoiceFilter(
        label="Waits for", choices=TURNS, empty_label="Anybody", method="later"
    )
    due = django_filters.ChoiceFilter(
        label="Late or in time",
        choices=((LATE, "Late"), (IN_TIME, "In time")),
        empty_label="Either",
        method="later",
    )

    class Meta:
        model = Partnership
        fields: list[str] = []

    def passing(self, rows: Iterable[PlanRow], *, on: dt.date) -> list[PlanRow]:
        """The rows that were asked for."""
        state, waiting, due = map(self.asked, ("state", "waiting", "due"))
        return [
            row
            for row in rows
            if self.names(row.name, row.code)
            and (not state or (row.state or NO_PLAN) == state)
            and (not waiting or row.waiting == waiting)
            and (not due or is_late(row, on) == (due == LATE))
        ]


@dataclass(frozen=True)
class Shown:
    """A row as the list shows it, with the money of the streams that were chosen."""

    row: PlanRow
    name: str
    href: str
    region: str
    state: str
    tone: Tone
    version: int | None
    conditions: int | None
    waiting: str
    due_on: dt.date | None
    late: str
    money: Sums


class _Named(Table):
    """A table whose caption says of which place and year it is."""

    def __init__(self, *args: Any, caption: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caption = caption


class PlansTable(_Named):
    """Where each plan stands."""

    counted = ("plan or partnership", "plans and partnerships")

    name = NameColumn(verbose_name="Partnership", href=lambda row: row.href)
    region = django_tables2.Column(verbose_name="Region")
    state = TagColumn(verbose_name="State", tone=lambda row: row.tone)
    version = CountColumn(verbose_name="Version")
    conditions = CountColumn(verbose_name="Open conditions")
    waiting = django_tables2.Column(verbose_name="Waits for")
    due_on = DayColumn(verbose_name="Due")
    late = django_tables2.Column(verbose_name="Late", order_by="due_on", default=MISSING)
    planned = PoundsColumn(verbose_name="Planned", accessor="money__planned")
    committed = PoundsColumn(verbose_name="Committed", accessor="money__committed")
    paid = PoundsColumn(verbose_name="Paid", accessor="money__paid")


class RegionsTable(_Named):
    """How far the plans of each region are."""

    counted = ("region", "regions")

    name = NameColumn(verbose_name="Region", href=lambda row: row.href)
    partnerships = CountColumn(verbose_name="Partnerships", accessor="row__partnerships")
    with_plan = CountColumn(verbose_name="With a plan", accessor="row__with_plan")
    with_region = CountColumn(verbose_name="Wait for the region", accessor="row__with_region")
    agreed = CountColumn(verbose_name="Agreed", accessor="row__agreed")
    late = CountColumn(verbose_name="Late", accessor="row__late")
    planned = PoundsColumn(verbose_name="Planned", accessor="row__money__planned")
    committed = PoundsColumn(verbose_name="Committed", accessor="row__money__committed")
    paid = PoundsColumn(verbose_name="Paid", accessor="row__money__paid")


@dataclass(frozen=True)
class ShownRegion:
    """A region's line and where its plans are."""

    row: RegionRow
    href: str

    @property
    def name(self) -> str:
        return self.row.name


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
    lines = [_shown(row, stream, today) for row in filterset.passing(rows, on=today)]
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
    totals: dict[str, Sums] = {}
    for row in rows:
        for name, money in row.by_stream.items() if row.is_own else ():
            totals[name] = totals.get(name, Sums()) + money
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
        "whole": sum(totals.values(), Sums()),
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


def _shown(row: PlanRow, stream: str, on: dt.date) -> Shown:
    plans = reverse("commissioning:plan-list", args=[row.code])
    state = PlanState(row.state) if row.state else None
    return Shown(
        row,
        f"{row.name}: {row.plan_name}" if row.plan_name else row.name,
        f"{plans}{row.slug}/" if row.slug else plans,
        row.region_name or MISSING,
        state.label if state else NOT_STARTED,
        PLAN_TONES[state] if state else "watch",
        row.version,
        row.conditions,
        dict(TURNS).get(row.waiting, MISSING),
        row.due_on,
        how_late(row.due_on, on),
        row.money(stream),
    )


def how_late(due_on: dt.date | None, on: dt.date) -> str:
    """“12 days late”, “due today”, “in 5 days”."""
    if due_on is None:
        return MISSING
    days = (due_on - on).days
    many = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    if days < 0:
        return f"{many} late"
    return f"in {many}" if days else "due today"


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
