"""The chips of a list: which filters are in use, in words, and the address without each."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_filters.widgets import RangeWidget

from commissioning.components import Chip

_RANGE_WORDS = {
    "min": "from",
    "after": "from",
    "max": "to",
    "before": "to",
}


class FromTo(RangeWidget):  # type: ignore[misc]  # the library has no types
    """A range as two inputs side by side, each with a label of its own.

    `FromTo(suffixes=("after", "before"))` gives the names that a range of days uses.
    """

    def __init__(
        self, attrs: dict[str, Any] | None = None, suffixes: tuple[str, str] = ("min", "max")
    ) -> None:
        self.suffixes = list(suffixes)
        super().__init__(attrs)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        inputs = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        first, second = (
            format_html(
                '<div><label class="govuk-label" for="{0}">{1}</label>'
                '<input class="govuk-input" id="{0}" name="{2}" value="{3}"></div>',
                one["attrs"]["id"],
                said,
                one["name"],
                "" if one["value"] is None else one["value"],
            )
            for one, said in zip(inputs, ("From", "To"), strict=True)
        )
        return format_html('<div class="app-from-to">{}{}</div>', first, second)


def chips_of(filterset: Any) -> list[Chip]:
    """One chip for each value in use, in the order of the form's fields."""
    data = filterset.data
    if not isinstance(data, QueryDict):
        return []
    return [chip for name in filterset.form.fields for chip in _chips(filterset.form, name, data)]


def is_in_use(filterset: Any) -> bool:
    """Whether the address holds a value for any of the filters."""
    data = filterset.data
    if not isinstance(data, QueryDict):
        return False
    return any(any(data.getlist(name)) for name in parameters_of(filterset))


def parameters_of(filterset: Any) -> list[str]:
    """The names under which the filter's values come in an address."""
    form: forms.BaseForm = filterset.form
    return [
        key for name in form.fields for key, _ in _keys(form.fields[name], form[name].html_name)
    ]


def _chips(form: forms.BaseForm, name: str, data: QueryDict) -> Iterator[Chip]:
    field, bound = form.fields[name], form[name]
    label, keys = str(bound.label), _keys(field, bound.html_name)
    if not any(any(data.getlist(key)) for key, _ in keys):
        return  # without reading the choices, which can be a query
    words = {str(value): str(said) for value, said in _choices(field)}
    for key, prefix in keys:
        for value in data.getlist(key):
            # A value that is no choice filters nothing; the form says so itself.
            if value == "" or (words and value not in words):
                continue
            said = words.get(value, value)
            yield Chip(label, f"{prefix} {said}".strip(), _without(data, key, value))


def _keys(field: forms.Field, name: str) -> list[tuple[str, str]]:
    """The names under which a field's values come, each with the word that tells them apart."""
    widget = field.widget
    if isinstance(widget, forms.MultiWidget):
        own: list[str] | None = getattr(widget, "suffixes", None)
        suffixes = own or [str(place) for place in range(len(widget.widgets))]
        return [(f"{name}_{one}" if one else name, _RANGE_WORDS.get(one, "")) for one in suffixes]
    return [(name, "")]


def _choices(field: forms.Field) -> Iterator[tuple[Any, Any]]:
    for value, said in getattr(field, "choices", ()):
        if isinstance(said, list | tuple):  # a group of choices
            yield from said
        else:
            yield value, said


def _without(data: QueryDict, key: str, value: str) -> str:
    left = data.copy()
    kept = [one for one in left.getlist(key) if one != value]
    left.setlist(key, kept)
    if not kept:
        del left[key]
    left.pop("page", None)
    return f"?{left.urlencode()}"
