"""Where a form says a refusal: at the field it is about, or at the form's beginning."""

import ast
from pathlib import Path

import pytest
from django import forms
from django.conf import settings

from commissioning.kernel.errors import DomainError
from commissioning.views.requests import attempt

APPS = ("commissioning", "providers", "pathways", "aftercare", "reporting")
REFUSING = "services"
ASKING = ("forms", "views")
ROOT = Path(settings.BASE_DIR)


class Asked(forms.Form):
    amount = forms.CharField(required=False)
    cause = forms.CharField(required=False, widget=forms.HiddenInput)


@pytest.mark.parametrize(
    ("field", "told_at"),
    [("amount", "amount"), ("cause", "__all__"), ("elsewhere", "__all__"), ("", "__all__")],
)
def test_a_refusal_is_told_at_its_field_where_the_form_shows_it(field, told_at):
    form = Asked({})

    def refused():
        raise DomainError("Enter an amount above £0.", field=field)

    assert form.is_valid()
    assert attempt(form, refused) is None
    assert form.errors == {told_at: ["Enter an amount above £0."]}


def _python(app, *folders):
    return [path for folder in folders for path in (ROOT / app / folder).rglob("*.py")]


def _named_fields(path):
    """The fields that refusals of a module name, in words."""
    for node in ast.walk(ast.parse(path.read_text())):
        called = isinstance(node, ast.Call) and getattr(node.func, "id", "")
        if not called or not (called.endswith("Refused") or called[0].isupper() or
                              called == "refused_by"):  # fmt: skip
            continue
        for word in node.keywords:
            if word.arg == "field" and isinstance(word.value, ast.Constant):
                yield word.value.value


def test_every_field_that_a_refusal_names_is_asked_by_a_form():
    asked = {
        node.id if isinstance(node, ast.Name) else node.value
        for app in APPS
        for path in _python(app, *ASKING)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name) or (isinstance(node, ast.Constant) and node.value)
    }
    named = {
        (str(path.relative_to(ROOT)), field)
        for app in APPS
        for path in _python(app, REFUSING)
        for field in _named_fields(path)
    }

    assert len(named) > 80
    assert {one for one in named if one[1] not in asked} == set()
