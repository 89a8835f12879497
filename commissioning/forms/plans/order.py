"""The order of a plan's lines: a number for each, smaller first."""

from collections.abc import Sequence
from typing import Any

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.models import Line


class OrderForm(SayingForm):
    """One field a line, named `line-<number>`; equal numbers stay as they were."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for place, line in enumerate(lines, start=1):
            self.fields[f"line-{line.number}"] = forms.IntegerField(
                label=str(line),
                min_value=0,
                max_value=9999,
                initial=place,
                error_messages={
                    "required": f"Enter a place for line {line.number}",
                    "invalid": f"Enter a whole number for line {line.number}",
                },
            )

    def numbers(self) -> list[int]:
        """The lines' numbers in the order that was asked for."""
        asked = sorted(self.lines, key=lambda line: self.cleaned_data[f"line-{line.number}"])
        return [line.number for line in asked]
