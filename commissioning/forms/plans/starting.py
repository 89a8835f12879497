"""Which year a plan is started for."""

from typing import Any, cast

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.models.plans import year_period


class StartPlanForm(SayingForm):
    """A financial year, among those around the business day."""

    year = forms.TypedChoiceField(label="Financial year", coerce=int)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = cast(forms.TypedChoiceField, self.fields["year"])
        year.choices = [(one, year_period(one).label) for one in years]
