"""Practices, prescribers and shared care."""

import datetime as dt
from typing import Any

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.plans.revised import RevisedForm
from commissioning.forms.saying import DayField
from commissioning.models import Partnership
from providers.choices import PracticeContract, PrescriberLevel
from providers.models import PrescriberCount, Provider, SharedCareScheme
from providers.selectors.primary_care import (
    practices_to_join,
    provider_coded,
    specialists_for,
)
from providers.services.primary_care.shared_care import SchemeFacts

MOST_PEOPLE = 500


class PracticeForm(SayingForm):
    """Which provider is a practice here, and how it is contracted."""

    provider = forms.CharField(
        label="Code of the practice",
        max_length=40,
        help_text="The code it has here as a provider; it stands in the address of its page.",
    )
    contract_kind = forms.ChoiceField(label="Contract", choices=PracticeContract.choices)

    def clean_provider(self) -> Provider:
        """The provider of the code; what to do where there is none, or it is a practice."""
        code: str = self.cleaned_data["provider"]
        found = provider_coded(code)
        if found is None:
            raise forms.ValidationError(
                f"No provider has the code “{code}”. Ask an administrator of this service to add"
                " the practice as a provider, then name it here."
            )
        practice = getattr(found, "practice", None)
        if practice is not None:
            raise forms.ValidationError(
                f"{found} is a practice of {practice.partnership} already."
            )
        return found


class PrescribersForm(SayingForm):
    """How many people of each level prescribe. Empty: not known."""

    def __init__(self, *args: Any, held: dict[str, PrescriberCount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for level in PrescriberLevel:
            count = held.get(level)
            self.fields[f"level_{level}"] = forms.IntegerField(
                label=f"{level.label} (optional)",
                required=False,
                widget=forms.TextInput(
                    attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}
                ),
                min_value=0,
                max_value=MOST_PEOPLE,
                initial=count.people if count else None,
            )

    def people(self) -> dict[str, int]:
        """Level: people, where a number was given."""
        given = self.cleaned_data
        return {
            level: given[f"level_{level}"]
            for level in PrescriberLevel
            if given[f"level_{level}"] is not None
        }


class PracticeChangeForm(PrescribersForm):
    """A practice's contract and its prescribers."""

    contract_kind = forms.ChoiceField(label="Contract", choices=PracticeContract.choices)


class ServiceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A service, told apart by its provider."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.provider})"


class SchemeForm(RevisedForm):
    """A shared-care scheme."""

    name = forms.CharField(max_length=160)
    specialist = ServiceChoice(
        label="Specialist service that supports it (optional)",
        queryset=None,
        required=False,
        empty_label="None",
    )
    support = forms.CharField(
        label="What support it gives (optional)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    review_by = DayField(label="Next review by")

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        scheme: SharedCareScheme | None = None,
        on: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, revision=scheme.revision if scheme else 1, **kwargs)
        self.fields["specialist"].queryset = specialists_for(partnership, on=on)  # type: ignore[attr-defined]
        if scheme is not None:
            for name in SchemeFacts.__dataclass_fields__:
                self.fields[name].initial = getattr(scheme, name)

    def facts(self) -> SchemeFacts:
        given = self.cleaned_data
        return SchemeFacts(**{name: given[name] for name in SchemeFacts.__dataclass_fields__})


class ReviewForm(SayingForm):
    """A review of a scheme: when, what was found, and when it is reviewed again."""

    on = DayField(label="Reviewed on")
    found = forms.CharField(
        label="What was found", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )
    review_by = DayField(label="Next review by")

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = on
        self.today = on

    def clean_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError("Give the day it was reviewed: it is still to come.")
        return on


class EndForm(SayingForm):
    """Since when a scheme is over, and why."""

    on = DayField(label="First day on which it is over")
    reason = forms.CharField(max_length=300)

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = on


class JoinForm(SayingForm):
    """A practice that takes part from a day."""

    provider: Any = forms.ModelChoiceField(
        label="Practice",
        queryset=None,
        empty_label="Choose the practice",
        help_text="Practices of the area that are not in the scheme.",
    )
    on = DayField(label="First day")

    def __init__(self, *args: Any, scheme: SharedCareScheme, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = practices_to_join(scheme)  # type: ignore[attr-defined]
        self.fields["on"].initial = on
