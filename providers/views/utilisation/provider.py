"""How a provider's places are used: by month, and night by night as a heat map of one month."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from commissioning import charts
from commissioning.components import Chart, DataTable, Fact, Summary
from commissioning.kernel.clock import business_day
from commissioning.kernel.periods import Period
from commissioning.kernel.words import MISSING, count, percent, pounds, weeks
from commissioning.roles import Permission
from commissioning.views.lists import list_response
from commissioning.views.organisations import overview_of
from commissioning.views.records import form_page
from commissioning.views.requests import attempt, insist, signed_in
from providers.choices import PlaceKind
from providers.forms.utilisation import FixedCostsForm
from providers.models import Provider
from providers.rules.utilisation import PlaceNights, break_even_occupancy
from providers.selectors.utilisation.exposure import Income, income_of
from providers.selectors.utilisation.occupancy import (
    KindNights,
    Scope,
    ServiceNights,
    months_of_provider,
    nights_of_services,
    occupancy_of,
)
from providers.selectors.utilisation.spot import register_prices
from providers.services.providers import state_fixed_costs
from providers.views.register.reaching import provider_or_404
from providers.views.utilisation.kinds import days_of, kinds_table
from providers.views.utilisation.stretches import (
    DAY,
    KINDS,
    PlaceFilter,
    Stretch,
    YearFilter,
    month_or_404,
)
from providers.views.utilisation.tables import PlaceRow, PlaceTable

LETS_SEE = (Permission.PLACES_KEEP, Permission.CONTRACT_VIEW)


@dataclass(frozen=True)
class Asked:
    """A provider's places, the year, and the month whose nights are shown."""

    provider: Provider
    shown: PlaceFilter
    sees_money: bool
    month: Period | None
    kinds: Sequence[KindNights]

    @property
    def stretch(self) -> Stretch:
        return self.shown.stretch

    @property
    def scope(self) -> Scope:
        return Scope(
            [self.provider.pk],
            self.shown.of_kind,
            self.shown.asked("intervention") or "",
        )


def _asked(request: HttpRequest, code: str) -> Asked:
    """For those who keep its places or see its contracts, and for whoever searches for places."""
    provider, person = provider_or_404(code), signed_in(request)
    if not person.may(Permission.PLACE_FIND) and not any(
        person.reach(one).covers(provider.pk) for one in LETS_SEE
    ):
        raise PermissionDenied
    kinds = _kinds_of(provider, request)
    shown = PlaceFilter(
        request.GET,
        queryset=None,
        request=request,
        today=business_day(),
        usual=kinds[0].kind if kinds else PlaceKind.BED,
    )
    del shown.filters["name"]
    words = request.GET.get("month", "")
    months = shown.stretch.months
    return Asked(
        provider,
        shown,
        person.reach(Permission.CONTRACT_VIEW).covers(provider.pk),
        month_or_404(words) if words else months[-1] if months else None,
        kinds,
    )


def _kinds_of(provider: Provider, request: HttpRequest) -> list[KindNights]:
    """The kinds of place it has had in the year that is asked about."""
    asked = YearFilter(request.GET, queryset=None, request=request, today=business_day())
    return occupancy_of(Scope([provider.pk]), [asked.stretch.days]).by_kind


