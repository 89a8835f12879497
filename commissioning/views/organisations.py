"""Organisations: the list, and one with its facts, successions, people and history."""

import datetime as dt

import django_tables2
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.choices import OrganisationKind
from commissioning.components import Fact, Summary, Tone
from commissioning.filters import OrganisationFilter
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day
from commissioning.models import Document, Organisation, User
from commissioning.roles import Permission
from commissioning.selectors.organisations import (
    facts_of,
    organisations_for,
    partnerships_in,
    what_it_became,
)
from commissioning.selectors.people import people_of
from commissioning.tables import CountColumn, DayColumn, NameColumn, Table, TagColumn
from commissioning.views.history import happenings
from commissioning.views.lists import list_response
from commissioning.views.requests import insist, organisation_at, signed_in

HOLDS_PEOPLE = {OrganisationKind.PARTNERSHIP: "partnership", OrganisationKind.PROVIDER: "provider"}


def address_of(organisation: Organisation) -> str:
    return reverse(
        "commissioning:organisation-detail",
        kwargs={"kind": organisation.kind.lower(), "code": organisation.code},
    )


def overview_of(organisation: Organisation) -> str:
    """The overview of the organisation: the app above serves it, at an address kept for ever."""
    if organisation.kind == OrganisationKind.NATION:
        return "/england/"
    return f"/{organisation.kind.lower()}/{organisation.code}/"


def standing_of(organisation: Organisation, today: dt.date) -> tuple[str, Tone]:
    if organisation.closed_on is not None and organisation.closed_on <= today:
        return "Closed", "plain"
    if organisation.opened_on is not None and organisation.opened_on > today:
        return "To open", "info"
    return "Open", "good"


class OrganisationTable(Table):
    """Organisations with their region and how many people hold a role."""

    caption = "Organisations"
    counted = ("organisation", "organisations")

    name = NameColumn(href=address_of)
    kind = django_tables2.Column()
    code = django_tables2.Column()
    region_name = django_tables2.Column(verbose_name="Region")
    people = CountColumn(verbose_name="People")
    standing = TagColumn(
        accessor="kind",
        verbose_name="Open",
        orderable=False,
        tone=lambda record: standing_of(record, business_day())[1],
    )
    closed_on = DayColumn(verbose_name="Closed on")

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = ()
        sequence = ("name", "kind", "code", "region_name", "people", "standing", "closed_on")

    def render_kind(self, record: Organisation) -> str:
        return record.get_kind_display()

    def render_region_name(self, value: str) -> str:
        return value or MISSING

    def render_standing(self, record: Organisation, column: TagColumn) -> str:
        return column.render(standing_of(record, business_day())[0], record)

    def value_standing(self, record: Organisation) -> str:
        return standing_of(record, business_day())[0]


@require_safe
def organisation_list(request: HttpRequest) -> HttpResponseBase:
    insist(request, Permission.ORGANISATION_MANAGE)
    rows = organisations_for(signed_in(request), on=business_day())
    shown = OrganisationFilter(request.GET, queryset=rows, request=request)
    return list_response(
        request,
        OrganisationTable(shown.qs),
        heading="Organisations",
        filterset=shown,
        template="commissioning/organisation_list.html",
        add_provider_href="/admin/providers/add/",  # served by the app above
    )


@require_safe
def organisation_detail(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """For an administrator, and for whoever belongs to it."""
    organisation = organisation_at(request, kind, code)
    person, today = signed_in(request), business_day()
    manages = person.reach(Permission.ORGANISATION_MANAGE).covers(organisation.pk)
    partnerships = (
        partnerships_in(organisation, on=today)
        if organisation.kind == OrganisationKind.REGION
        else None
    )
    return render(
        request,
        "commissioning/organisation_detail.html",
        {
            "organisation": organisation,
            "summary": _summary(organisation, today),
            "facts": [
                {
                    "fact": fact,
                    "is_over": fact.until_on is not None and fact.until_on <= today,
                    "href": address_of(fact.other) if fact.other and manages else "",
                }
                for fact in facts_of(organisation, seen_by=person)
            ],
            "became": [
                (one, address_of(one.other) if one.other and manages else "")
                for one in what_it_became(organisation)
            ],
            "partnerships": partnerships,
            "people": people_of(organisation, seen_by=person, on=today),
            "people_href": _people_address(person, organisation),
            "documents": Document.objects.permitted(person, Permission.DOCUMENT_VIEW)
            .filter(organisation=organisation)
            .select_related("added_by")
            .order_by("-pk")[:50],
            "may_add_document": person.reach(Permission.DOCUMENT_ADD).covers(organisation.pk),
            "manages": manages,
            "kind": kind,
            # The app above serves it: only its address is known here.
            "agencies_href": (
                f"{overview_of(organisation)}agencies/"
                if organisation.kind == OrganisationKind.PROVIDER
                else ""
            ),
            "happenings": happenings(organisation),
            "page_heading": organisation.name,
            "breadcrumbs": (
                [
                    ("Organisations", reverse("commissioning:organisation-list")),
                    (organisation.name, ""),
                ]
                if manages
                else []
            ),
        },
    )


def _summary(organisation: Organisation, today: dt.date) -> Summary:
    state, tone = standing_of(organisation, today)
    facts: list[Fact] = []
    if organisation.kind == OrganisationKind.PARTNERSHIP:
        facts += [
            Fact("Authority", organisation.partnership.authority_type or MISSING),
            Fact("NDTMS DAT code", organisation.partnership.ndtms_code or MISSING),
        ]
    facts += [
        Fact("Opened", day(organisation.opened_on)),
        Fact("Closed", day(organisation.closed_on)),
    ]
    title = f"{organisation.get_kind_display()} {organisation.code}"
    return Summary(title=title, state=state, tone=tone, facts=facts)


def _people_address(person: User, organisation: Organisation) -> str:
    within = HOLDS_PEOPLE.get(OrganisationKind(organisation.kind))
    if within is None or not person.reach(Permission.PEOPLE_MANAGE).covers(organisation.pk):
        return ""
    return reverse("commissioning:person-list", kwargs={"kind": within, "code": organisation.code})
