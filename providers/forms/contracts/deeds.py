"""What is asked where something is done with a contract."""

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.saying import DayField
from providers.forms.contracts.fields import LINES, REASON


class ReasonForm(SayingForm):
    """Why."""

    reason = forms.CharField(max_length=REASON, widget=LINES)


class OptionalReasonForm(SayingForm):
    """Why, where there is something to say."""

    reason = forms.CharField(
        label="Reason (optional)", required=False, max_length=REASON, widget=LINES
    )


class EndForm(ReasonForm):
    """Notice."""

    ends_on = DayField(label="Ends before", help_text="The first day on which it no longer holds.")
    field_order = ["ends_on", "reason"]


class DocumentForm(SayingForm):
    """A file for both sides."""

    file = forms.FileField(label="Document", help_text="At most 10 MB: PDF, text, image or Word.")