@require_safe
def provider_utilisation(request: HttpRequest, code: str) -> HttpResponseBase:
    """Months as a list, one of them as a heat map, and what the provider lives on."""
    asked = _asked(request, code)
    stretch = asked.stretch
    nights = months_of_provider(asked.scope, stretch.month_days)
    rows = [
        PlaceRow(
            when=period.label,
            since=period.start,
            href=f"?{_query(asked, period)}#nights-chart",
            nights=one,
        )
        for period, one in zip(stretch.months, nights, strict=True)
    ]
    place = asked.provider.organisation
    return list_response(
        request,
        PlaceTable(rows),
        heading=f"Utilisation of {place.name}",
        breadcrumbs=[(place.name, overview_of(place)), ("Utilisation", "")],
        filterset=asked.shown,
        template="providers/utilisation/provider.html",
        summary=_summary(asked, sum(nights, PlaceNights())),
        chart=_chart(asked) if asked.month else None,
        kinds=kinds_table(asked.kinds) if len(asked.kinds) > 1 else None,
        sees_money=asked.sees_money,
        costs_href=reverse("providers:provider-fixed-costs", args=[asked.provider.code])
        if signed_in(request).reach(Permission.REGISTER_EDIT).covers(asked.provider.pk)
        else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def provider_fixed_costs(request: HttpRequest, code: str) -> HttpResponse:
    """The provider says what its places cost in a year whoever is in them."""
    provider = provider_or_404(code)
    insist(request, Permission.REGISTER_EDIT, provider.organisation)
    form = FixedCostsForm(
        request.POST if request.method == "POST" else None,
        initial={"amount": provider.fixed_costs},
    )
    href = reverse("providers:provider-utilisation", args=[provider.code])
    if request.method == "POST" and form.is_valid():
        amount, by = form.cleaned_data["amount"], signed_in(request)
        if attempt(form, lambda: state_fixed_costs(provider=provider, amount=amount, by=by)):
            messages.success(request, "Fixed costs are stated.")
            return redirect(href)
    return form_page(
        request,
        form,
        heading="Fixed costs",
        button="Save",
        cancel_href=href,
        breadcrumbs=[
            (provider.organisation.name, overview_of(provider.organisation)),
            ("Utilisation", href),
        ],
    )


@require_safe
def provider_utilisation_svg(request: HttpRequest, code: str) -> HttpResponse:
    """The heat map of a month."""
    asked = _asked(request, code)
    told = _told(asked, _services(asked), asked.month or asked.stretch.year)
    return charts.as_svg(request, charts.heat_map(told), name="occupancy", height=told.height)


def _query(asked: Asked, month: Period) -> str:
    """The whole state of the view, for a month."""
    kept = {name: asked.shown.asked(name) for name in ("year", "kind", "intervention")}
    return urlencode(
        {name: value for name, value in kept.items() if value} | {"month": month.code}
    )


def _summary(asked: Asked, nights: PlaceNights) -> Summary:
    facts = [
        Fact("Occupancy", percent(nights.occupancy)),
        Fact(f"{days_of(asked.shown.of_kind).capitalize()} available", count(nights.available)),
        Fact("Occupied", count(nights.occupied)),
        Fact("Void", count(nights.void)),
    ]
    if asked.sees_money:
        facts += _income(asked, nights)
    return Summary(title=f"{KINDS[asked.shown.of_kind]}, {asked.stretch.year.label}", facts=facts)


def _income(asked: Asked, nights: PlaceNights) -> list[Fact]:
    first, end = asked.stretch.days
    found = income_of(
        first=first, end=end, today=asked.stretch.today, providers=[asked.provider.pk]
    ).get(asked.provider.pk, Income())
    cover = found.months_of_cover((end - first).days)
    price = register_prices([asked.provider.pk]).get(asked.provider.pk)
    beds = round(nights.available / max((end - first).days, 1))
    even = break_even_occupancy(asked.provider.fixed_costs, beds=beds, weekly_income=price)
    return [
        Fact("Income from contracts", pounds(found.contracts)),
        Fact("Income from spot purchases", pounds(found.spot)),
        Fact("Share from spot", percent(found.from_spot)),
        Fact("Months of cover", weeks(cover)),
        Fact("Break-even occupancy", percent(even)),
    ]


def _services(asked: Asked) -> list[ServiceNights]:
    if asked.month is None:
        return []
    return nights_of_services(asked.scope, asked.stretch.days_of(asked.month))


def _told(asked: Asked, services: list[ServiceNights], month: Period) -> charts.HeatMap:
    since, until = asked.stretch.days_of(month)
    nights = [since + DAY * at for at in range(max((until - since).days, 0))]
    whole = sum((one for service in services for one in service.by_night.values()), PlaceNights())
    days = days_of(asked.shown.of_kind)
    title = f"{percent(whole.occupancy)} of {days} available in {month.label} were occupied"
    return charts.HeatMap(
        title=title,
        subtitle=f"Occupancy of each service, night by night, {asked.provider}",
        description=f"A row for each service, a column for each night. {title}. The table below"
        " has every number.",
        columns=[str(night.day) for night in nights],
        rows=[
            charts.HeatRow(
                service.name,
                [
                    service.by_night[night].occupancy if night in service.by_night else None
                    for night in nights
                ],
            )
            for service in services
        ],
    )


def _chart(asked: Asked) -> Chart | None:
    services = _services(asked)
    if not services or asked.month is None:
        return None
    told = _told(asked, services, asked.month)
    href = reverse("providers:provider-utilisation-svg", args=[asked.provider.code])
    header: list[str] = ["Service", *(f"{one} {asked.month.start:%b}" for one in told.columns)]
    return Chart(
        identifier="nights",
        title=told.title,
        subtitle=told.subtitle,
        description=told.description,
        svg_href=f"{href}?{_query(asked, asked.month)}",
        table=DataTable(header, [[row.name, *_written(row.shares)] for row in told.rows]),
        height=told.height,
        name=f"occupancy of {asked.provider} in {asked.month.label}",
        note="A cross: no place was open and in service that night.",
    )


def _written(shares: Any) -> list[str]:
    return [MISSING if one is None else percent(one) for one in shares]
