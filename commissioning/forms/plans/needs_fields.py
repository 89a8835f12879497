"""Numbers as people type them, and forms of many rows that stand as fields of one form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from commissioning.forms.plans.revised import RevisedForm

MOST = 99_999_999
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+", re.ASCII)


class WholeField(forms.CharField):
    """A number of people: 1943 or 1,943. Nothing typed is None."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, max_length=20, **more)
        self.widget.attrs.update(inputmode="numeric", autocomplete="off")

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        bare = typed.replace(" ", "")
        if not _WHOLE.fullmatch(bare) or int(bare.replace(",", "")) > MOST:
            raise forms.ValidationError(
                f"“{typed}” is not a number of people. Enter a whole number, such as 1,943."
            )
        return int(bare.replace(",", ""))


class PartField(forms.CharField):
    """A decimal number between two bounds: 41, 41.5 or 41.5%. Nothing typed is None."""

    def __init__(self, *, least: Decimal, most: Decimal, places: int = 2, **more: Any) -> None:
        super().__init__(required=False, max_length=20, **more)
        self.widget.attrs.update(inputmode="decimal", autocomplete="off")
        self.least, self.most, self.places = least, most, places

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            number = Decimal(typed.replace(",", "").replace(" ", "").removesuffix("%"))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise forms.ValidationError(f"“{typed}” is not a number. Enter one, such as 12.5.")
        if not self.least <= number <= self.most:
            raise forms.ValidationError(f"Enter a number from {self.least} to {self.most}.")
        if number != number.quantize(Decimal(1).scaleb(-self.places)):
            raise forms.ValidationError(f"Enter at most {self.places} decimal places.")
        return number

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


@dataclass(frozen=True)
class ShownRow:
    """A row of a form on the page: its heading, a hint and its fields."""

    key: str
    heading: str
    hint: str
    fields: list[forms.BoundField]


class RowsForm(RevisedForm):
    """A form of rows, each a heading and the same few fields, named `key-field`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows: list[tuple[str, str, str, list[str]]] = []

    def add_row(
        self,
        key: str,
        heading: str,
        fields: Mapping[str, forms.Field],
        initial: object = None,
        *,
        hint: str = "",
    ) -> None:
        """A row at the end; `initial` is an object or mapping with an attribute a field."""
        for name, field in fields.items():
            field.initial = getattr(initial, name, None)
            field.widget.attrs["class"] = _dressed(field.widget)
            self.fields[f"{key}-{name}"] = field
        self._rows.append((key, heading, hint, list(fields)))

    @property
    def items(self) -> list[ShownRow]:
        """The rows as they are shown."""
        return [
            ShownRow(key, heading, hint, [self[f"{key}-{name}"] for name in names])
            for key, heading, hint, names in self._rows
        ]

    def given(self) -> dict[str, dict[str, Any]]:
        """What was typed, by row and field; only rows in which something was."""
        found = {}
        for key, _, _, names in self._rows:
            row = {name: self.cleaned_data.get(f"{key}-{name}") for name in names}
            if any(value not in (None, "") for value in row.values()):
                found[key] = row
        return found

    def refuse(self, key: str, name: str, sentence: str) -> None:
        """An error at a field, unless the field has one already."""
        if f"{key}-{name}" not in self.errors:
            self.add_error(f"{key}-{name}", sentence)


def _dressed(widget: forms.Widget) -> str:
    """The class of a GOV.UK field: a form of many rows is dressed by hand, which is quicker."""
    if isinstance(widget, forms.Textarea):
        return "govuk-textarea"
    return "govuk-select" if isinstance(widget, forms.Select) else "govuk-input"


def words(label: str, *, most: int = 200, rows: int = 0) -> forms.CharField:
    """A field of words; with `rows` a text area."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, required=False, max_length=most, widget=widget)
