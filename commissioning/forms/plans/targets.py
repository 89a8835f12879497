"""A target: its baseline, its number for the year, and its quarters."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from commissioning.choices import TargetSource
from commissioning.forms.plans.revised import RevisedForm
from commissioning.kernel.periods import Period
from commissioning.reference.targets import TargetSubject
from commissioning.services.plans.targets import TargetWords

HUNDRED = Decimal(100)
QUARTER_FIELDS = ("first", "second", "third", "fourth")


class FigureField(forms.CharField):
    """A number of people, or a share written in per cents: 1,240 or 85 or 85%."""

    def __init__(self, *args: Any, share: bool, **kwargs: Any) -> None:
        super().__init__(*args, max_length=20, **kwargs)
        self.share = share

    def clean(self, value: Any) -> Decimal | None:
        written = super().clean(value)
        if not written:
            return None
        bare = written.replace(",", "").replace(" ", "").removesuffix("%")
        try:
            number = Decimal(bare)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            example = "85" if self.share else "1,240"
            raise forms.ValidationError(
                f"“{written}” is not a number. Enter one, such as {example}."
            )
        return number / HUNDRED if self.share else number

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        shown = value * HUNDRED if self.share else value
        return f"{shown.normalize():f}"


class TargetForm(RevisedForm):
    """Shares are written in per cents. Without quarters the way is a straight line."""

    def __init__(
        self,
        *args: Any,
        subject: TargetSubject,
        source: TargetSource,
        quarters: Sequence[Period],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        share = subject.unit == "share"
        unit = "per cent" if share else "people"
        self.fields["baseline"] = FigureField(
            label=f"Baseline, {unit} (optional)", required=False, share=share
        )
        self.fields["baseline_source"] = forms.CharField(
            label="Where the baseline comes from (optional)", required=False, max_length=200
        )
        self.fields["target"] = FigureField(
            label=f"Target, {unit}",
            share=share,
            error_messages={"required": "Enter the target"},
        )
        for name, quarter in zip(QUARTER_FIELDS, quarters, strict=True):
            self.fields[name] = FigureField(
                label=f"By the end of {quarter.last_day:%B %Y}, {unit} (optional)",
                required=False,
                share=share,
            )
        wanted = source == TargetSource.DELIVERY_PLAN
        self.fields["agreed_with"] = forms.CharField(
            label="Agreed with" if wanted else "Agreed with (optional)",
            required=wanted,
            max_length=200,
            error_messages={"required": "Enter with whom it is agreed"},
            help_text=f"{subject.agreed_with}, by name." if wanted else "",
        )

    def words(self) -> TargetWords:
        """What was written, for the service."""
        given = self.cleaned_data
        quarters = [given[name] for name in QUARTER_FIELDS if given[name] is not None]
        return TargetWords(
            baseline=given["baseline"],
            baseline_source=given["baseline_source"],
            target=given["target"],
            trajectory=quarters,
            agreed_with=given["agreed_with"],
        )
