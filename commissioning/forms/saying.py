"""What a form says of a field: what is missing from it, and what it does not take."""

import datetime as dt
from collections.abc import Mapping, Sequence

from crispy_forms_gds.fields import DateInputField
from django import forms
from django.core.exceptions import ValidationError

OPTIONAL = " (optional)"
# Labels that begin so are what is to be entered: "Enter why the rules change".
QUESTIONS = frozenset({"what", "why", "how", "where", "who", "whose", "which"})
# What is said where a label is no name of a thing.
SENTENCES: Mapping[str, str] = {
    "Agreed on": "Enter the day it was agreed",
    "As their care plan says": "Choose whether they left as their care plan says",
    "At which hour": "Enter the hour until which it is held",
    "Buy it": "Choose how to buy it",
    "By when": "Enter the day by which it is to be done",
    "By whom": "Enter who is to do it",
    "Does it hold": "Choose whether it holds",
    "Ends before": "Enter the first day on which it no longer holds",
    "For": "Choose whom it is for",
    "From": "Enter the day from which it holds",
    "Held until": "Enter the day until which it is held",
    "Next review by": "Enter the day by which it is reviewed next",
    "Review again by": "Enter the day by which it is reviewed again",
    "Review by": "Enter the day by which it is reviewed",
    "Reviewed on": "Enter the day of the review",
    "Starts on": "Enter the day it starts",
    "To": "Choose where they move to",
    "To line": "Choose the line the money goes to",
    "Valid from": "Enter the day from which it is valid",
    "Why": "Enter the reason",
}
# By what a field finds wrong; the limits are Django's.
LIMITS: Mapping[str, str] = {
    "min_value": "Enter %(limit_value)s or more",
    "max_value": "Enter %(limit_value)s or less",
    "max_length": "Use %(limit_value)s characters or fewer",
    "max_digits": "Use %(max)s digits or fewer",
    "max_decimal_places": "Use %(max)s decimal places or fewer",
    "max_whole_digits": "Use %(max)s digits or fewer before the decimal point",
}
NOT_LISTED = "Choose one of those listed"
NO_SUCH_DAY = "There is no such day: enter one such as 31 5 2006"


def missing_words(label: str, *, choosing: bool) -> str:
    """What is said of a field that was left empty: “Enter the name”, “Choose the role”."""
    words = label.removesuffix(OPTIONAL).removesuffix("?")
    if words in SENTENCES:
        return SENTENCES[words]
    verb = "Choose" if choosing else "Enter"
    thing = words if words.isupper() else words[0].lower() + words[1:]
    return f"{verb} {thing}" if thing.split()[0] in QUESTIONS else f"{verb} the {thing}"


def say_in_words(field: forms.Field, label: str) -> None:
    """Give the field its sentences. Those that it was made with stay."""
    messages = field.error_messages
    if messages.get("required") in {None, *_usual(field, "required")}:
        choosing = isinstance(field, forms.ChoiceField | forms.FileField)
        messages["required"] = missing_words(label, choosing=choosing)
    for code, words in LIMITS.items():
        messages.setdefault(code, words)
    if messages.get("invalid_choice") in _usual(field, "invalid_choice"):
        messages["invalid_choice"] = NOT_LISTED


class DayField(DateInputField):
    """A day in three parts, whose calendar speaks English."""

    def compress(self, data_list: Sequence[str]) -> dt.date | None:
        try:
            found: dt.date | None = super().compress(data_list)
        except (ValidationError, OverflowError) as wrong:
            raise ValidationError(NO_SUCH_DAY) from wrong
        return found


def _usual(field: forms.Field, code: str) -> set[str]:
    """What libraries say of any field of its kind."""
    usual = {
        str(kind.__dict__["default_error_messages"][code])
        for kind in type(field).__mro__
        if code in kind.__dict__.get("default_error_messages", {})
    }
    return usual | {"Enter the day, month and year"}
