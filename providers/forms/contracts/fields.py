"""Fields that forms of contracts share."""

from typing import Any

from django import forms

REASON = 300
LINES = forms.Textarea(attrs={"rows": 3})


def whole_number(label: str, help_text: str = "", **more: Any) -> forms.IntegerField:
    """A whole number of nothing or more; may be left empty."""
    return forms.IntegerField(
        label=f"{label} (optional)",
        required=False,
        min_value=0,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
        **more,
    )


def per_cent(label: str, help_text: str = "", least: int = 0) -> forms.DecimalField:
    """Per cent, to two places; may be left empty."""
    return forms.DecimalField(
        label=f"{label} (optional)",
        required=False,
        min_value=least,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"}),
    )
