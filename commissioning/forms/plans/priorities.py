"""The year's priorities, all on one page."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from commissioning.forms.plans.revised import RevisedForm
from commissioning.models import Priority
from commissioning.services.plans.priorities import PriorityRow

NEW_ROWS = 3


class PrioritiesForm(RevisedForm):
    """A text and a need for each priority, and some empty rows to add more."""

    def __init__(self, *args: Any, priorities: Sequence[Priority], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = [one.number for one in priorities]
        for one in priorities:
            self._add(str(one.number), f"Priority {one.number}", one.text, one.need)
        for place in range(1, NEW_ROWS + 1):
            self._add(f"new-{place}", f"New priority {place} (optional)", "", "")

    def _add(self, key: str, label: str, text: str, need: str) -> None:
        self.fields[f"text-{key}"] = forms.CharField(
            label=label,
            max_length=300,
            required=False,
            initial=text,
            help_text="" if key.startswith("new") else "Empty it to take it out.",
        )
        self.fields[f"need-{key}"] = forms.CharField(
            label=f"What it answers: {label.removesuffix(' (optional)').lower()} (optional)",
            required=False,
            initial=need,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def rows(self) -> Iterator[PriorityRow]:
        """What was written, row by row."""
        keys: list[tuple[int | None, str]] = [(number, str(number)) for number in self.numbers]
        keys += [(None, f"new-{place}") for place in range(1, NEW_ROWS + 1)]
        for number, key in keys:
            yield PriorityRow(
                number, self.cleaned_data[f"text-{key}"], self.cleaned_data[f"need-{key}"]
            )
