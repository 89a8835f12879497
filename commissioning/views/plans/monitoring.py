"""A plan through its year: its four quarterly reports, and its money against the profile."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from commissioning import charts
from commissioning.choices import AGREED_IN
from commissioning.components import Chart, DataTable
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, pounds
from commissioning.models import Plan
from commissioning.rule_settings import setting_of
from commissioning.selectors.plans.monitoring import QuarterStanding, quarters_of
from commissioning.views.lists import list_response
from commissioning.views.plans.reaching import plan_or_404, plan_page
from commissioning.views.plans.report_tables import TAB, QuartersTable


@require_safe
def plan_monitoring(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """The four quarters: what is due, late and signed, and the money against its profile."""
    reached = plan_or_404(request, code, slug)
    quarters = quarters_of(reached.plan, today=business_day())
    for one in quarters:
        one.report.plan = reached.plan
    table = QuartersTable(quarters)
    if request.GET.get("format"):
        return list_response(request, table, heading=f"Quarterly reports {reached.plan}")
    RequestConfig(request, paginate=False).configure(table)
    return render(
        request,
        "commissioning/plans/monitoring.html",
        plan_page(
            reached,
            TAB,
            quarters=quarters,
            table=table,
            chart=_chart(reached.plan, quarters) if quarters else None,
            due_days=setting_of("report_due_days"),
            is_agreed=reached.plan.state in AGREED_IN,
        ),
    )


@require_safe
def monitoring_chart(request: HttpRequest, code: str, slug: str, form: str) -> HttpResponse:
    """Spend against profile; or for the browser to draw."""
    reached = plan_or_404(request, code, slug)
    quarters = quarters_of(reached.plan, today=business_day())
    if not quarters:
        raise Http404
    option = charts.time_series_chart(_picture(reached.plan, quarters))
    return charts.as_asked(request, option, form=form, name="spend-against-profile")


def _picture(plan: Plan, quarters: list[QuarterStanding]) -> charts.TimeSeries:
    over = [one for one in quarters if one.is_over]
    last = over[-1] if over else quarters[0]
    said = f"{last.in_words}, {last.period.label}" if over else "No quarter is over yet"
    return charts.TimeSeries(
        title=said,
        subtitle=f"Money by the end of each quarter, {plan}",
        description=f"{said}. Paid {pounds(last.paid)}, reported as spent"
        f" {pounds(last.reported)}, of {pounds(last.profile)} in the profile.",
        periods=[one.period.label for one in quarters],
        series=[
            charts.Series("Profile", [charts.Point(float(one.profile)) for one in quarters]),
            charts.Series(
                "Paid",
                [charts.Point(float(one.paid) if one.has_begun else None) for one in quarters],
                "ours",
            ),
            *_reported(quarters),
        ],
        unit="pounds",
    )


def _reported(quarters: list[QuarterStanding]) -> list[charts.Series]:
    """What was reported as spent, where it is not what the ledger has as paid."""
    if all(one.reported in (None, one.paid) for one in quarters):
        return []
    points = [
        charts.Point(None if one.reported is None else float(one.reported)) for one in quarters
    ]
    return [charts.Series("Reported as spent", points)]


def _chart(plan: Plan, quarters: list[QuarterStanding]) -> Chart:
    drawn = _picture(plan, quarters)
    address = [plan.partnership.code, plan.slug]
    return Chart(
        identifier="spend-against-profile",
        title=drawn.title,
        subtitle=drawn.subtitle,
        description=drawn.description,
        svg_href=reverse("commissioning:plan-monitoring-svg", args=address),
        json_href=reverse("commissioning:plan-monitoring-json", args=address),
        table=DataTable(
            ["Quarter", "Profile", "Paid by the ledger", "Reported as spent"],
            [
                [
                    one.period.label,
                    pounds(one.profile),
                    pounds(one.paid) if one.has_begun else MISSING,
                    pounds(one.reported),
                ]
                for one in quarters
            ],
        ),
        name="spend against profile",
    )
