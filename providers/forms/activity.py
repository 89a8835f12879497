"""A quarter's numbers, and the word that confirms them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from commissioning.forms.plans.revised import RevisedForm
from commissioning.models import Organisation
from providers.choices import ActivityMeasure
from providers.rules.activity_checks import Cell, Part
from providers.selectors.activity import AskedRow

MOST = 999_999


def name_of(cell: Cell) -> str:
    return f"{cell[0]}-{cell[1]}"


def part_name(row: AskedRow, partnership: Organisation) -> str:
    return f"{row.delivered.pk}-of-{partnership.code}"


@dataclass(frozen=True)
class GridRow:
    """A row of a grid of numbers: its name, a word about it, and a field or nothing a column."""

    words: str
    about: str
    fields: Sequence[BoundField | None]


class NumberField(forms.IntegerField):
    """A whole number from nought on, or nothing."""

    def __init__(self, *, label: str, initial: int | None = None) -> None:
        super().__init__(
            label=label,
            required=False,
            min_value=0,
            max_value=MOST,
            initial=initial,
            widget=forms.TextInput(
                attrs={
                    "inputmode": "numeric",
                    "autocomplete": "off",
                    "class": "govuk-input--width-4",
                    "aria-label": label,
                }
            ),
            error_messages={
                "invalid": f"{label}: write a whole number, such as 40",
                "min_value": f"{label}: no number is below 0",
                "max_value": f"{label}: at most {MOST:,}",
            },
        )


class ActivityForm(RevisedForm):
    """A number for each intervention and what it counts. What is not known yet stays empty."""

    def __init__(
        self,
        *args: Any,
        rows: Sequence[AskedRow],
        numbers: Mapping[Cell, int],
        partnerships: Sequence[Organisation] = (),
        parts: Mapping[Part, int] | None = None,
        **kwargs: Any,
    ) -> None:
        """`partnerships`: between which the first number of each row is split."""
        super().__init__(*args, **kwargs)
        self.rows, self.partnerships = rows, partnerships
        for row in rows:
            for one in partnerships:
                self.fields[part_name(row, one)] = NumberField(
                    label=f"{row.delivered.intervention}, for {one}:"
                    f" {row.measures[0].label.lower()}",
                    initial=(parts or {}).get((row.delivered.pk, one.pk)),
                )
            for cell in row.cells:
                measure = ActivityMeasure(cell[1]).label
                self.fields[name_of(cell)] = NumberField(
                    label=f"{row.delivered.intervention}: {measure.lower()}",
                    initial=numbers.get(cell),
                )

    @property
    def measures(self) -> list[ActivityMeasure]:
        """The columns: every measure that some row asks for."""
        asked = {measure for row in self.rows for measure in row.measures}
        return [one for one in ActivityMeasure if one in asked]

    def grid(self) -> Iterator[GridRow]:
        for row in self.rows:
            delivered = row.delivered
            yield GridRow(
                str(delivered.intervention),
                f"Tier {delivered.tier}",
                [
                    self[name_of((delivered.pk, measure.value))]
                    if measure in row.measures
                    else None
                    for measure in self.measures
                ],
            )
            for one in self.partnerships:
                yield GridRow(
                    f"of these, for {one}",
                    str(delivered.intervention),
                    [
                        self[part_name(row, one)] if measure == row.measures[0] else None
                        for measure in self.measures
                    ],
                )

    def numbers(self) -> dict[Cell, int]:
        """What was filled in, for the service."""
        return {
            cell: number
            for row in self.rows
            for cell in row.cells
            if (number := self.cleaned_data[name_of(cell)]) is not None
        }

    def parts(self) -> dict[Part, int]:
        """What was filled in, for each partnership."""
        return {
            (row.delivered.pk, one.pk): number
            for row in self.rows
            for one in self.partnerships
            if (number := self.cleaned_data[part_name(row, one)]) is not None
        }


class ConfirmActivityForm(RevisedForm):
    """The reason, where one is asked for."""

    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Commissioners read it beside the numbers.",
    )

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["reason"]
