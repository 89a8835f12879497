"""The timeline of ends, notices and options, of a partnership and of a region."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning import charts
from commissioning.components import Chart, DataTable
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import day
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.selectors.organisations import partnerships_in
from commissioning.views.organisations import overview_of
from commissioning.views.requests import insist, organisation_at, signed_in
from providers.selectors.contracts.dates import ContractDates, dates_of
from providers.selectors.contracts.records import seen_by

AHEAD = dt.timedelta(days=549)  # a year and a half
SHOWN = 40  # contracts in the picture; the table has all


def _of_place(
    request: HttpRequest, kind: str, code: str
) -> tuple[Organisation, list[ContractDates]]:
    place = organisation_at(request, kind, code)
    insist(request, Permission.CONTRACT_VIEW, place)
    rows = seen_by(signed_in(request))
    today = business_day()
    if kind == "partnership":
        rows = rows.of_partnership(place.pk)
    else:
        rows = rows.filter(lead__in=partnerships_in(place, on=today).values("pk"))
    return place, dates_of(rows, since=today, until=today + AHEAD)


@require_safe
def contract_dates(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """What comes in the next year and a half: picture and table."""
    place, found = _of_place(request, kind, code)
    rows = [
        (deadline.on, deadline.words, one.contract) for one in found for deadline in one.deadlines
    ]
    svg = reverse(f"providers:{kind}-contract-dates-svg", args=[code])
    table = DataTable(
        ["Contract", "Provider", "What", "On"],
        [
            [f"{contract.reference} {contract.title}", str(contract.provider), words, day(on)]
            for on, words, contract in sorted(rows, key=lambda row: (row[0], row[2].reference))
        ],
    )
    drawn = _timeline(place, found)
    return render(
        request,
        "providers/contracts/dates.html",
        {
            "page_heading": "Contract dates",
            "caption": place.name,
            "breadcrumbs": [(place.name, overview_of(place))],
            "table": table,
            "chart": Chart(
                identifier="contract-dates",
                title=drawn.title,
                description=drawn.description,
                svg_href=svg,
                table=table,
                height=drawn.height,
                note=f"The picture has the first {SHOWN} to end; the table has all."
                if len(found) > SHOWN
                else "",
            )
            if found
            else None,
        },
    )


@require_safe
def contract_dates_svg(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The picture."""
    place, found = _of_place(request, kind, code)
    drawn = _timeline(place, found)
    return charts.as_svg(
        request, charts.timeline_chart(drawn), name="contract-dates", height=drawn.height
    )


def _timeline(place: Organisation, found: list[ContractDates]) -> charts.Timeline:
    today = business_day()
    shown = found[:SHOWN]
    ending = sum(any(day.kind == "end" for day in one.deadlines) for one in found)
    said = f"{ending} of {len(found)} {'contract' if len(found) == 1 else 'contracts'} with days"
    return charts.Timeline(
        title=f"{said} to come {'ends' if ending == 1 else 'end'} within a year and a half",
        subtitle=place.name,
        description=f"Terms of contracts of {place.name} along time, with the last days for notice"
        " and for options. The table below has every day.",
        spans=[
            charts.Span(
                one.contract.reference,
                max(one.contract.starts_on, today - dt.timedelta(days=183)),
                min(one.contract.ended_on or one.contract.ends_on, today + AHEAD),
            )
            for one in shown
        ],
        marks=[
            charts.Mark(one.contract.reference, deadline.on, deadline.words)
            for one in shown
            for deadline in one.deadlines
            if deadline.kind != "end"
        ],
        today=today,
    )
