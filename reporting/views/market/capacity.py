"""Capacity of a region and of England: what stands where, Tier 4 beds, and gaps."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from commissioning.kernel.clock import business_day, technical_now
from commissioning.kernel.words import MISSING, count, percent
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.views.lists import Crumbs, list_response
from commissioning.views.requests import signed_in
from reporting.selectors.areas import ENGLAND, Area
from reporting.selectors.market import (
    Asked,
    capacity_lines,
    england_reach,
    gap_lines,
    tier_4_lines,
)
from reporting.views.indicators.asked import (
    Choice,
    answers_plainly,
    choices,
    format_asked,
    kept,
    one_of,
)
from reporting.views.indicators.named import area_or_404, overview_href
from reporting.views.market.filters import CapacityFilter, GapFilter, Tier4Filter
from reporting.views.market.tables import CapacityTable, GapTable, Tier4Table

CAPACITY, TIER_4, GAPS = "capacity", "tier4", "gaps"
SHOWN = {CAPACITY: "Services and places", TIER_4: "Tier 4 beds per 1,000", GAPS: "Gaps"}
REGIONS, PARTNERSHIPS = "regions", "partnerships"
BY = {REGIONS: "Regions", PARTNERSHIPS: "Partnerships"}


@require_safe
@answers_plainly
def capacity(request: HttpRequest, kind: str, code: str = "") -> HttpResponseBase:
    """For everybody who is signed in, as the register is. Estimates of need are shown to who may
    read the assessment they stand in."""
    area = area_or_404(kind, code)
    format_asked(request.GET, CapacityTable.downloads)
    show = one_of(request.GET.get("show", CAPACITY), [*SHOWN], what="view of capacity")
    by = one_of(request.GET.get("by", "") or _first_of(area, show), [*BY], what="kind of area")
    asked = asked_of(request, area, by_region=by == REGIONS and area == ENGLAND and show != GAPS)
    make = {CAPACITY: _of_places, TIER_4: _of_tier_4, GAPS: _of_gaps}[show]
    table, shown, words = make(request, asked)
    if asked.by_region or area != ENGLAND:
        table.exclude = ("region",)
    return list_response(
        request,
        table,
        heading=f"Capacity: {area.name}",
        breadcrumbs=crumbs(area, "Capacity"),
        filterset=shown,
        template="reporting/market_capacity.html",
        views=choices(_plain(request), "show", SHOWN, show),
        areas=_kinds(request, area, show, by),
        kept=kept(request.GET, *shown.form.fields),
        map_href=f"{overview_href(area)}market/",
        freshness_href=f"{overview_href(area)}freshness/",
        show=show,
        today=asked.today,
        hours=asked.rules.board_unknown_hours,
        detox_within=asked.rules.detox_within_miles,
        **words,
    )


def asked_of(request: HttpRequest, area: Area, *, by_region: bool) -> Asked:
    """Of the area tonight, by the rules in force."""
    today = business_day()
    rules = settings_in_force(on=today)
    return Asked(signed_in(request), area, by_region, today, technical_now(), rules)


def crumbs(area: Area, page: str) -> Crumbs:
    above = [] if area == ENGLAND else [("England", "/england/")]
    return [*above, (area.name, overview_href(area)), (page, "")]


def _of_places(request: HttpRequest, asked: Asked) -> tuple[Any, Any, dict[str, Any]]:
    shown = CapacityFilter(request.GET, queryset=asked.rows, request=request)
    lines = capacity_lines(asked, kind=shown.asked("kind") or "")
    boards = sum(one.standing.boards for one in lines if not one.standing.intervention)
    fresh = sum(one.standing.fresh for one in lines if not one.standing.intervention)
    table = CapacityTable(
        [one for one in lines if shown.lets(one)],
        empty_text="Providers put their services in the register.",
    )
    share = percent(fresh / boards) if boards else MISSING
    return table, shown, {"freshness": f"{count(fresh)} of {count(boards)} boards ({share})"}


def _of_tier_4(request: HttpRequest, asked: Asked) -> tuple[Any, Any, dict[str, Any]]:
    shown = Tier4Filter(request.GET, queryset=asked.rows, request=request)
    lines = tier_4_lines(asked)
    table = Tier4Table([one for one in lines if shown.lets(one)])
    england = england_reach(lines) if asked.within == ENGLAND else None
    return table, shown, {"england": england}


def _of_gaps(request: HttpRequest, asked: Asked) -> tuple[Any, Any, dict[str, Any]]:
    shown = GapFilter(request.GET, queryset=asked.rows, request=request)
    lines = gap_lines(asked)
    table = GapTable([one for one in lines if shown.lets(one)])
    return table, shown, {"short": sum(one.number > 0 for one in lines), "among": len(lines)}


def _first_of(area: Area, show: str) -> str:
    return REGIONS if area == ENGLAND and show != GAPS else PARTNERSHIPS


def _kinds(request: HttpRequest, area: Area, show: str, by: str) -> list[Choice]:
    if area != ENGLAND or show == GAPS:
        return []
    return choices(request.GET, "by", BY, by)


def _plain(request: HttpRequest) -> Any:
    """The address without what belongs to one view alone."""
    asked = request.GET.copy()
    for name in ("sort", "name", "intervention", "kind", "tonight", "gap", "by"):
        asked.pop(name, None)
    return asked
