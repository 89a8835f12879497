"""The strategic summary."""

from django import forms

from commissioning.forms.plans.revised import RevisedForm


class SummaryForm(RevisedForm):
    """What the plan opens with."""

    summary = forms.CharField(
        label="Strategic summary",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="What the partnership means to change this year, for whom, and why. Leave a line"
        " empty between paragraphs.",
    )
    has_prison = forms.BooleanField(label="There is a prison in the area", required=False)
