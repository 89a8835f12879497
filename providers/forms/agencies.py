"""Providers and agencies. The forms check shape; the services check meaning."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from commissioning.forms.base import SayingForm
from commissioning.forms.organisations import CODE
from commissioning.forms.saying import DayField
from providers.selectors.agencies import partnerships_to_stand_in


class ProviderForm(SayingForm):
    """An organisation that treats."""

    code = forms.CharField(
        max_length=20,
        validators=[CODE],
        help_text="Ours, not NDTMS's: it stands in addresses and never changes.",
    )
    name = forms.CharField(max_length=200)
    opened_on = DayField(label="Opened on (optional)", required=False)


class AgencyForm(SayingForm):
    """A reporting unit."""

    code = forms.CharField(
        label="NDTMS agency code",
        max_length=20,
        validators=[RegexValidator(r"\A[A-Z0-9]+\Z", "Give capital letters and digits.")],
        help_text="As in the field AGNCY of its returns.",
    )
    name = forms.CharField(max_length=200)
    partnership: Any = forms.ModelChoiceField(
        label="Partnership it stands in (optional)",
        queryset=None,
        required=False,
        empty_label="None",
        help_text="Whose return history lists it. Whom it treats is in its returns.",
    )
    is_prison = forms.BooleanField(
        label="It works in a prison",
        required=False,
        help_text="Its clients are left out of community figures.",
    )
    opened_on = DayField(label="Opened on (optional)", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partnership"].queryset = partnerships_to_stand_in()  # type: ignore[attr-defined]
