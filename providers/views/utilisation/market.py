"""How a partnership's contracts are used; and what providers live on, in a region and England."""

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from commissioning import charts
from commissioning.choices import OrganisationKind
from commissioning.components import Chart, DataTable
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import percent
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.selectors.organisations import partnerships_in
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.views.lists import list_response
from commissioning.views.organisations import overview_of
from commissioning.views.requests import insist, organisation_at, signed_in
from providers.choices import ContractKind, PlaceKind
from providers.filters.services import named
from providers.rules.utilisation import PlaceNights
from providers.selectors.utilisation.buyers import contracts_in_use, exposures
from providers.selectors.utilisation.occupancy import Scope, occupancy_of
from providers.views.utilisation.kinds import blocks_table, days_of, kinds_table
from providers.views.utilisation.stretches import (
    KINDS,
    PlaceFilter,
    Stretch,
    YearFilter,
)
from providers.views.utilisation.tables import (
    MOSTLY_SPOT,
    ContractUseTable,
    ExposureTable,
    standing_of,
)

HEIGHT = 320


class UseFilter(YearFilter):
    """Contracts by words, kind and intervention, in a financial year."""

    kind = django_filters.ChoiceFilter(
        label="Kind", choices=ContractKind.choices, empty_label="Any kind", method="later"
    )
    intervention = django_filters.ChoiceFilter(
        label="Intervention",
        choices=lambda: named("intervention_types"),
        empty_label="Any intervention",
        method="later",
    )


@require_safe
def partnership_utilisation(request: HttpRequest, code: str) -> HttpResponseBase:
    """Contracts we lead or share in, the dearest voids first."""
    place = organisation_at(request, "partnership", code)
    insist(request, Permission.CONTRACT_VIEW, place)
    shown = UseFilter(request.GET, queryset=None, request=request, today=business_day())
    shown.filters["name"].label = "Contract or provider"
    kind = shown.asked("kind")
    rows = [
        one
        for one in contracts_in_use(
            signed_in(request),
            place.pk,
            shown.stretch.days,
            intervention=shown.asked("intervention") or "",
        )
        if (not kind or one.contract.kind == kind)
        and shown.names(
            f"{one.contract.reference} {one.contract.title} {one.contract.provider}",
            one.contract.reference,
        )
    ]
    return list_response(
        request,
        ContractUseTable(rows),
        heading="Utilisation of our contracts",
        breadcrumbs=[(place.name, overview_of(place)), ("Utilisation", "")],
        filterset=shown,
        template="providers/utilisation/partnership.html",
        caption=place.name,
        blocks=blocks_table(rows),
    )


class ExposureFilter(PlaceFilter):
    """Providers by name, kind of place, intervention and what they live on."""

    exposure = django_filters.ChoiceFilter(
        label="Exposure",
        choices=(("spot", MOSTLY_SPOT),),
        empty_label="Any",
        method="later",
    )


def _place(request: HttpRequest, code: str) -> Organisation:
    """A region, or the nation without a code."""
    if code:
        place = organisation_at(request, "region", code)
    else:
        nations = Organisation.objects.permitted(signed_in(request), Permission.ORGANISATION_VIEW)
        place = get_object_or_404(nations.of_kind(OrganisationKind.NATION))
    insist(request, Permission.CONTRACT_VIEW, place)
    return place


def _partnerships(place: Organisation, code: str, stretch: Stretch) -> list[int] | None:
    if not code:
        return None
    return list(partnerships_in(place, on=stretch.today).values_list("pk", flat=True))


def _filter(request: HttpRequest) -> ExposureFilter:
    return ExposureFilter(request.GET, queryset=None, request=request, today=business_day())


