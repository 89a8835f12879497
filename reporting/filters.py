"""The filters of reporting's lists, for page, file and API."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from commissioning.choices import FactKind, OrganisationKind
from commissioning.filter_chips import FromTo
from commissioning.list_filters import ListFilter
from commissioning.models import Organisation, OrganisationFact
from commissioning.reference import codes
from commissioning.rule_settings import DEFAULTS
from commissioning.selectors.organisations import regions
from reporting.choices import AreaKind, LongWaitCause, LongWaitState
from reporting.models import LongWait
from reporting.rules.verdicts import WORDS
from reporting.selectors.long_waits import partnerships_to_choose, providers_to_choose

WITHDRAWN = "WITHDRAWN"
STATES = (*LongWaitState.choices, (WITHDRAWN, "No longer in the records"))
OPEN, COMPLETED = "open", "completed"
ME, NOBODY, ANYONE = "me", "nobody", "anyone"
NO_VERDICT = "none"
VERDICTS = (*((colour.value, said) for colour, said in WORDS.items()), (NO_VERDICT, "No verdict"))


def interventions() -> list[tuple[str, str]]:
    """The structured interventions, by their NDTMS codes."""
    labels = codes("MODAL")
    return [(code, labels[code]) for code in DEFAULTS.structured_modal_codes]


AREA_KINDS: dict[AreaKind, OrganisationKind] = {
    AreaKind.ENGLAND: OrganisationKind.NATION,
    AreaKind.REGION: OrganisationKind.REGION,
    AreaKind.PARTNERSHIP: OrganisationKind.PARTNERSHIP,
    AreaKind.PROVIDER: OrganisationKind.PROVIDER,
}


class PlaceFilter(ListFilter):
    """Areas and providers by kind, region and name."""

    kind = django_filters.ChoiceFilter(
        label="Kind", choices=AreaKind.choices, empty_label="Any kind", method="of_kind"
    )
    region = django_filters.ModelChoiceFilter(
        label="Region",
        queryset=lambda _request: regions(),
        to_field_name="code",
        empty_label="Any region",
        method="in_region",
    )
    name = django_filters.CharFilter(label="Name", lookup_expr="icontains")

    class Meta:
        model = Organisation
        fields: list[str] = []

    def of_kind(self, rows: QuerySet[Organisation], name: str, value: str) -> Any:
        return rows.filter(kind=AREA_KINDS[AreaKind(value)])

    def in_region(self, rows: QuerySet[Any], name: str, value: Organisation) -> Any:
        return rows.filter(region_code=value.code)


class LongWaitFilter(ListFilter):
    """Waits by where, what, how long, and how far their review is.

    Without a state: all that the current records show. `within` is one partnership's own list.
    """

    state = django_filters.ChoiceFilter(
        label="Review", choices=STATES, empty_label="Any state", method="in_state"
    )
    wait = django_filters.ChoiceFilter(
        label="Waiting",
        choices=((OPEN, "Still waiting"), (COMPLETED, "Wait is over")),
        empty_label="Either",
        method="standing_so",
    )
    owner = django_filters.ChoiceFilter(
        label="Owner",
        choices=((ME, "Me"), (NOBODY, "Nobody"), (ANYONE, "Somebody")),
        empty_label="Any",
        method="owned_by",
    )
    cause = django_filters.ChoiceFilter(
        label="Cause", choices=LongWaitCause.choices, empty_label="Any cause"
    )
    intervention = django_filters.ChoiceFilter(
        label="Intervention",
        field_name="kind",
        choices=interventions,
        empty_label="Any intervention",
    )
    partnership = django_filters.ModelChoiceFilter(
        label="Partnership",
        queryset=lambda request: partnerships_to_choose(request.user),
        to_field_name="code",
        empty_label="Any partnership",
        method="of_partnership",
    )
    provider = django_filters.ModelChoiceFilter(
        label="Provider",
        queryset=lambda request: providers_to_choose(request.user),
        to_field_name="code",
        empty_label="Any provider",
        method="of_provider",
    )
    days = django_filters.RangeFilter(
        label="Days waited", widget=FromTo, help_text="Seven days are a week."
    )
    found_since = django_filters.DateFilter(
        label="Found since",
        field_name="found_on",
        lookup_expr="gte",
        widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input"}, format="%Y-%m-%d"),
    )

    class Meta:
        model = LongWait
        fields: list[str] = []

    def __init__(self, *args: Any, within: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if within is not None:
            rows: QuerySet[LongWait] = self.queryset
            self.queryset: Any = rows.filter(partnership=within.pk)
            del self.filters["partnership"]

    def filter_queryset(self, queryset: QuerySet[LongWait]) -> Any:
        rows = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("state") == WITHDRAWN:
            return rows.exclude(withdrawn_on=None)
        return rows.filter(withdrawn_on=None)

    def in_state(self, rows: QuerySet[LongWait], name: str, value: str) -> Any:
        return rows if value == WITHDRAWN else rows.filter(state=value)

    def standing_so(self, rows: QuerySet[LongWait], name: str, value: str) -> Any:
        return rows.filter(is_open=value == OPEN)

    def owned_by(self, rows: QuerySet[LongWait], name: str, value: str) -> Any:
        if value == ME:
            return rows.filter(owner=self.request.user)
        return rows.filter(owner__isnull=value == NOBODY)

    def of_partnership(self, rows: QuerySet[LongWait], name: str, value: Organisation) -> Any:
        return rows.filter(partnership=value.pk)

    def of_provider(self, rows: QuerySet[LongWait], name: str, value: Organisation) -> Any:
        return rows.filter(agency__provider=value.pk)


class ComparedAreaFilter(ListFilter):
    """Areas that are compared: by name, DIP-intensive or not, and the verdict on first waits.

    No query knows a verdict: the view asks `verdict` and leaves out rows by what is shown.
    """

    name = django_filters.CharFilter(label="Name", lookup_expr="icontains")
    dip = django_filters.ChoiceFilter(
        label="Drug Interventions Programme",
        choices=(("intensive", "Intensive areas"), ("other", "Other areas")),
        empty_label="Any area",
        method="in_programme",
    )
    verdict = django_filters.ChoiceFilter(
        label="First waits, voluntary clients",
        choices=VERDICTS,
        empty_label="Any verdict",
        method="left_to_what_is_shown",
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def in_programme(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(is_dip_intensive=value == "intensive")  # annotated by the selector

    def left_to_what_is_shown(self, rows: QuerySet[Organisation], name: str, value: str) -> Any:
        return rows

    @property
    def asked_verdict(self) -> str:
        return self.asked("verdict") or ""


class FigureAreaFilter(ListFilter):
    """The areas one indicator is shown across: which kind, in which region, of what name.

    Filters of where an area lies hold on `on`, the last day of the period shown.
    """

    REGIONS, PARTNERSHIPS, PROVIDERS = AreaKind.REGION, AreaKind.PARTNERSHIP, AreaKind.PROVIDER

    areas = django_filters.ChoiceFilter(
        label="Areas",
        choices=(
            (PARTNERSHIPS.value, "Partnerships"),
            (REGIONS.value, "Regions"),
            (PROVIDERS.value, "Providers"),
        ),
        empty_label=None,
        method="of_kind",
    )
    region = django_filters.ModelChoiceFilter(
        label="Region",
        queryset=lambda _request: regions(),
        to_field_name="code",
        empty_label="Any region",
        method="lying_in",
        help_text="Of partnerships.",
    )
    name = django_filters.CharFilter(label="Name contains", lookup_expr="icontains")
    intensive = django_filters.ChoiceFilter(
        label="Drug Interventions Programme",
        choices=(("yes", "Intensive"), ("no", "Not intensive")),
        empty_label="Either",
        method="being_intensive",
        help_text="Of partnerships.",
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    @property
    def kind(self) -> AreaKind:
        """The kind of area asked for: partnerships, unless the address says otherwise."""
        return AreaKind(self.asked("areas") or self.PARTNERSHIPS)

    def filter_queryset(self, queryset: QuerySet[Organisation]) -> Any:
        rows = super().filter_queryset(queryset)
        return rows.filter(kind=self.kind.name).order_by("name", "pk")

    def of_kind(self, rows: QuerySet[Organisation], name: str, value: str) -> Any:
        return rows.filter(kind=AreaKind(value).name)

    def lying_in(self, rows: QuerySet[Organisation], name: str, value: Organisation) -> Any:
        lies = OrganisationFact.objects.on(self.on).filter(kind=FactKind.IN_REGION, other=value)
        return rows.filter(pk__in=lies.values("organisation"))

    def being_intensive(self, rows: QuerySet[Organisation], name: str, value: str) -> Any:
        are = OrganisationFact.objects.on(self.on).filter(kind=FactKind.DIP_INTENSIVE)
        held = Q(pk__in=are.values("organisation"))
        return rows.filter(held if value == "yes" else ~held)
