"""Forms of agreement: deeds, comments, answers and amendments. Each carries what was last seen."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from commissioning.choices import PlanSection
from commissioning.forms.base import SayingForm
from commissioning.models import Line

WORDS = forms.Textarea(attrs={"rows": 4})


class DeedForm(SayingForm):
    """Nothing but the revision of the plan that was looked at."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReturnForm(DeedForm):
    """A last word on the whole plan, beside the comments already made."""

    comment = forms.CharField(
        label="Comment on the whole plan (optional)", required=False, widget=WORDS
    )
    is_condition = forms.BooleanField(
        label="It is a condition: the plan is not agreed before it is met", required=False
    )


class ReasonForm(SayingForm):
    """Why an agreed plan is to change."""

    reason = forms.CharField(
        label="Reason", widget=WORDS, help_text="What changed in the year, and for whom."
    )


class DecisionForm(DeedForm):
    """What the region says to an amendment."""

    decision = forms.CharField(label="Decision (optional)", required=False, widget=WORDS)

    def __init__(self, *args: Any, words: str, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["decision"]
        field.required, field.label = needed, words if needed else f"{words} (optional)"
        field.error_messages["required"] = f"Enter {words[0].lower()}{words[1:]}"


class CommentForm(SayingForm):
    """A comment on a section, or on a line of the plan."""

    section = forms.ChoiceField(label="Section", choices=PlanSection.choices)
    line = forms.TypedChoiceField(
        label="Line (optional)", required=False, coerce=int, empty_value=None
    )
    text = forms.CharField(label="Comment", widget=WORDS)
    is_condition = forms.BooleanField(
        label="It is a condition: the plan is not agreed before it is met", required=False
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        line = cast(forms.TypedChoiceField, self.fields["line"])
        line.choices = [("", "The whole section"), *((one.number, str(one)) for one in lines)]


class AnswerForm(SayingForm):
    """What the partnership says to a comment."""

    answer = forms.CharField(label="Answer", widget=WORDS)
