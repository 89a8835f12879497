"""What a provider says of its costs."""

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.kernel.money import MOST


class FixedCostsForm(SayingForm):
    """A year's costs that do not depend on who is in the places."""

    amount = forms.DecimalField(
        label="Fixed costs of a year, pounds (optional)",
        help_text="What your places cost whether anybody is in them or not. Reviewers of regions"
        " and the nation see the occupancy that covers them, not the amount.",
        required=False,
        min_value=1,
        max_value=MOST,
        decimal_places=2,
    )
