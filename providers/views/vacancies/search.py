"""Places that are free for all the nights asked for, and several of them side by side."""

from typing import Any
from urllib.parse import urlencode

import django_tables2
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from commissioning.components import DataTable, as_verdict
from commissioning.kernel.words import MISSING, count, day, pounds
from commissioning.tables import CountColumn, DayColumn, NameColumn, PoundsColumn, Table
from commissioning.views.lists import list_response
from providers.filters.vacancies import OTHERS, VacancyFilter
from providers.models import Service
from providers.selectors.boards import Freshness
from providers.selectors.vacancies.asked import Wanted
from providers.selectors.vacancies.search import Vacancy, services_named, vacancies
from providers.views.vacancies.reaching import searcher

MOST_COMPARED = 4
PER_PAGE = 20  # a row is a dozen lines on a telephone
NOT_OURS = "Does not take our residents"


def service_href(one: Vacancy) -> str:
    return reverse("providers:service-detail", args=[one.provider_code, one.slug])


class ServiceColumn(NameColumn):
    """The service, with a word where it does not take our residents."""

    def render(self, value: Any, record: Vacancy) -> SafeString:
        named = super().render(value, record)
        if record.takes_ours:
            return named
        return format_html('{}<br><span class="app-quiet">{}</span>', named, NOT_OURS)


class DeskColumn(django_tables2.Column):  # type: ignore[misc]  # the library is untyped
    """What a telephone leaves to the service's own page and to the comparison."""

    cell_class = "app-rows__desk"


