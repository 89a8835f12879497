"""What is asked where something is done with a contract."""

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.plans.ledger import PoundsField
from commissioning.forms.plans.revised import RevisedForm
from commissioning.forms.saying import DayField
from providers.forms.contracts.fields import LINES, REASON, per_cent, whole_number


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


class VariationForm(RevisedForm):
    """Other terms from a day; what is left as it is does not change."""

    holds_from = DayField(label="From")
    ends_on = DayField(label="Ends before (optional)", required=False)
    price = PoundsField(label="Price (optional)", required=False)
    places = whole_number("Places")
    starts = whole_number("Starts a year")
    take_up = per_cent("Minimum take-up, per cent")
    void_rate = per_cent("Void payment, per cent")
    uplift = per_cent("Uplift, per cent", least=-100)
    uplift_on = DayField(label="Uplift from (optional)", required=False)
    ceiling = PoundsField(label="Ceiling (optional)", required=False)
    notice_weeks = whole_number("Notice, in weeks")
    reason = forms.CharField(max_length=REASON, widget=LINES)


class DocumentForm(SayingForm):
    """A file for both sides."""

    file = forms.FileField(label="Document", help_text="At most 10 MB: PDF, text, image or Word.")
