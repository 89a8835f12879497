"""Which quarters a provider's services owe, and what was counted in a partnership."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.kernel.clock import business_day
from commissioning.kernel.periods import Grain, Period, UnknownPeriod
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.tables import CountColumn
from commissioning.views.lists import list_response
from commissioning.views.requests import insist, organisation_at, signed_in
from providers.choices import ActivityMeasure
from providers.selectors.activity import no_returns, quarters_until, service_quarters
from providers.selectors.activity_of_area import area_rows, planned_rows
from providers.views.activity.reaching import crumbs_of, may_send, provider_seen
from providers.views.activity.tables import (
    CountedTable,
    PlannedTable,
    QuarterTable,
    StandingFilter,
)

QUARTERS_OFFERED = 12


@require_safe
def activity_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """The quarters of a provider's services, the newest on top."""
    provider, today = provider_seen(request, code), business_day()
    rules = settings_in_force(on=today)
    shown = StandingFilter(request.GET, queryset=no_returns(), request=request)
    rows = service_quarters(provider, today=today, due_days=rules.activity_due_days)
    table = QuarterTable(
        [one for one in rows if shown.keeps(one.standing, one.service.name)],
        empty_text="What a service delivers at Tier 1 or Tier 2 is in the register: returns are "
        "due for it, a quarter at a time.",
    )
    table.columns["service"].column.href = lambda one: reverse(
        "providers:activity-quarter", args=[code, one.period.code, one.service.slug]
    )
    return list_response(
        request,
        table,
        heading="Activity of Tiers 1 and 2",
        breadcrumbs=crumbs_of(provider)[:1],
        filterset=shown,
        template="providers/activity/list.html",
        caption=provider.name,
        due_days=rules.activity_due_days,
        sends=may_send(request, provider),
    )


@require_safe
def area_activity(request: HttpRequest, code: str) -> HttpResponseBase:
    """What was counted in a partnership in a quarter."""
    partnership, today = _partnership(request, code), business_day()
    quarters = quarters_until(today, how_many=QUARTERS_OFFERED)
    quarter = _chosen(request, quarters)
    rules = settings_in_force(on=today)
    shown = StandingFilter(request.GET, queryset=no_returns(), request=request)
    rows = [
        one
        for one in area_rows(partnership, quarter, today=today, due_days=rules.activity_due_days)
        if shown.keeps(one.standing, one.provider.name, one.delivered.service.name)
    ]
    measures = [
        (
            f"m_{one.value.lower()}",
            CountColumn(accessor=f"measures__{one.value}", verbose_name=one.label),
        )
        for one in ActivityMeasure
    ]
    table = CountedTable(
        rows,
        extra_columns=measures,
        empty_text="No service of Tier 1 or Tier 2 stands here or has the partnership in its "
        "catchment.",
    )
    table.columns["provider"].column.href = lambda one: f"/provider/{one.provider.code}/"
    return list_response(
        request,
        table,
        heading="Activity of Tiers 1 and 2",
        breadcrumbs=[(partnership.name, f"/partnership/{code}/")],
        filterset=shown,
        template="providers/activity/area.html",
        caption=partnership.name,
        quarter=quarter,
        quarters=quarters,
        kept={"period": quarter.code},
        planned_href=reverse("providers:area-activity-planned", args=[code])
        + f"?period={Period.containing(quarter.start, Grain.YEAR).code}",
    )


@require_safe
def area_planned(request: HttpRequest, code: str) -> HttpResponseBase:
    """The year's lines of Tiers 1 and 2 beside what their providers have counted so far."""
    partnership = _partnership(request, code)
    insist(request, Permission.PLAN_VIEW, partnership)
    last = Period.containing(quarters_until(business_day(), how_many=1)[0].start, Grain.YEAR)
    years = [last.following(), last, last.previous()]
    year = _chosen(request, years, otherwise=last)
    table = PlannedTable(
        planned_rows(partnership, year, seen_by=signed_in(request)),
        empty_text="No line of Tier 1 or Tier 2 in this year's plan names an intervention.",
    )
    table.columns["name"].column.href = lambda one: reverse(
        "commissioning:plan-line", args=[code, one.line.plan.slug, one.line.number]
    )
    return list_response(
        request,
        table,
        heading=f"Activity against the plan, {year.label}",
        breadcrumbs=[
            (partnership.name, f"/partnership/{code}/"),
            ("Activity", reverse("providers:area-activity", args=[code])),
        ],
        template="providers/activity/planned.html",
        caption=partnership.name,
        year=year,
        years=years,
    )


def _partnership(request: HttpRequest, code: str) -> Organisation:
    partnership = organisation_at(request, "partnership", code)
    insist(request, Permission.FIGURES_VIEW, partnership)
    return partnership


def _chosen(
    request: HttpRequest, offered: list[Period], *, otherwise: Period | None = None
) -> Period:
    """The period asked for, where it is one of those offered; else the usual one."""
    try:
        asked = Period.parse(request.GET.get("period", ""))
    except UnknownPeriod:
        asked = None
    return asked if asked in offered and asked else otherwise or offered[0]
