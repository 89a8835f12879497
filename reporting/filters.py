"""The filters of reporting's lists, for page, file and API."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from commissioning.filter_chips import FromTo
from commissioning.models import Organisation
from commissioning.reference import codes
from commissioning.rule_settings import DEFAULTS
from reporting.choices import LongWaitCause, LongWaitState
from reporting.models import LongWait
from reporting.selectors.long_waits import partnerships_to_choose, providers_to_choose

WITHDRAWN = "WITHDRAWN"
STATES = (*LongWaitState.choices, (WITHDRAWN, "No longer in the records"))
OPEN, COMPLETED = "open", "completed"
ME, NOBODY, ANYONE = "me", "nobody", "anyone"


def interventions() -> list[tuple[str, str]]:
    """The structured interventions, by their NDTMS codes."""
    labels = codes("MODAL")
    return [(code, labels[code]) for code in DEFAULTS.structured_modal_codes]


class LongWaitFilter(django_filters.FilterSet):
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
            self.queryset = self.queryset.filter(partnership=within.pk)
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
