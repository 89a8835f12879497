"""What the filters of all lists have in common.

A value that a filter does not know is named: by the API in its refusal, by a page beside the
filter and in its error summary. The page shows the list as if that filter had not been used.
"""

from html import escape
from typing import Any

import django_filters
from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class Dropdown(forms.Select):
    """A select whose options are written here. Django's is a template for every option, which
    for all partnerships and providers takes longer than the rest of the page."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        multiple = {"multiple": True} if self.allow_multiple_selected else {}
        chosen = set(self.format_value(value))
        written = (
            f'<option value="{escape(str(code))}"{" selected" if str(code) in chosen else ""}>'
            f"{escape(str(said))}</option>"
            for code, said in self.choices
        )
        held = self.build_attrs(self.attrs, {"name": name, **(attrs or {}), **multiple})
        options = mark_safe("".join(written))  # noqa: S308 - every value and word is escaped
        return format_html("<select{}>{}</select>", flatatt(held), options)


class Listbox(Dropdown, forms.SelectMultiple):
    """The same, to choose several from."""


def become_dropdown(field: forms.Field) -> None:
    """Where the field is a select of Django's: ours instead, with the choices that the field still
    has to read."""
    if type(field.widget) is forms.Select:
        dropdown = Dropdown(field.widget.attrs)
        dropdown.choices, dropdown.is_required = field.widget.choices, field.widget.is_required
        field.widget = dropdown


class ListFilter(django_filters.FilterSet):
    """The filter of a list, for page, file and API."""

    def get_form_class(self) -> type[forms.Form]:
        made: type[forms.Form] = super().get_form_class()
        for field in made.base_fields.values():
            if isinstance(field, forms.ChoiceField):
                words = f"“%(value)s” is not known. Choose from the list of “{field.label}”."
                field.error_messages = {**field.error_messages, "invalid_choice": words}
                become_dropdown(field)
        return made

    def asked(self, name: str) -> Any:
        """What was asked for under the name; None where nothing was, or nothing that is known."""
        self.form.is_valid()  # reads what was asked
        return self.form.cleaned_data.get(name) or None


class RowFilter(ListFilter):
    """The filter of a list whose rows are put together and told apart in Python.

    Every filter says `method="later"`: the rows of the database stay as they are.
    """

    name = django_filters.CharFilter(label="Name or code", method="later")

    def later(self, rows: Any, name: str, value: str) -> Any:
        return rows

    def names(self, name: str, code: str) -> bool:
        """Whether what was typed as a name is part of the name, or is the code."""
        typed = str(self.asked("name") or "").casefold()
        return not typed or typed in name.casefold() or typed == code.casefold()
