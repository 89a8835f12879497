"""The performance schedule, what a side says of a quarter, the provider's return."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.saying import DayField
from providers.reference.measures import BY_CODE, MEASURES

REASON = 300
HUNDRED = Decimal(100)
NARROW = {"inputmode": "decimal", "class": "govuk-input--width-5"}


class ScheduleForm(SayingForm):
    """Of each measure what is agreed; what is left empty is not measured."""

    def __init__(self, *args: Any, held: Mapping[str, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(target_fields(held))

    @property
    def given(self) -> dict[str, Decimal]:
        return targets_in(self.cleaned_data)


def target_fields(held: Mapping[str, Decimal]) -> dict[str, forms.Field]:
    """A field for each measure, with what is agreed of it."""
    found: dict[str, forms.Field] = {}
    for one in MEASURES:
        is_share = one.unit == "share"
        before = held.get(one.code)
        shown = before * HUNDRED if before is not None and is_share else before
        found[_name(one.code)] = forms.DecimalField(
            label=f"{one.title}{', per cent' if is_share else ''} (optional)",
            required=False,
            min_value=0,
            max_value=100 if is_share else None,
            max_digits=9,
            decimal_places=0,
            initial=f"{shown.normalize():f}" if shown is not None else None,
            widget=forms.TextInput(attrs=NARROW),
        )
    return found


def targets_in(given: Mapping[str, Any]) -> dict[str, Decimal]:
    """Targets by measure, of what was typed; a share between 0 and 1."""
    found = {}
    for code, one in BY_CODE.items():
        value = given.get(_name(code))
        if value is not None:
            found[code] = value / HUNDRED if one.unit == "share" else value
    return found


class CommentForm(SayingForm):
    """What a side says, and what is put right by when."""

    text = forms.CharField(label="Comment", widget=forms.Textarea(attrs={"rows": 4}))
    remedy = forms.CharField(
        label="What is to be put right (optional)", required=False, max_length=REASON
    )
    due_on = DayField(label="By (optional)", required=False)


class ReturnForm(SayingForm):
    """The provider's monitoring return of a quarter."""

    narrative = forms.CharField(
        label="How the quarter went", widget=forms.Textarea(attrs={"rows": 6})
    )
    starts = forms.IntegerField(
        label="Starts (optional)",
        required=False,
        min_value=0,
        help_text="People who began in the quarter.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
    )


def _name(code: str) -> str:
    return f"target_{code.lower().replace('-', '_')}"
