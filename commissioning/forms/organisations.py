"""Organisations: adding them, what becomes of them, and dated facts."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from commissioning.choices import FactKind, OrganisationKind
from commissioning.forms.base import SayingForm
from commissioning.forms.people import OrganisationChoice
from commissioning.forms.saying import DayField
from commissioning.models import Organisation

CODE = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9-]*\Z", "A code is letters, digits and hyphens, such as 00EH."
)


class OrganisationForm(SayingForm):
    """An organisation of any kind but a provider, which has a form of its own."""

    kind = forms.ChoiceField(
        choices=[
            ("", "Choose a kind"),
            *(choice for choice in OrganisationKind.choices if choice[0] != "PROVIDER"),
        ]
    )
    code = forms.CharField(
        max_length=20, validators=[CODE], help_text="It stands in addresses and never changes."
    )
    name = forms.CharField(max_length=200)
    opened_on = DayField(label="Opened on (optional)", required=False)
    authority_type = forms.CharField(
        label="Kind of authority (optional)",
        required=False,
        max_length=40,
        help_text="For a partnership, such as Unitary authority.",
    )
    ndtms_code = forms.CharField(
        label="NDTMS DAT code (optional)",
        required=False,
        max_length=10,
        help_text="For a partnership, where it is known.",
    )

    def clean_kind(self) -> OrganisationKind:
        return OrganisationKind(self.cleaned_data["kind"])


class OnADayForm(SayingForm):
    """A deed that holds from a day."""

    on = DayField(label="First day")

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = on


class RenameForm(OnADayForm):
    name = forms.CharField(label="New name", max_length=200)

    field_order = ["name", "on"]


class OthersForm(OnADayForm):
    """Organisations of the same kind that take part."""

    others: Any = forms.ModelMultipleChoiceField(queryset=None)

    field_order = ["others", "on"]

    def __init__(
        self, *args: Any, organisations: QuerySet[Organisation], label: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["others"]
        field.queryset = organisations  # type: ignore[attr-defined]
        field.label = label
        field.help_text = "Hold Ctrl to choose several."


class FactForm(SayingForm):
    """Something true of an organisation from one day until another."""

    kind = forms.ChoiceField(label="What is true", choices=FactKind.choices)
    other = OrganisationChoice(
        label="Which organisation (optional)",
        queryset=None,
        required=False,
        empty_label="None",
        help_text="The region or the member. An intensive area names none.",
    )
    from_on = DayField(label="First day")
    until_on = DayField(
        label="Until (optional)",
        required=False,
        help_text="The first day on which it is no longer true.",
    )

    def __init__(
        self, *args: Any, organisations: QuerySet[Organisation], on: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["from_on"].initial = on

    def clean_kind(self) -> FactKind:
        return FactKind(self.cleaned_data["kind"])


class DocumentForm(SayingForm):
    """A file to keep."""

    file = forms.FileField(
        label="Document",
        help_text="At most 10 MB: PDF, text, CSV, picture, Office or ODF.",
    )
