"""What forms say of what is missing or cannot be taken: English, of every field there is."""

import datetime as dt
import importlib
import pkgutil

import pytest
from crispy_forms_gds.fields import DateInputField
from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.saying import OPTIONAL, QUESTIONS, SENTENCES, DayField, missing_words
from commissioning.kernel.errors import DomainError
from commissioning.views.requests import attempt

APPS = ("aftercare", "commissioning", "pathways", "providers", "reporting")
# Words with which no name of a thing begins, or ends.
NO_NAME = {
    *("agreed", "as", "at", "begins", "buy", "by", "does", "ends", "for", "from", "held", "is"),
    *("it", "opened", "reviewed", "starts", "takes", "to", "until", "valid", "when", "before"),
}
NO_END = {"before", "by", "for", "from", "on", "says", "to", "until"}


def forms_of_ours():
    for app in APPS:
        module = importlib.import_module(app)
        for found in pkgutil.walk_packages(module.__path__, f"{app}."):
            if {"forms", "views"} & set(found.name.split(".")):
                importlib.import_module(found.name)
    waiting = [SayingForm]
    while waiting:
        made = waiting.pop().__subclasses__()
        waiting += made
        yield from (one for one in made if one.__module__.split(".")[0] in APPS)


def is_named(label):
    words = label.removesuffix(OPTIONAL).removesuffix("?")
    first, *_, last = words.lower().split() * 2
    return words in SENTENCES or first in QUESTIONS or not (first in NO_NAME or last in NO_END)


def test_every_label_makes_a_sentence_of_what_is_missing():
    labels = {
        (form.__qualname__, str(field.label or name.replace("_", " ")))
        for form in forms_of_ours()
        for name, field in form.base_fields.items()
        if field.required
    }

    assert len(labels) > 100
    assert [one for one in sorted(labels) if not is_named(one[1])] == []


def test_every_day_is_asked_for_by_the_field_whose_calendar_speaks_english():
    fields = [field for form in forms_of_ours() for field in form.base_fields.values()]

    assert any(isinstance(field, DayField) for field in fields)
    assert not any(type(field) is DateInputField for field in fields)


@pytest.mark.parametrize(
    ("label", "choosing", "said"),
    [
        ("name", False, "Enter the name"),
        ("Role", True, "Choose the role"),
        ("NDTMS", False, "Enter the NDTMS"),
        ("Why the rules change", False, "Enter why the rules change"),
        ("Where they went", True, "Choose where they went"),
        ("Ends before (optional)", False, "Enter the first day on which it no longer holds"),
        ("To", True, "Choose where they move to"),
    ],
)
def test_a_label_that_is_no_name_has_a_sentence_of_its_own(label, choosing, said):
    assert missing_words(label, choosing=choosing) == said


class Asked(SayingForm):
    starts_on = DayField(label="Starts on", required=False)
    nights = forms.IntegerField(min_value=1, max_value=10, required=False)
    price = forms.DecimalField(max_digits=6, decimal_places=2, required=False)
    note = forms.CharField(max_length=5, required=False)
    kind = forms.ChoiceField(choices=[("A", "A")], required=False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"starts_on_0": "31", "starts_on_1": "2", "starts_on_2": "2006"}, "There is no such day"),
        ({"starts_on_0": "1", "starts_on_1": "13", "starts_on_2": "2006"}, "There is no such day"),
        ({"starts_on_0": "1", "starts_on_1": "1", "starts_on_2": "9" * 30}, "There is no such"),
        ({"nights": "0"}, "Enter 1 or more"),
        ({"nights": "11"}, "Enter 10 or less"),
        ({"price": "1.234"}, "Use 2 decimal places or fewer"),
        ({"price": "12345"}, "Use 4 digits or fewer before the decimal point"),
        ({"note": "longer"}, "Use 5 characters or fewer"),
        ({"kind": "B"}, "Choose one of those listed"),
    ],
)
def test_what_cannot_be_taken_is_said_in_our_words(given, said):
    ((sentence,),) = Asked(given).errors.values()

    assert sentence.startswith(said)


def test_a_day_is_read():
    form = Asked({"starts_on_0": "1", "starts_on_1": "2", "starts_on_2": "2006"})

    assert form.is_valid()
    assert form.cleaned_data["starts_on"] == dt.date(2006, 2, 1)


@pytest.mark.parametrize(("field", "at"), [("nights", "nights"), ("other", "__all__")])
def test_a_refusal_stands_at_the_field_it_is_about(field, at):
    form = Asked({})

    def deed():
        raise DomainError("There is no room.", field=field)

    assert attempt(form, deed) is None
    assert form.errors == {at: ["There is no room."]}
