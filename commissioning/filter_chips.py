"""The chips of a list: which filters are in use, in words, and the address without each."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict

from commissioning.components import Chip

_RANGE_WORDS = {
    "min": "from",
    "after": "from",
    "max": "to",
    "before": "to",
}


def chips_of(filterset: Any) -> list[Chip]:
    """One chip for each value in use, in the order of the form's fields."""
    data = filterset.data
    if not isinstance(data, QueryDict):
        return []
    return [chip for name in filterset.form.fields for chip in _chips(filterset.form, name, data)]


def _chips(form: forms.BaseForm, name: str, data: QueryDict) -> Iterator[Chip]:
    field, bound = form.fields[name], form[name]
    label = str(bound.label)
    words = {str(value): str(said) for value, said in _choices(field)}
    for key, prefix in _keys(field, bound.html_name):
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
        own = getattr(widget, "suffixes", None)
        suffixes = own or [suffix.lstrip("_") for suffix in widget.widgets_names]
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
