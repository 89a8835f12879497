"""The filters of the ground floor's lists."""

from typing import Any

import django_filters
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from commissioning.choices import FactKind, JobState, OrganisationKind
from commissioning.kernel.clock import business_day
from commissioning.list_filters import ListFilter
from commissioning.models import Job, Organisation, OrganisationFact, User
from commissioning.models.organisations import in_force
from commissioning.roles import Role
from commissioning.selectors.organisations import regions

ACTIVE, INVITED, ENDED = "active", "invited", "ended"
ACCESS = ((ACTIVE, "Active"), (INVITED, "Invited"), (ENDED, "Ended"))
OPEN, CLOSED = "open", "closed"


class OrganisationFilter(ListFilter):
    """By name or code, kind, region and whether it is open."""

    name = django_filters.CharFilter(label="Name or code", method="called")
    kind = django_filters.ChoiceFilter(
        label="Kind", choices=OrganisationKind.choices, empty_label="Any kind"
    )
    region = django_filters.ModelChoiceFilter(
        label="Region",
        queryset=lambda _request: regions(),
        to_field_name="code",
        empty_label="Any region",
        method="lying_in",
    )
    standing = django_filters.ChoiceFilter(
        label="Open or closed",
        choices=((OPEN, "Open"), (CLOSED, "Closed")),
        empty_label="Either",
        method="standing_so",
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def called(self, rows: QuerySet[Organisation], name: str, value: str) -> Any:
        return rows.filter(Q(name__icontains=value) | Q(code__iexact=value))

    def lying_in(self, rows: QuerySet[Organisation], name: str, value: Organisation) -> Any:
        lies = OrganisationFact.objects.on(business_day()).filter(
            kind=FactKind.IN_REGION, other=value
        )
        return rows.filter(pk__in=lies.values("organisation"))

    def standing_so(self, rows: QuerySet[Organisation], name: str, value: str) -> Any:
        closed = Q(closed_on__isnull=False, closed_on__lte=business_day())
        return rows.filter(closed if value == CLOSED else ~closed)


class PersonFilter(ListFilter):
    """By name or address, role held today, and access."""

    name = django_filters.CharFilter(label="Name or e-mail address", method="called")
    role = django_filters.ChoiceFilter(
        label="Role", choices=Role.choices, empty_label="Any role", method="holding"
    )
    access = django_filters.ChoiceFilter(
        label="Access", choices=ACCESS, empty_label="Any", method="having"
    )

    class Meta:
        model = User
        fields: list[str] = []

    def called(self, rows: QuerySet[User], name: str, value: str) -> Any:
        return rows.filter(Q(name__icontains=value) | Q(email__icontains=value))

    def holding(self, rows: QuerySet[User], name: str, value: str) -> Any:
        held = in_force(business_day(), "memberships__") & Q(memberships__role=value)
        return rows.filter(held).distinct()

    def having(self, rows: QuerySet[User], name: str, value: str) -> Any:
        if value == ENDED:
            return rows.filter(is_active=False)
        no_password = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return rows.filter(no_password if value == INVITED else ~no_password, is_active=True)


class JobFilter(ListFilter):
    """By state and by what the job is called."""

    title = django_filters.CharFilter(label="Job", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(
        label="State", choices=JobState.choices, empty_label="Any state"
    )

    class Meta:
        model = Job
        fields: list[str] = []