class VacancyTable(Table):
    """Services with free places, those paid for already first, then the nearest."""

    caption = "Places free on all the nights"
    counted = ("service", "services")
    empty_title = "No place is free"
    no_match = (
        "Take out a filter, ask for fewer nights, or show services without a free place to see"
        " when one falls free."
    )

    name = ServiceColumn(verbose_name="Service", href=service_href)
    provider_name = DeskColumn(verbose_name="Provider")
    free = CountColumn(verbose_name="Places free")
    next_free = DayColumn(verbose_name="Free from")
    weekly_price = PoundsColumn(verbose_name="A week")
    buying = django_tables2.Column(verbose_name="Contract")
    miles = CountColumn(verbose_name="Miles")
    quality = DeskColumn(verbose_name="Quality", order_by=("quality__rank",))
    said_at = django_tables2.Column(verbose_name="Said", empty_values=())
    deeds = django_tables2.Column(
        verbose_name="Do",
        orderable=False,
        empty_values=(),
        accessor="key",
        exclude_from_export=True,
    )

    class Meta:
        sequence = (
            *("name", "free", "next_free", "weekly_price", "buying", "deeds"),
            *("miles", "said_at", "provider_name", "quality"),
        )

    def __init__(self, *args: Any, wanted: Wanted, holds: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nights = urlencode({"start": wanted.start.isoformat(), "nights": wanted.nights})
        self.intervention = wanted.intervention
        self.holds = holds

    def render_buying(self, record: Vacancy) -> str:
        return record.contract

    def value_buying(self, record: Vacancy) -> str:
        return record.contract

    def render_weekly_price(self, record: Vacancy) -> str:
        return "Nothing new" if not record.weekly_price else pounds(record.weekly_price)

    def value_weekly_price(self, record: Vacancy) -> Any:
        return record.weekly_price

    def render_miles(self, value: float) -> str:
        return f"{value:,.0f}"

    def value_miles(self, value: float | None) -> float | str:
        return MISSING if value is None else round(value, 1)

    def render_quality(self, record: Vacancy) -> SafeString:
        return format_html('<span class="app-words">{}</span>', record.quality.words)

    def value_quality(self, record: Vacancy) -> str:
        return record.quality.words

    def render_said_at(self, record: Vacancy) -> SafeString | str:
        said = record.freshness
        return as_verdict(f"Unknown, {said.words}", "watch") if said.is_unknown else said.words

    def value_said_at(self, record: Vacancy) -> Any:
        return record.said_at

    def render_deeds(self, record: Vacancy) -> SafeString:
        box = format_html(
            '<label class="app-nowrap"><input type="checkbox" name="service" value="{}"'
            ' form="compare"> Compare<span class="govuk-visually-hidden"> {}</span></label>',
            record.key,
            record.name,
        )
        if not (self.holds and record.free and record.takes_ours):
            return box
        href = reverse("providers:vacancy-hold", args=[record.provider_code, record.slug])
        return format_html(
            '<a class="govuk-link govuk-link--no-visited-state app-nowrap" href="{}?{}">Hold place'
            '<span class="govuk-visually-hidden"> at {}</span></a> {}',
            href,
            self.nights,
            record.name,
            box,
        )


@require_safe
def vacancy_search(request: HttpRequest) -> HttpResponseBase:
    """The search, for whoever finds places."""
    shown = VacancyFilter(request.GET, queryset=None, request=request)
    who = searcher(request, near=str(shown.asked("near") or ""))
    wanted = shown.wanted(today=who.asking.on, usual_nights=who.usual_nights)
    found = vacancies(wanted, who.asking)
    table = VacancyTable(
        shown.kept(found.vacancies, on=who.asking.on),
        wanted=wanted,
        holds=who.holds,
        exclude=() if who.asking.centre else ("miles",),
        empty_text="Ask for fewer nights, or show services without a free place to see when one"
        " falls free.",
    )
    shown.show_used(wanted)
    return list_response(
        request,
        table,
        heading="Find a place",
        per_page=PER_PAGE,
        left_out=found.left_out,
        also=[*(shown.asked("also") or ()), OTHERS],
        filterset=shown,
        template="providers/vacancies/search.html",
        wanted=wanted,
        who=who,
        compare={
            "start": wanted.start.isoformat(),
            "nights": wanted.nights,
            "intervention": wanted.intervention,
        },
        most=MOST_COMPARED,
    )


@require_safe
def vacancy_compare(request: HttpRequest) -> HttpResponse:
    """Up to four services side by side, for the same nights."""
    shown = VacancyFilter(request.GET, queryset=None, request=request)
    who = searcher(request, near=str(shown.asked("near") or ""))
    wanted = shown.wanted(today=who.asking.on, usual_nights=who.usual_nights)
    asked = request.GET.getlist("service")
    services = services_named(asked[:MOST_COMPARED])
    found = vacancies(wanted, who.asking, services=list(services)).vacancies if services else []
    return render(
        request,
        "providers/vacancies/compare.html",
        {
            "page_heading": "Compare places",
            "breadcrumbs": [("Find a place", reverse("providers:vacancies"))],
            "table": _side_by_side(found, services) if found else None,
            "found": [
                (
                    one,
                    service_href(one),
                    reverse("providers:vacancy-hold", args=[one.provider_code, one.slug])
                    if who.holds and one.free and one.takes_ours
                    else "",
                )
                for one in found
            ],
            "nights": urlencode({"start": wanted.start.isoformat(), "nights": wanted.nights}),
            "wanted": wanted,
            "too_many": len(asked) > MOST_COMPARED,
            "most": MOST_COMPARED,
        },
    )


def _side_by_side(found: list[Vacancy], services: dict[int, Service]) -> DataTable:
    held = [(one, services[one.service]) for one in found]

    def row(words: str, *cells: str) -> list[str]:
        return [words, *cells]

    return DataTable(
        ["", *(one.name for one in found)],
        [
            row("Provider", *(one.provider_name for one in found)),
            row("Places free on all nights", *(count(one.free) for one in found)),
            row("Free from", *(day(one.next_free) for one in found)),
            row(
                "A week",
                *(
                    pounds(one.weekly_price) if one.weekly_price else _no_price(one)
                    for one in found
                ),
            ),
            row("Contract", *(one.contract for one in found)),
            row("Miles", *(MISSING if one.miles is None else count(one.miles) for one in found)),
            row("Quality", *(one.quality.words for one in found)),
            row("Places stated", *(stated(one.freshness) for one in found)),
            row("Our residents", *("Taken" if one.takes_ours else NOT_OURS for one in found)),
            row("Takes", *(service.get_sex_display() for _, service in held)),
            row(
                "Ages",
                *(
                    f"{service.age_from} to {service.age_to}"
                    if service.age_to
                    else f"{service.age_from} and over"
                    for _, service in held
                ),
            ),
            row("Children", *(_yes(service.takes_children) for _, service in held)),
            row("Couples", *(_yes(service.takes_couples) for _, service in held)),
            row("Accessible", *(_yes(service.is_accessible) for _, service in held)),
            row("Criminal justice", *(_yes(service.takes_justice_clients) for _, service in held)),
            row("Detoxification attached", *(_yes(one.has_detox_attached) for _, one in held)),
            row("Approach", *(one.get_approach_display() or MISSING for _, one in held)),
            row("Languages", *(", ".join(one.languages) or MISSING for _, one in held)),
            row("Telephone", *(one.telephone or MISSING for _, one in held)),
        ],
    )


def stated(fresh: Freshness) -> str:
    """When a board was stated, and whether anybody relies on it."""
    return f"Unknown, {fresh.words}: ring first" if fresh.is_unknown else fresh.words


def _no_price(one: Vacancy) -> str:
    return MISSING if one.weekly_price is None else "Nothing new"


def _yes(*holds: bool) -> str:
    return "Yes" if all(holds) else "No"
