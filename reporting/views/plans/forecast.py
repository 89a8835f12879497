"""A plan's money through its year: planned, committed, paid and expected, side by side."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import django_tables2
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from commissioning import charts
from commissioning.components import Chart, DataTable, Figure, Tone
from commissioning.kernel.words import MISSING, about, percent, pounds
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.tables import AboutColumn, NameColumn, PoundsColumn, Table
from commissioning.views.lists import list_asked, list_response
from commissioning.views.plans.reaching import plan_or_404, plan_page
from reporting.models import Forecast
from reporting.selectors.forecasts import (
    SpendProfile,
    forecast_of,
    newest_forecasts,
    spend_profile,
)

FORECAST = "reporting:plan-forecast"
# In words as well as colour; a chance is between nought and one.
LIKELY, UNSURE = Decimal("0.8"), Decimal("0.2")


class ForecastTable(Table):
    """Lines (or streams) with the four numbers of their money."""

    name = NameColumn(accessor="pk", verbose_name="Line", order_by=("line__position",))
    planned = PoundsColumn(verbose_name="Planned")
    committed = PoundsColumn(verbose_name="Committed")
    paid = PoundsColumn(verbose_name="Paid")
    expected = AboutColumn(verbose_name="Forecast")
    low = AboutColumn(verbose_name="At least")
    high = AboutColumn(verbose_name="At most")
    chance = django_tables2.Column(verbose_name="Overspend", default=MISSING)

    caption = "Lines and their forecast"
    counted = ("line", "lines")

    def value_name(self, record: Forecast) -> str:
        return str(record.line or record.stream)

    def render_name(self, record: Forecast) -> str:
        return str(record.line or record.stream)

    def render_chance(self, value: Decimal) -> str:
        return in_words(value)

    def value_chance(self, value: Decimal) -> Decimal:
        return value


class StreamForecastTable(ForecastTable):
    """The same by stream."""

    name = NameColumn(accessor="pk", verbose_name="Stream", orderable=False)
    caption = "Streams and their forecast"
    counted = ("stream", "streams")


@require_safe
def plan_forecast(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """The plan's expected out-turn, as at the day it was last worked out."""
    reached = plan_or_404(request, code, slug)
    found = forecast_of(reached.plan)
    table = ForecastTable(found.lines)
    streams = StreamForecastTable(found.streams, prefix="streams-")
    if request.GET.get("format"):
        asked = list_asked(request, table, streams)
        return list_response(request, asked, heading=f"{asked.caption} {reached.plan}")
    for one in (table, streams):
        RequestConfig(request, paginate=False).configure(one)
    whole = found.whole
    return render(
        request,
        "reporting/plan_forecast.html",
        plan_page(
            reached,
            FORECAST,
            whole=whole,
            figures=_figures(whole) if whole else (),
            table=table,
            streams=streams,
            chart=_chart(reached, whole) if whole else None,
        ),
    )


@require_safe
def forecast_chart(request: HttpRequest, code: str, slug: str, form: str) -> HttpResponse:
    """The spend profile, drawn; or for the browser to draw again."""
    reached = plan_or_404(request, code, slug)
    whole = newest_forecasts([reached.plan.pk]).get(reached.plan.pk)
    if whole is None:
        raise Http404
    profile = spend_profile(reached.plan, whole, on=whole.as_at)
    option = charts.time_series_chart(picture(reached, whole, profile))
    return charts.as_asked(request, option, form=form, name="spend-profile")


def picture(reached: ReachedPlan, whole: Forecast, profile: SpendProfile) -> charts.TimeSeries:
    """Paid so far, what is expected from there, and what was planned."""

    def points(values: Sequence[Decimal | None]) -> list[charts.Point]:
        return [charts.Point(None if one is None else float(round(one))) for one in values]

    return charts.TimeSeries(
        title=finding(whole),
        subtitle=f"Money by the end of each month, {reached.plan}",
        description=f"{finding(whole)}. Paid so far {pounds(whole.paid)}.",
        periods=profile.months,
        series=[
            charts.Series("Planned", points(profile.planned)),
            charts.Series("Expected", points(profile.expected), "signal"),
            charts.Series("Paid", points(profile.paid), "ours"),
        ],
        unit="pounds",
    )


def finding(whole: Forecast) -> str:
    """What the forecast says in a sentence."""
    over = round(whole.expected - whole.planned)
    if not over:
        return f"Spending is expected to be as planned, {about(whole.planned)}"
    side = "more" if over > 0 else "less"
    return f"Spending is expected to be {about(abs(over))} {side} than planned"


def in_words(chance: Decimal | None) -> str:
    """The chance of overspend: 83%, likely."""
    if chance is None:
        return "Too early to say"
    word = "likely" if chance >= LIKELY else "unlikely" if chance <= UNSURE else "in doubt"
    return f"{percent(chance)}, {word}"


def tone_of(chance: Decimal | None) -> Tone:
    if chance is None:
        return "plain"
    return "bad" if chance >= LIKELY else "good" if chance <= UNSURE else "watch"


def _figures(whole: Forecast) -> list[Figure]:
    limits = (
        f"95% limits {about(whole.low)} to {about(whole.high)}"
        if whole.low is not None and whole.high is not None
        else whole.get_basis_display()
    )
    return [
        Figure("Planned", pounds(whole.planned)),
        Figure("Committed", pounds(whole.committed)),
        Figure("Paid", pounds(whole.paid)),
        Figure(
            "Forecast",
            about(whole.expected),
            limits=limits,
            verdict=f"Overspend: {in_words(whole.chance)}",
            tone=tone_of(whole.chance),
        ),
    ]


def _chart(reached: ReachedPlan, whole: Forecast) -> Chart:
    plan = reached.plan
    address: list[Any] = [plan.partnership.code, plan.slug]
    profile = spend_profile(plan, whole, on=whole.as_at)
    drawn = picture(reached, whole, profile)
    return Chart(
        identifier="spend-profile",
        title=drawn.title,
        subtitle=drawn.subtitle,
        description=drawn.description,
        svg_href=reverse("reporting:plan-forecast-svg", args=address),
        json_href=reverse("reporting:plan-forecast-json", args=address),
        table=DataTable(
            ["By the end of", "Planned", "Paid", "Expected"],
            [
                [month, *(about(one) for one in values)]
                for month, *values in zip(
                    profile.months, profile.planned, profile.paid, profile.expected, strict=True
                )
            ],
        ),
        name="spend profile",
    )
