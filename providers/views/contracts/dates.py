"""Ends, notices and options of contracts that come: a timeline and its list, of a partnership, a
provider and a region."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import django_filters
import django_tables2
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning import charts
from commissioning.components import Chart, DataTable
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import day
from commissioning.list_filters import RowFilter
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.selectors.organisations import partnerships_in
from commissioning.tables import DayColumn, NameColumn, Table
from commissioning.views.lists import list_response
from commissioning.views.organisations import overview_of
from commissioning.views.requests import insist, organisation_at, signed_in
from providers.models import Contract
from providers.models.contracts import ContractQuerySet
from providers.selectors.contracts.dates import ContractDates, dates_of
from providers.selectors.contracts.records import FALLS_DUE, Deadline, seen_by

AHEAD = dt.timedelta(days=549)  # a year and a half
SHOWN = 40  # contracts in the picture; the list has all


@dataclass(frozen=True)
class ContractDay:
    """A day of a contract."""

    contract: Contract
    deadline: Deadline


class DateFilter(RowFilter):
    """By contract or party, and by what falls due."""

    name = django_filters.CharFilter(label="Reference, title or party", method="later")
    what = django_filters.ChoiceFilter(
        label="What", choices=list(FALLS_DUE.items()), empty_label="Anything", method="later"
    )

    class Meta:
        model = Contract
        fields: list[str] = []

    def lets(self, row: ContractDay) -> bool:
        one = row.contract
        parties = f"{one.title} {one.provider} {one.lead}"
        kind = self.asked("what")
        return (not kind or row.deadline.kind == kind) and self.names(
            f"{one.reference} {parties}", one.reference
        )


class DateTable(Table):
    """Days of contracts, the first to come first."""

    caption = "Ends, notices and options of contracts"
    counted = ("day", "days")
    empty_title = "Nothing falls due"

    on = DayColumn(accessor="deadline__on", verbose_name="On")
    what = django_tables2.Column(accessor="deadline__words", verbose_name="What")
    reference = NameColumn(
        accessor="contract__reference",
        verbose_name="Contract",
        href=lambda row: reverse("providers:contract-detail", args=[row.contract.reference]),
    )
    title = django_tables2.Column(accessor="contract__title", verbose_name="Title")
    provider = django_tables2.Column(
        accessor="contract__provider", order_by="contract__provider__organisation__name"
    )
    lead = django_tables2.Column(
        accessor="contract__lead",
        verbose_name="Led by",
        order_by="contract__lead__organisation__name",
    )

    class Meta:
        order_by = "on"

    def value_provider(self, value: object) -> str:
        return str(value)

    def value_lead(self, value: object) -> str:
        return str(value)


def _of_place(
    request: HttpRequest, kind: str, code: str
) -> tuple[Organisation, ContractQuerySet, list[ContractDates]]:
    place = organisation_at(request, kind, code)
    insist(request, Permission.CONTRACT_VIEW, place)
    rows = seen_by(signed_in(request))
    today = business_day()
    if kind == "partnership":
        rows = rows.of_partnership(place.pk)
    elif kind == "provider":
        rows = rows.filter(provider=place.pk)
    else:
        rows = rows.filter(lead__in=partnerships_in(place, on=today).values("pk"))
    return place, rows, dates_of(rows, since=today, until=today + AHEAD)


@require_safe
def contract_dates(request: HttpRequest, kind: str, code: str) -> HttpResponseBase:
    """What comes in the next year and a half: picture and list."""
    place, contracts, found = _of_place(request, kind, code)
    shown = DateFilter(request.GET, queryset=contracts, request=request)
    rows = [ContractDay(one.contract, falls) for one in found for falls in one.deadlines]
    crumbs = [(place.name, overview_of(place))]
    if kind != "region":
        crumbs.append(("Contracts", reverse(f"providers:{kind}-contracts", args=[code])))
    return list_response(
        request,
        DateTable(
            [row for row in rows if shown.lets(row)],
            exclude=("provider",) if kind == "provider" else (),
        ),
        heading="Contract dates",
        breadcrumbs=crumbs,
        filterset=shown,
        template="providers/contracts/dates.html",
        caption=place.name,
        chart=_chart(place, kind, found) if found else None,
    )


@require_safe
def contract_dates_svg(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The picture."""
    place, _, found = _of_place(request, kind, code)
    drawn = _timeline(place, found)
    return charts.as_svg(
        request, charts.timeline_chart(drawn), name="contract-dates", height=drawn.height
    )


def _chart(place: Organisation, kind: str, found: list[ContractDates]) -> Chart:
    drawn = _timeline(place, found)
    return Chart(
        identifier="contract-dates",
        title=drawn.title,
        description=drawn.description,
        svg_href=reverse(f"providers:{kind}-contract-dates-svg", args=[place.code]),
        table=DataTable(["Contract", *FALLS_DUE.values()], list(map(_days, found))),
        height=drawn.height,
        note=f"The picture has the first {SHOWN} to end; the list has all."
        if len(found) > SHOWN
        else "",
    )


def _days(one: ContractDates) -> list[Any]:
    """A row of the picture's table: each day of a contract under what it is."""
    falls = {held.kind: day(held.on) for held in one.deadlines}
    return [one.contract.reference, *(falls.get(kind, "–") for kind in FALLS_DUE)]


def _timeline(place: Organisation, found: list[ContractDates]) -> charts.Timeline:
    today = business_day()
    shown = found[:SHOWN]
    ending = sum(any(falls.kind == "end" for falls in one.deadlines) for one in found)
    said = f"{ending} of {len(found)} {'contract' if len(found) == 1 else 'contracts'} in force"
    return charts.Timeline(
        title=f"{said} {'ends' if ending == 1 else 'end'} within a year and a half",
        subtitle=place.name,
        description=f"Terms of contracts of {place.name} along time, with the last days for notice"
        " and for options. The list below has every day.",
        spans=[
            charts.Span(
                one.contract.reference,
                max(one.contract.starts_on, today - dt.timedelta(days=183)),
                min(one.contract.holds_until, today + AHEAD),
            )
            for one in shown
        ],
        marks=[
            charts.Mark(one.contract.reference, falls.on, falls.words)
            for one in shown
            for falls in one.deadlines
            if falls.kind != "end"
        ],
        today=today,
    )
