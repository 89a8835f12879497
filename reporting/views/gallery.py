"""Every component in each of its tones, for whoever builds pages; not in production."""

from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path

from commissioning.charts import Option, as_asked
from commissioning.charts.cartogram import cartogram
from commissioning.components import Progress
from commissioning.exports import csv_response, xlsx_response
from reporting.views import gallery_charts as drawn
from reporting.views import gallery_samples as samples


@login_not_required
def show(request: HttpRequest) -> HttpResponseBase:
    _only_in_development()
    table = samples.configured(request)
    match request.GET.get("format"):
        case "csv":
            return csv_response("contracts.csv", table.file_header(), table.file_rows())
        case "xlsx":
            return xlsx_response("contracts.xlsx", table.file_header(), table.file_rows())
    form = (
        samples.SampleForm({"month": "Jan"}) if "errors" in request.GET else samples.SampleForm()
    )
    return render(
        request,
        "components/gallery.html",
        {
            "as_at": samples.AS_AT,
            "final": samples.FINAL,
            "breadcrumbs": [("Home", "/"), ("Gallery", "")],
            "figures": samples.FIGURES,
            "cards": samples.CARDS,
            "work": samples.WORK,
            "summary": samples.SUMMARY,
            "history": samples.HISTORY,
            "progress": samples.PROGRESS,
            "charts": drawn.shown_charts(),
            "map": cartogram(drawn.sample_map()),
            "tones": ["good", "watch", "bad", "info", "plain"],
            "form": form,
            "table": table,
            "filter": samples.SampleFilter(request.GET, queryset=_no_rows()),
        },
    )


@login_not_required
def chart(request: HttpRequest, form: str) -> HttpResponse:
    option, height = _asked(request)
    return as_asked(request, option, form=form, name="chart", height=height)


@login_not_required
def chart_csv(_request: HttpRequest) -> HttpResponseBase:
    _only_in_development()
    rows = [
        [period, *shares]
        for period, *shares in zip(drawn.PERIODS, *drawn.SHARES.values(), strict=True)
    ]
    return csv_response("waits.csv", ["Period", *drawn.SHARES], rows)


@login_not_required
def progress(request: HttpRequest) -> HttpResponse:
    """What the progress component asks for: the end of the work."""
    _only_in_development()
    over = Progress("Return checked", 12_000, 12_000, over=True, tone="good")
    return render(request, "components/progress.html", {"progress": over, "id": "progress-1"})


def _asked(request: HttpRequest) -> tuple[Option, int]:
    _only_in_development()
    try:
        return drawn.options()[request.GET.get("chart", "")]
    except KeyError:
        raise Http404 from None


def _only_in_development() -> None:
    if not settings.DEBUG:
        raise Http404


def _no_rows() -> Any:
    """What a filter set asks of its rows when only its form is shown."""
    return SimpleNamespace(model=None, all=list)


urlpatterns = [
    path("", show, name="gallery"),
    path("chart.svg", chart, {"form": "svg"}, name="gallery-chart"),
    path("chart.json", chart, {"form": "json"}, name="gallery-chart-data"),
    path("list.csv", chart_csv, name="gallery-chart-file"),
    path("progress/", progress, name="gallery-progress"),
]
