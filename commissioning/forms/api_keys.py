"""Making an API key."""

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.models.api_keys import LONGEST

LASTS = ((30, "30 days"), (90, "90 days"), (180, "180 days"), (LONGEST.days, "One year"))


class KeyForm(SayingForm):
    """What a key is for, and how long it lasts."""

    name = forms.CharField(
        max_length=80,
        help_text="The program that will use it, such as Case system of Bridgeside.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label="Time it lasts",
        choices=(("", "Choose a time"), *LASTS),
        coerce=int,
        help_text="Make a new one before it ends.",
    )
