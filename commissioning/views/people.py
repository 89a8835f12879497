"""Managing people: an administrator everywhere, a lead or manager in their own organisation.

The same views serve `/admin/people/`, `/partnership/<code>/people/` and
`/provider/<code>/people/`.
"""

import datetime as dt
from dataclasses import dataclass

import django_tables2
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.choices import OrganisationKind
from commissioning.components import Fact, Summary, Tone
from commissioning.filters import PersonFilter
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day
from commissioning.models import Membership, Organisation, User
from commissioning.roles import Permission, Role
from commissioning.selectors.organisations import organisations_of
from commissioning.selectors.people import people_managed_by, roles_of
from commissioning.services.people import roles_to_give
from commissioning.tables import DayColumn, NameColumn, Table, TagColumn
from commissioning.views.history import happenings
from commissioning.views.lists import list_response
from commissioning.views.requests import insist, organisation_at, signed_in


@dataclass(frozen=True)
class Office:
    """From where people are managed: everywhere, or within one organisation."""

    request: HttpRequest
    organisation: Organisation | None

    @classmethod
    def of(cls, request: HttpRequest, kind: str = "", code: str = "") -> "Office":
        """404 for an organisation one may not view, 403 without the right to manage people."""
        organisation = organisation_at(request, kind, code) if kind else None
        insist(request, Permission.PEOPLE_MANAGE, organisation)
        return cls(request, organisation)

    def address(self, name: str, *args: str | int) -> str:
        """The address of one of these pages, seen from the same office."""
        place = self.organisation
        within = {"kind": place.kind.lower(), "code": place.code} if place else {}
        names = dict(zip(("person", "number"), args, strict=False))
        return reverse(f"commissioning:{name}", kwargs={**within, **names})

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        words = f"People of {self.organisation}" if self.organisation else "People"
        return [(words, self.address("person-list"))]

    @property
    def organisations(self) -> QuerySet[Organisation]:
        """Those one may choose from."""
        if self.organisation is not None:
            return Organisation.objects.permitted(
                signed_in(self.request), Permission.PEOPLE_MANAGE
            ).filter(pk=self.organisation.pk)
        kinds = (
            OrganisationKind.NATION,
            OrganisationKind.REGION,
            OrganisationKind.PARTNERSHIP,
            OrganisationKind.PROVIDER,
        )
        return organisations_of(*kinds, on=business_day())

    @property
    def roles(self) -> list[Role]:
        if self.organisation is not None:
            return roles_to_give(signed_in(self.request), self.organisation)
        return list(Role)

    def person(self, code: str) -> User:
        """Someone with a role here, past or present; 404 otherwise."""
        people = people_managed_by(
            signed_in(self.request), on=business_day(), organisation=self.organisation
        )
        return get_object_or_404(people, code=code)

    def memberships(self, person: User) -> list[Membership]:
        return roles_of(person, seen_by=signed_in(self.request), organisation=self.organisation)


def access_of(person: User) -> tuple[str, Tone]:
    """Whether a person can sign in, in a word."""
    if not person.is_active:
        return "Ended", "bad"
    return ("Active", "good") if person.has_usable_password() else ("Invited", "watch")


class PersonTable(Table):
    """People and what they are today."""

    caption = "People"
    counted = ("person", "people")

    name = NameColumn(verbose_name="Name")
    email = django_tables2.Column(verbose_name="E-mail address")
    shown = django_tables2.Column(verbose_name="Roles today", orderable=False, default=MISSING)
    access = TagColumn(
        accessor="is_active",
        verbose_name="Access",
        orderable=False,
        tone=lambda person: access_of(person)[1],
    )
    joined_at = DayColumn(verbose_name="Known since")

    class Meta:
        model = User
        fields: tuple[str, ...] = ()
        sequence = ("name", "email", "shown", "access", "joined_at")

    def render_shown(self, value: list[Membership]) -> str:
        return "; ".join(f"{one.get_role_display()}, {one.organisation}" for one in value)

    def value_shown(self, value: list[Membership]) -> str:
        return self.render_shown(value)

    def render_access(self, record: User, column: TagColumn) -> str:
        return column.render(access_of(record)[0], record)

    def value_access(self, record: User) -> str:
        return access_of(record)[0]

    def render_joined_at(self, value: object) -> str:
        return day(value.date())  # type: ignore[attr-defined]


@require_safe
def person_list(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponseBase:
    office = Office.of(request, kind, code)
    rows = people_managed_by(
        signed_in(request), on=business_day(), organisation=office.organisation
    )
    shown = PersonFilter(request.GET, queryset=rows, request=request)
    table = PersonTable(shown.qs)
    table.columns["name"].column.href = lambda person: office.address("person-detail", person.code)
    place = office.organisation
    return list_response(
        request,
        table,
        heading=f"People of {place}" if place else "People",
        filterset=shown,
        template="commissioning/person_list.html",
        invite_href=office.address("person-invite"),
    )


@require_safe
def person_detail(
    request: HttpRequest, person: str, kind: str = "", code: str = ""
) -> HttpResponse:
    """A person as this office knows them: roles, access, and for an administrator the history."""
    office = Office.of(request, kind, code)
    shown = office.person(person)
    state, tone = access_of(shown)
    numbered = office.memberships(shown)
    everywhere = office.organisation is None
    today = business_day()
    return render(
        request,
        "commissioning/person_detail.html",
        {
            "person": shown,
            "summary": Summary(
                title="Access",
                state=state,
                tone=tone,
                facts=[
                    Fact("E-mail address", shown.email),
                    Fact("Known since", day(shown.joined_at.date())),
                    Fact(
                        "Last signed in",
                        day(shown.last_login.date()) if shown.last_login else "Never",
                    ),
                ],
            ),
            "roles": [
                {
                    "membership": one,
                    "standing": _standing(one, today),
                    "change_href": office.address("role-change", shown.code, one.pk),
                    "is_over": one.until_on is not None and one.until_on <= today,
                }
                for one in numbered
            ],
            "is_oneself": shown.pk == signed_in(request).pk,
            "everywhere": everywhere,
            "give_href": office.address("role-give", shown.code),
            "again_href": office.address("person-invite-again", shown.code),
            "happenings": happenings(shown) if everywhere else None,
            "page_heading": str(shown),
            "breadcrumbs": [*office.crumbs, (str(shown), "")],
        },
    )


def _standing(membership: Membership, today: dt.date) -> tuple[str, Tone]:
    if membership.until_on is not None and membership.until_on <= today:
        return "Ended", "plain"
    if membership.from_on > today:
        return "To come", "info"
    return "In force", "good"