@require_safe
def exposure(request: HttpRequest, code: str = "") -> HttpResponseBase:
    """Providers of a region or of England, those that live on spot purchases first."""
    place, shown = _place(request, code), _filter(request)
    stretch = shown.stretch
    partnerships = _partnerships(place, code, stretch)
    found = exposures(
        _scope(shown),
        stretch.month_days or [stretch.days],
        today=stretch.today,
        partnerships=partnerships,
        with_places=bool(shown.asked("kind") or shown.asked("intervention")),
    )
    percent_ = settings_in_force(on=stretch.today).mostly_spot_percent
    only = shown.asked("exposure")
    rows = [
        one
        for one in found.providers
        if shown.names(one.name, one.code)
        and (not only or standing_of(one, percent_) == MOSTLY_SPOT)
    ]
    mostly = sum(one.is_mostly_spot(percent_) for one in found.providers)
    return list_response(
        request,
        ExposureTable(rows, caption="Providers and what they live on", percent=percent_),
        heading=f"Utilisation and exposure: {place.name}",
        breadcrumbs=[(place.name, overview_of(place)), ("Utilisation", "")],
        filterset=shown,
        template="providers/utilisation/exposure.html",
        mostly=mostly,
        percent=percent_,
        of_region=bool(code),
        kind=KINDS[shown.of_kind].lower(),
        kinds=kinds_table(found.by_kind),
        chart=_chart(place, code, shown, stretch, found.by_month) if stretch.months else None,
    )


@require_safe
def exposure_svg(request: HttpRequest, code: str = "") -> HttpResponse:
    """Occupancy by month."""
    place, shown = _place(request, code), _filter(request)
    stretch = shown.stretch
    scope = _scope(shown)
    partnerships = _partnerships(place, code, stretch)
    if partnerships is None:
        by_month = occupancy_of(scope, stretch.month_days).by_month
    else:
        by_month = exposures(
            scope, stretch.month_days, today=stretch.today, partnerships=partnerships
        ).by_month
    told = _told(place, stretch, by_month, shown.of_kind)
    return charts.as_svg(request, charts.time_series_chart(told), name="occupancy", height=HEIGHT)


def _scope(shown: ExposureFilter) -> Scope:
    return Scope(None, shown.of_kind, shown.asked("intervention") or "")


def _told(
    place: Organisation, stretch: Stretch, by_month: list[PlaceNights], kind: PlaceKind
) -> charts.TimeSeries:
    whole = sum(by_month, PlaceNights())
    days = days_of(kind)
    title = f"{percent(whole.occupancy)} of {days} available were occupied"
    return charts.TimeSeries(
        title=title,
        subtitle=f"Occupancy of {KINDS[kind].lower()} by month, {place.name},"
        f" {stretch.year.label}",
        description=f"Occupied {days} as a share of those available, month by month. {title}."
        " The table below has every number.",
        periods=[f"{one.start:%b %Y}" for one in stretch.months],
        unit="percent",
        series=[
            charts.Series(
                "Occupancy",
                [
                    charts.Point(None if one.occupancy is None else round(one.occupancy * 100, 1))
                    for one in by_month
                ],
                "ours",
            )
        ],
    )


def _chart(
    place: Organisation,
    code: str,
    shown: ExposureFilter,
    stretch: Stretch,
    by_month: list[PlaceNights],
) -> Chart:
    told = _told(place, stretch, by_month, shown.of_kind)
    page = "region-utilisation-svg" if code else "england-utilisation-svg"
    kept: dict[str, Any] = {
        name: value for name in ("year", "kind", "intervention") if (value := shown.asked(name))
    }
    return Chart(
        identifier="occupancy",
        title=told.title,
        subtitle=told.subtitle,
        description=told.description,
        svg_href=reverse(f"providers:{page}", args=[code] if code else [])
        + (f"?{urlencode(kept)}" if kept else ""),
        table=DataTable(
            ["Month", "Available", "Occupied", "Occupancy"],
            [
                [period, f"{one.available:,}", f"{one.occupied:,}", percent(one.occupancy)]
                for period, one in zip(told.periods, by_month, strict=True)
            ],
        ),
        height=HEIGHT,
        name=f"occupancy, {place.name}",
    )
