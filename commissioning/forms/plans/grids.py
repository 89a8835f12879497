"""A row of a planning grid, and how it stands."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from commissioning.choices import MilestoneStatus, PlanningGrid
from commissioning.forms.base import SayingForm
from commissioning.forms.plans.revised import RevisedForm
from commissioning.forms.saying import DayField
from commissioning.kernel.periods import Period
from commissioning.models import Priority
from commissioning.services.plans.grids import GridWords


class GridRowForm(RevisedForm):
    """Priority, objective, action and milestone, by when, by whom."""

    grid = forms.ChoiceField(label="Grid", choices=[("", "Choose a grid"), *PlanningGrid.choices])
    priority: "forms.ModelChoiceField[Priority]" = forms.ModelChoiceField(
        label="Priority (optional)", queryset=None, required=False, empty_label="None"
    )
    objective = forms.CharField(label="Objective", max_length=300)
    action = forms.CharField(
        label="Action and milestone", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    by_when = DayField(label="By when")
    by_whom = forms.CharField(label="By whom", max_length=160)

    def __init__(
        self,
        *args: Any,
        priorities: QuerySet[Priority],
        year: Period,
        may_move: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["priority"]).queryset = priorities
        self.year = year
        if not may_move:
            del self.fields["grid"]

    def clean_by_when(self) -> dt.date:
        by_when = cast(dt.date, self.cleaned_data["by_when"])
        if by_when < self.year.start:
            raise forms.ValidationError(
                f"The plan begins on {self.year.start:%-d %B %Y}: enter a day on or after it."
            )
        return by_when

    def words(self) -> GridWords:
        """What was written, for the service."""
        given = self.cleaned_data
        return GridWords(
            objective=given["objective"],
            action=given["action"],
            by_when=given["by_when"],
            by_whom=given["by_whom"],
            priority=given["priority"],
        )


class StatusForm(SayingForm):
    """How an action stands."""

    status = forms.ChoiceField(label="Status", choices=MilestoneStatus.choices)
    note = forms.CharField(label="Note (optional)", required=False, max_length=300)

    def clean_status(self) -> MilestoneStatus:
        return MilestoneStatus(self.cleaned_data["status"])
