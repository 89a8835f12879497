"""Projected vacancies of a service: the chance of a free place on each night to come."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.charts import Point, Series, TimeSeries, as_asked, time_series_chart
from commissioning.charts.option import Option
from commissioning.components import Chart, DataTable
from commissioning.kernel import words
from commissioning.kernel.clock import business_day
from commissioning.selectors.rule_sets import settings_in_force
from providers.choices import PlaceKind
from providers.models import Service
from providers.selectors.projections import Projection, projections_of
from providers.views.places.reaching import ReachedBoard, board_at, service_at

HEIGHT = 300
NOUNS = {
    PlaceKind.BED: "bed",
    PlaceKind.PRESCRIBING: "prescribing slot",
    PlaceKind.DAY_PROGRAMME: "day-programme place",
    PlaceKind.CASELOAD: "place in a caseload",
}


@require_safe
def vacancies(request: HttpRequest, code: str, service: str) -> HttpResponse:
    """A chart with its table for each kind of place."""
    reached = board_at(request, code)
    found = service_at(reached, service)
    return render(
        request,
        "providers/places/vacancies.html",
        {
            "page_heading": f"Projected vacancies: {found}",
            "breadcrumbs": [*reached.crumbs, (f"Projected vacancies: {found}", "")],
            "service": found,
            "parts": [
                {"projection": one, "chart": _chart(reached, found, one), "basis": _basis(one)}
                for one in _projections(found)
            ],
        },
    )


@require_safe
def vacancies_chart(
    request: HttpRequest, code: str, service: str, kind: str, form: str
) -> HttpResponse:
    """The picture of one kind's vacancies; or for the browser to draw."""
    option, name = _option_at(request, code, service, kind)
    return as_asked(request, option, form=form, name=name, height=HEIGHT)


def _projections(service: Service) -> list[Projection]:
    today = business_day()
    return projections_of(service, today=today, rules=settings_in_force(on=today))


def _option_at(request: HttpRequest, code: str, service: str, kind: str) -> tuple[Option, str]:
    reached = board_at(request, code)
    found = service_at(reached, service)
    for one in _projections(found):
        if slug_of(one.kind) == kind:
            return _option(found, one), f"vacancies-{found.slug}-{kind}"
    raise Http404


def slug_of(kind: str) -> str:
    return kind.lower().replace("_", "-")


def finding(one: Projection) -> str:
    """“70 % chance of a bed by 14 May 2007”, or that it is not so likely within the weeks."""
    noun = NOUNS[one.kind]
    if one.likely is None:
        most = max((night.chance for night in one.nights), default=0.0)
        return f"At most {words.percent(most)} chance of a {noun} within eight weeks"
    return f"{words.percent(one.likely.chance)} chance of a {noun} by {words.day(one.likely.on)}"


def _basis(one: Projection) -> str:
    if one.lengths.is_assumed:
        return (
            f"The service has {len(one.lengths.past)} past stays on record, fewer than"
            f" {one.lengths.needed}: stays are assumed to last {one.lengths.assumed} days on"
            " average (an assumption of the rule set)."
        )
    return (
        f"From planned departures and how long {words.count(len(one.lengths.past))} past stays"
        " of this service lasted, given how long each person has been there."
    )


def _option(service: Service, one: Projection) -> Option:
    return time_series_chart(
        TimeSeries(
            title=finding(one),
            description=f"The chance of at least one free {NOUNS[one.kind]} of {service}, night"
            f" by night over eight weeks. {finding(one)}. The table below has every number.",
            periods=[_short(night.on) for night in one.nights],
            series=[
                Series(
                    name="Chance",
                    points=[Point(value=round(night.chance * 100, 1)) for night in one.nights],
                    part="ours",
                )
            ],
            unit="percent",
            target=float(one.percent),
            target_words=f"Likely from {one.percent}%",
        )
    )


def _short(on: object) -> str:
    return f"{on:%-d %b}"


def _chart(reached: ReachedBoard, service: Service, one: Projection) -> Chart:
    at = [reached.provider.code, service.slug, slug_of(one.kind)]
    return Chart(
        identifier=f"vacancies-{slug_of(one.kind)}",
        title=finding(one),
        subtitle=f"Chance of at least one free {NOUNS[one.kind]}, night by night",
        description=f"The chance of at least one free {NOUNS[one.kind]} over eight weeks."
        f" {finding(one)}.",
        svg_href=reverse("providers:board-vacancies-svg", args=at),
        json_href=reverse("providers:board-vacancies-json", args=at),
        table=DataTable(
            header=["Night", "Chance of a free place", "Free places expected"],
            rows=[
                [
                    words.day(night.on),
                    words.percent(night.chance),
                    f"{night.expected:.1f}",
                ]
                for night in one.nights
            ],
        ),
        note=_basis(one),
        height=HEIGHT,
        name=f"vacancies, {one.kind.label.lower()}",
    )
