"""The overview of England, of a region, of a partnership and of a provider."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.kernel.clock import business_day
from commissioning.kernel.periods import Grain, Period
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.rule_settings import RuleSettings
from commissioning.views.lists import Crumbs, list_response
from commissioning.views.requests import signed_in
from reporting.choices import AreaKind
from reporting.filters import ComparedAreaFilter
from reporting.indicators import care, planned_exits, treatment, waiting_lists, within_target
from reporting.indicators.declared import Indicator
from reporting.indicators.retention import headline_retention
from reporting.selectors.areas import ENGLAND, Area
from reporting.selectors.completeness import (
    completeness_by_partnership,
    completeness_by_region,
    completeness_of,
)
from reporting.selectors.figures import Figures
from reporting.selectors.found import Measured
from reporting.selectors.members import (
    members,
    partnerships_to_compare,
    region_of,
    regions_to_compare,
)
from reporting.views.areas.parts import (
    HEADLINE,
    Overview,
    as_at,
    door,
    returns_href,
)
from reporting.views.areas.tables import ComparedTable, lines_of
from reporting.views.areas.wait_chart import wait_chart
from reporting.views.indicators.asked import (
    Choice,
    answers_plainly,
    choices,
    format_asked,
    kept,
    one_of,
)
from reporting.views.indicators.choosing import chooser, chosen_period, figures_for
from reporting.views.indicators.named import area_or_404, overview_href
from reporting.views.indicators.telling import Telling

REGIONS, PARTNERSHIPS = "regions", "partnerships"
SIDE_BY_SIDE = {REGIONS: "Regions", PARTNERSHIPS: "Partnerships"}
COUNTED = {REGIONS: ("region", "regions"), PARTNERSHIPS: ("partnership", "partnerships")}
EMPTY = "Figures appear once a return is confirmed and loaded."


@require_safe
@answers_plainly
def overview(request: HttpRequest, kind: str, code: str = "") -> HttpResponseBase:
    """An area in one period: exactly for its own people, as released for everybody else."""
    person, area = signed_in(request), area_or_404(kind, code)
    figures = figures_for(request)
    if not figures.periods():
        return _nothing_measured(request, person, area)
    measured = chosen_period(figures, request.GET)
    period = measured.period
    above = _above(area, period)
    told = completeness_of(area, period, on=period.last_day)
    seen = Overview.read(figures, area, period)
    words = {
        "page_heading": area.name,
        "caption": _caption(area),
        "breadcrumbs": _crumbs(area, above),
        "as_at": as_at(person, area, measured, told),
        "chooser": chooser(figures, request.GET, period),
        "period": period,
        "door": door(figures, area, measured.rules),
        "is_exact": figures.is_exact(area),
        "lead": seen.lead(measured.rules),
        "headline": [seen.card(HEADLINE)],
        "sections": seen.sections(),
        "referrals": seen.referrals(),
        "chart": wait_chart(figures, area, above, period),
        "related": _related(person, area, period),
    }
    if area.kind is AreaKind.PARTNERSHIP:
        return render(request, "reporting/area_overview.html", words)
    return _with_table(request, figures, area, measured, words)


def _with_table(
    request: HttpRequest,
    figures: Figures,
    area: Area,
    measured: Measured,
    words: dict[str, Any],
) -> HttpResponseBase:
    """The overview with the areas in it side by side."""
    period, rules = measured.period, measured.rules
    format_asked(request.GET, ComparedTable.downloads)
    which = one_of(
        request.GET.get("areas", "") or _first_of(area),
        [*_side_by_side(area)],
        what="kind of area",
    )
    on, indicators = period.last_day, compared(rules, period)
    if which == REGIONS:
        rows, told = regions_to_compare(on=on), completeness_by_region(period, on=on)
    else:
        rows = partnerships_to_compare(
            on=on,
            region=area if area.kind is AreaKind.REGION else None,
            provider=area if area.kind is AreaKind.PROVIDER else None,
        )
        told = completeness_by_partnership(period)
    shown = ComparedAreaFilter(request.GET, queryset=rows, request=request)
    if which == REGIONS:
        del shown.form.fields["dip"]
    found = members(shown.qs)
    lines = lines_of(
        found,
        told,
        figures.grid(indicators, [one.area for one in found], [period]),
        period,
        Telling(figures),
        sort=request.GET.get("sort", ""),
    )
    if verdict := shown.asked_verdict:
        lines = [line for line in lines if line.verdict == verdict]
    title = f"{SIDE_BY_SIDE[which]} of {area.name}, {period.label}"
    if area.kind is AreaKind.PROVIDER:
        title = f"Partnerships where {area.name} works, {period.label}"
    return list_response(
        request,
        ComparedTable(
            lines,
            indicators,
            caption=title,
            counted=COUNTED[which],
            exclude=_hidden(area, which),
        ),
        heading=words.pop("page_heading"),
        breadcrumbs=words.pop("breadcrumbs"),
        filterset=shown,
        template="reporting/area_overview_with_table.html",
        table_title=title,
        kept=kept(request.GET, *shown.form.fields),
        switch=_switch(request, area, which),
        absent=sum(line.completeness.is_absent for line in lines),
        **words,
    )


def compared(rules: RuleSettings, period: Period) -> Sequence[type[Indicator]]:
    """The columns of a comparison: those with a target first, by the rules of the year."""
    retained = headline_retention(rules, period)
    exits = next(
        (one for one in (planned_exits.Planned2006, planned_exits.Planned2009)
         if not one.is_as_if(rules, period)),
        planned_exits.Planned2006,
    )  # fmt: skip
    return [
        HEADLINE,
        within_target.FirstEveryone,
        waiting_lists.LongOpenWaits,
        *([retained] if retained else []),
        exits,
        care.CarePlans,
        treatment.NumbersInTreatment,
    ]


def _first_of(area: Area) -> str:
    return REGIONS if area == ENGLAND else PARTNERSHIPS


def _side_by_side(area: Area) -> dict[str, str]:
    return SIDE_BY_SIDE if area == ENGLAND else {PARTNERSHIPS: SIDE_BY_SIDE[PARTNERSHIPS]}


def _switch(request: HttpRequest, area: Area, which: str) -> list[Choice]:
    if area != ENGLAND:
        return []
    asked = request.GET.copy()
    for name in ("sort", "name", "dip", "verdict"):
        asked.pop(name, None)
    return choices(asked, "areas", SIDE_BY_SIDE, which)


def _hidden(area: Area, which: str) -> tuple[str, ...]:
    if which == REGIONS:
        return ("region",)
    return ("region",) if area.kind is AreaKind.REGION else ()


def _caption(area: Area) -> str:
    return "" if area == ENGLAND else area.kind.label


def _above(area: Area, period: Period) -> list[Area]:
    """What the area lies in, the nearest first: its region, on the day, and England."""
    if area == ENGLAND:
        return []
    region = None
    if area.kind is AreaKind.PARTNERSHIP and not area.is_bucket:
        region = region_of(area, on=period.last_day)
    return [region, ENGLAND] if region else [ENGLAND]


def _crumbs(area: Area, above: Sequence[Area]) -> Crumbs:
    held = [(one.name, overview_href(one)) for one in reversed(above)] or [("Home", "/")]
    return [*held, (area.name, "")]


def _related(person: User, area: Area, period: Period) -> list[tuple[str, str]]:
    """What else there is about the area, as far as the person may open it."""
    found = [("Every indicator", f"{overview_href(area)}indicators/?period={period.code}")]
    if returns := returns_href(person, area):
        found.append(("Returns", returns))
    found += _in_the_register(area)

    def may(permission: Permission) -> bool:
        reach = person.reach(permission)
        return reach.nation or (
            area.organisation_id is not None and reach.covers(area.organisation_id)
        )

    if not area.is_bucket and may(Permission.CONTRACT_VIEW):
        found += _in_contracts(area)
    if area.kind is not AreaKind.PROVIDER and not area.is_bucket and may(Permission.PLAN_VIEW):
        found += _in_plans(area)
    if area.kind is AreaKind.PARTNERSHIP and may(Permission.LONG_WAIT_VIEW):
        waits = reverse("reporting:partnership-long-waits", args=[area.code])
        found.append(("Long waits", waits))
    if area.kind in {AreaKind.PARTNERSHIP, AreaKind.PROVIDER} and may(Permission.PEOPLE_MANAGE):
        found.append(("People", f"{overview_href(area)}people/"))
    if may(Permission.ORGANISATION_VIEW):
        found += _kept_of(area)
    return found


def _kept_of(area: Area) -> list[tuple[str, str]]:
    """What follows treatment there, and what is kept of the organisation itself."""
    found = []
    if not area.is_bucket:
        is_one = area.kind in {AreaKind.PARTNERSHIP, AreaKind.PROVIDER}
        words = "Aftercare links" if is_one else "Missing aftercare links"
        found.append((words, f"{overview_href(area)}partners/"))
    if area != ENGLAND:
        found.append(("Members, documents and history", _organisation_href(area)))
    return found


def _in_the_register(area: Area) -> list[tuple[str, str]]:
    """What providers say of themselves and what stands where, open to everybody."""
    if area.kind is AreaKind.PROVIDER:
        return [
            ("Services", reverse("providers:service-list", args=[area.code])),
            ("Quality", reverse("reporting:provider-quality", args=[area.code])),
        ]
    if area.kind is not AreaKind.PARTNERSHIP:
        here = overview_href(area)
        return [
            ("Capacity and gaps", f"{here}capacity/"),
            ("Map", f"{here}market/"),
            ("Freshness of boards", f"{here}freshness/"),
        ]
    if not area.is_bucket:
        near = f"{reverse('providers:register')}?near={area.code}&also=from_area"
        return [
            ("Primary care", reverse("providers:primary-care", args=[area.code])),
            ("Services that take its residents", near),
        ]
    return []


def _in_plans(area: Area) -> list[tuple[str, str]]:
    here = overview_href(area)
    if area.kind is AreaKind.PARTNERSHIP:
        return [("Treatment plans", f"{here}plan/")]
    year = Period.containing(business_day(), Grain.YEAR).code
    return [
        ("Treatment plans", f"{here}plans/"),
        ("Spending of plans and quarterly reports", f"{here}plans/{year}/spend/"),
    ]


def _in_contracts(area: Area) -> list[tuple[str, str]]:
    """What is bought and how it is used, for both sides and the region."""
    here = overview_href(area)
    used = [("Utilisation", f"{here}utilisation/")]
    if area == ENGLAND:
        return used
    page = "contracts/dates/" if area.kind is AreaKind.REGION else "contracts/"
    return [("Contracts", f"{here}{page}"), *used]


def _organisation_href(area: Area) -> str:
    return reverse("commissioning:organisation-detail", args=[area.kind.value, area.code])


def _nothing_measured(request: HttpRequest, person: User, area: Area) -> HttpResponseBase:
    words = {
        "page_heading": area.name,
        "caption": _caption(area),
        "breadcrumbs": _crumbs(area, [] if area == ENGLAND else [ENGLAND]),
        "empty": EMPTY,
        "returns_href": returns_href(person, area),
    }
    return render(request, "reporting/area_overview.html", words)
