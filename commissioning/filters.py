"""The filters of the ground floor's lists."""

from typing import Any

import django_filters
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from commissioning.choices import EntryKind, FactKind, JobState, OrganisationKind, VirementState
from commissioning.kernel.clock import business_day
from commissioning.kernel.periods import Grain, Period, periods_between
from commissioning.list_filters import ListFilter
from commissioning.models import (
    Entry,
    Job,
    Organisation,
    OrganisationFact,
    Plan,
    User,
    Virement,
)
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


class EntryFilter(ListFilter):
    """The entries of a plan's ledger: by kind, line, stream, month and words of their cause."""

    kind = django_filters.ChoiceFilter(
        label="Kind", choices=EntryKind.choices, empty_label="Any kind"
    )
    line = django_filters.ChoiceFilter(
        label="Line", field_name="allocation__line__number", empty_label="Any line"
    )
    stream = django_filters.ChoiceFilter(
        label="Stream", field_name="allocation__stream", empty_label="Any stream"
    )
    month = django_filters.ChoiceFilter(label="Month", method="in_month", empty_label="Any month")
    words = django_filters.CharFilter(label="Reference or reason", method="saying")

    class Meta:
        model = Entry
        fields: list[str] = []

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.queryset.order_by()
        of_part = Entry.objects.filter(allocation=OuterRef("pk"))
        parts = plan.allocations.filter(Exists(of_part)).order_by(
            "line__number", "stream__position"
        )
        named = list(parts.values_list("line__number", "line__name", "stream", "stream__name"))
        days = rows.aggregate(first=Min("on"), last=Max("on"))
        months = periods_between(days["first"], days["last"], Grain.MONTH) if days["first"] else ()
        self._offer("line", {str(number): f"{number}. {name}" for number, name, *_ in named})
        self._offer("stream", {code: name for *_, code, name in named})
        self._offer("month", {month.code: month.label for month in months})

    def _offer(self, name: str, choices: dict[str, str]) -> None:
        self.filters[name].extra["choices"] = list(choices.items())

    def in_month(self, rows: QuerySet[Entry], name: str, value: str) -> Any:
        month = Period.parse(value)
        return rows.filter(on__gte=month.start, on__lt=month.end)

    def saying(self, rows: QuerySet[Entry], name: str, value: str) -> Any:
        return rows.filter(Q(cause__icontains=value) | Q(reason__icontains=value))


class VirementFilter(ListFilter):
    """Moves of money between lines, by where they stand."""

    state = django_filters.ChoiceFilter(
        label="State", choices=VirementState.choices, empty_label="Any state"
    )

    class Meta:
        model = Virement
        fields: list[str] = []
