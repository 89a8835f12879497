"""The register: every service in England, by what it delivers, to whom, where and when."""

import datetime as dt
from typing import Any

import django_tables2
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from commissioning.choices import OrganisationKind
from commissioning.context import acting_membership
from commissioning.kernel.clock import business_day, technical_now
from commissioning.kernel.words import MISSING
from commissioning.models import Partnership
from commissioning.selectors.areas import partnership_at
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.tables import CountColumn, NameColumn, Table
from commissioning.views.lists import list_response
from providers.filters.register import RegisterFilter
from providers.models import Service
from providers.selectors.register.search import From, services_found
from providers.views.register.reaching import service_href
from providers.views.register.words import DAY_AND_NIGHT, cover_words, delivers_words


class RegisterTable(Table):
    """Services, those nearest first."""

    caption = "Services in England"
    counted = ("service", "services")
    empty_title = "No service is registered"

    name = NameColumn(verbose_name="Service", href=service_href)
    provider = django_tables2.Column(
        accessor="provider__organisation__name", verbose_name="Provider"
    )
    outcode = django_tables2.Column(accessor="site__outcode", verbose_name="Postcode")
    miles = CountColumn(verbose_name="Miles")
    delivers = django_tables2.Column(
        verbose_name="Delivers (tier)", orderable=False, empty_values=()
    )
    hours = django_tables2.Column(
        verbose_name="Hours", accessor="opens_evenings", orderable=False, empty_values=()
    )
    waiting_days = CountColumn(verbose_name="Wait, days")
    free = CountColumn(verbose_name="Places free")
    is_ours = django_tables2.Column(verbose_name="Contract with us")

    class Meta:
        model = Service
        fields: tuple[str, ...] = ()
        sequence = (
            *("name", "provider", "outcode", "miles", "delivers", "hours", "waiting_days"),
            *("free", "is_ours"),
        )

    def render_miles(self, value: float) -> str:
        return f"{value:,.0f}"

    def value_miles(self, value: float | None) -> float | str:
        return MISSING if value is None else round(value, 1)

    def render_delivers(self, value: Any) -> str:
        return delivers_words(value)

    def value_delivers(self, value: Any) -> str:
        return delivers_words(value)

    def render_hours(self, record: Any) -> str:
        if record.open_all_hours:
            return DAY_AND_NIGHT
        return cover_words(evenings=record.opens_evenings, weekends=record.opens_weekends)

    def value_hours(self, record: Any) -> str:
        return self.render_hours(record)

    def render_is_ours(self, *, value: bool) -> str:
        return "Yes" if value else "No"


@require_safe
def register(request: HttpRequest) -> HttpResponseBase:
    """The search. Without a partnership of one's own, or a chosen one, there are no distances."""
    today, now = business_day(), technical_now()
    rules = settings_in_force(on=today)
    shown = RegisterFilter(request.GET, queryset=None, request=request)
    own = own_partnership(request)
    chosen = shown.asked("near")
    centre = partnership_at(str(chosen)) if chosen else own
    rows = services_found(
        shown.wanted(),
        From(
            on=today,
            evening_from=dt.time(rules.evening_from_hour),
            now=now,
            fresh_since=now - dt.timedelta(hours=rules.board_unknown_hours),
            partnership=centre,
            ours=own,
        ),
    )
    hidden = () if own else ("is_ours",)
    table = RegisterTable(rows, exclude=hidden if centre else (*hidden, "miles"))
    return list_response(
        request,
        table,
        heading="Register of services",
        filterset=shown,
        template="providers/register/search.html",
        centre=centre,
        hours=rules.board_unknown_hours,
    )


def own_partnership(request: HttpRequest) -> Partnership | None:
    """The partnership that the person acts for, if it is one."""
    membership = acting_membership(request)
    if membership is None or membership.organisation.kind != OrganisationKind.PARTNERSHIP:
        return None
    return partnership_at(membership.organisation.code)
