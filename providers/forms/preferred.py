"""Lists of preferred providers, and who is named, reviewed and removed."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from commissioning.forms.base import SayingForm
from commissioning.forms.saying import DayField
from commissioning.models import Partnership
from providers.models import PreferredProvider, Provider

_EVIDENCE = "Visits, inspections, outcomes, returns to NDTMS: what the decision rests on."


class ListForm(SayingForm):
    """A new list. Only a region's says which partnerships it is for."""

    name = forms.CharField(
        max_length=160, help_text="What is bought by it, such as Detoxification."
    )
    consortium: Any = forms.ModelMultipleChoiceField(
        label="Partnerships it is for (optional)",
        queryset=None,
        required=False,
        help_text="None chosen: all partnerships of the region. Hold Ctrl to choose several.",
    )
    review_by = DayField(label="Review by")

    def __init__(
        self, *args: Any, partnerships: QuerySet[Partnership] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if partnerships is None:
            del self.fields["consortium"]
        else:
            self.fields["consortium"].queryset = partnerships  # type: ignore[attr-defined]


class NameForm(SayingForm):
    """A provider to name, on evidence."""

    provider: Any = forms.ModelChoiceField(queryset=None, empty_label="Choose a provider")
    evidence = forms.CharField(
        label="Evidence of quality",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text=_EVIDENCE,
    )
    from_on = DayField(label="First day")
    review_by = DayField(label="Review by")

    def __init__(
        self, *args: Any, on: dt.date, providers: QuerySet[Provider], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = providers  # type: ignore[attr-defined]
        self.fields["from_on"].initial = on


class ReviewForm(SayingForm):
    """The provider stays on the list: on what evidence, and until when."""

    overtaken = False
    seen = forms.DateField(widget=forms.HiddenInput)
    evidence = forms.CharField(
        label="Evidence of quality",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text=_EVIDENCE,
    )
    review_by = DayField(label="Review again by")

    def __init__(self, *args: Any, held: PreferredProvider, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = held.review_by.isoformat()
        self.fields["evidence"].initial = held.evidence

    def overtake(self, held: PreferredProvider) -> None:
        """Keep what was typed, to be saved over what the list says now."""
        self.overtaken = True
        data = cast(QueryDict, self.data).copy()
        data["seen"] = held.review_by.isoformat()
        self.data = data


class LeaveForm(SayingForm):
    """From when on it is not on the list, or the list does not hold, and why."""

    on = DayField(label="First day without it")
    reason = forms.CharField(max_length=300)

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = on
