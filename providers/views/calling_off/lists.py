"""Call-offs of a partnership or of a provider, and the places a partnership holds."""

from typing import Any

import django_filters
import django_tables2
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from commissioning.kernel.clock import business_day, technical_now
from commissioning.list_filters import ListFilter
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.tables import CountColumn, DayColumn, NameColumn, PoundsColumn, Table, TagColumn
from commissioning.views import lapsing
from commissioning.views.lists import list_response
from commissioning.views.requests import insist, organisation_at, signed_in
from providers.choices import CallOffKind, CallOffState
from providers.models import CallOff
from providers.models.call_offs import CallOffQuerySet
from providers.selectors.call_offs.lists import call_offs_of, holds_of
from providers.views.calling_off.wording import TONES


class CallOffFilter(ListFilter):
    """Of call-offs."""

    case = django_filters.CharFilter(label="Case", lookup_expr="icontains", max_length=40)
    state = django_filters.ChoiceFilter(
        label="State", choices=CallOffState.choices, empty_label="Any"
    )
    kind = django_filters.ChoiceFilter(
        label="Bought", choices=CallOffKind.choices, empty_label="Either way"
    )
    nights = django_filters.ChoiceFilter(
        label="Nights",
        choices=[("beyond", "Beyond those approved")],
        empty_label="Any",
        method="beyond",
    )

    waits = django_filters.ChoiceFilter(
        label="Waits for",
        choices=[("approval", "Approval, of it or of a longer stay")],
        empty_label="Anything or nothing",
        method="waiting",
    )

    def waiting(self, rows: CallOffQuerySet, _name: str, _value: str) -> CallOffQuerySet:
        """What another person is to approve."""
        return rows.to_approve()

    def beyond(self, rows: CallOffQuerySet, _name: str, _value: str) -> CallOffQuerySet:
        """Stays that go on, or went on, after the nights that were approved."""
        return rows.beyond_approved(business_day())

    class Meta:
        model = CallOff
        fields: list[str] = []


class CallOffTable(Table):
    """The newest first."""

    caption = "Call-offs"
    counted = ("call-off", "call-offs")

    number = NameColumn(
        verbose_name="Call-off", accessor="pk", href=lambda one: f"/call-offs/{one.pk}/"
    )
    case = django_tables2.Column(verbose_name="Case")
    service = django_tables2.Column(verbose_name="Service", accessor="place__service__name")
    place = django_tables2.Column(verbose_name="Place", accessor="place__label")
    partnership = django_tables2.Column(
        verbose_name="Partnership", accessor="partnership__organisation__name"
    )
    starts_on = DayColumn(verbose_name="From")
    ends_on = DayColumn(verbose_name="Until")
    beyond = CountColumn(verbose_name="Nights not approved")
    kind = django_tables2.Column(verbose_name="Bought")
    cost = PoundsColumn(verbose_name="Cost")
    state = TagColumn(verbose_name="State", tone=lambda one: TONES[one.state])

    class Meta:
        model = CallOff
        fields: tuple[str, ...] = ()
        sequence = (
            *("number", "case", "service", "place", "partnership", "starts_on", "ends_on"),
            *("kind", "cost", "state", "beyond"),
        )


@require_safe
def partnership_call_offs(request: HttpRequest, code: str) -> HttpResponseBase:
    """What the partnership bought and asks for, and what it holds."""
    return _list(request, organisation_at(request, "partnership", code))


@require_safe
def provider_call_offs(request: HttpRequest, code: str) -> HttpResponseBase:
    """Whom the provider expects, has and had."""
    return _list(request, organisation_at(request, "provider", code))


def _list(request: HttpRequest, owner: Organisation) -> HttpResponseBase:
    insist(request, Permission.CALL_OFF_VIEW, owner)
    person, kind = signed_in(request), owner.kind.lower()
    rows = call_offs_of(owner, on=business_day())
    shown = CallOffFilter(request.GET, queryset=rows, request=request)
    words: dict[str, Any] = {}
    if kind == "partnership":
        words = {
            "holds": [
                (one, lapsing.until(one.held_until))
                for one in holds_of(owner, now=technical_now())
                if one.held_until is not None
            ],
            "buys": person.reach(Permission.PLACE_HOLD).covers(owner.pk),
            "finds": bool(person.reach(Permission.PLACE_FIND)),
        }
    return list_response(
        request,
        CallOffTable(
            shown.qs,
            exclude=("partnership",) if kind == "partnership" else (),
            empty_text="A place that is held is called off here.",
        ),
        heading="Call-offs",
        breadcrumbs=[(owner.name, f"/{kind}/{owner.code}/")],
        filterset=shown,
        template="providers/calling_off/list.html",
        caption=owner.name,
        **words,
    )
