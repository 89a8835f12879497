"""What is said of places. The forms check shape; the services check meaning."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from commissioning.forms.base import SayingForm
from commissioning.forms.saying import DayField
from commissioning.list_filters import Dropdown
from providers.choices import MoveOn, PlaceKind, SexTaken
from providers.forms.cases import CaseField
from providers.services.places.keeping import MOST_AT_ONCE

SERIES = re.compile(r"(?P<words>.*?)(?P<first>\d{1,5}) to (?P<last>\d{1,5})", re.ASCII)
LONGEST_LABEL = 40  # letters
CASE = "A reference of your own or the commissioner's, never a name."


class OnADay(SayingForm):
    """Something that happened on a day: today, unless another is given."""

    on = DayField(label="Day")

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": today, **kwargs.pop("initial", {})}, **kwargs)


class AdmitForm(OnADay):
    """Somebody came."""

    case = CaseField(label="Case (optional)", required=False, help_text=CASE)
    planned_until = DayField(
        label="Day they mean to leave (optional)",
        required=False,
        help_text="Left empty, the place is taken until you say that they left.",
    )


class HoldForm(OnADay):
    """A place is kept for somebody until an hour, without a call-off yet: they rang."""

    until = DayField(label="Day they mean to leave")
    partnership: Any = forms.ChoiceField(widget=Dropdown)
    case = CaseField(label="Case", help_text=CASE)
    ends_on = DayField(
        label="Held until",
        help_text="By the calendar. If nothing was booked by then, the hold ends by itself.",
    )
    ends_at = forms.TimeField(
        label="At which hour",
        help_text="As 17:00.",
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "govuk-input--width-5"}),
    )

    def __init__(self, *args: Any, partnerships: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "First night"
        self.fields["partnership"].choices = [("", "Choose a partnership"), *partnerships]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """`ends` is the instant at which the hold is over."""
        given = super().clean() or {}
        last, hour = given.pop("ends_on", None), given.pop("ends_at", None)
        if last and hour:
            given["ends"] = timezone.make_aware(dt.datetime.combine(last, hour))
        return given


class LeaveForm(OnADay):
    """Somebody left."""

    move_on = forms.ChoiceField(label="Where they went", choices=MoveOn.choices)
    reason = forms.CharField(label="Note (optional)", max_length=300, required=False)


class PlanForm(SayingForm):
    """Another departure is planned."""

    until = DayField(label="Day they mean to leave (optional)", required=False)
    reason = forms.CharField(label="Why (optional)", max_length=300, required=False)


class OutOfServiceForm(OnADay):
    """The place cannot be used."""

    reason = forms.CharField(max_length=300)
    until = DayField(label="Day it is expected back (optional)", required=False)


class BackForm(OnADay):
    """The place can be used again."""


class CloseForm(OnADay):
    """The place is no more."""

    reason = forms.CharField(label="Why (optional)", max_length=300, required=False)


class ReleaseForm(SayingForm):
    """What was held or booked is given back."""

    reason = forms.CharField(label="Why", max_length=300)


class MoveForm(SayingForm):
    """Somebody goes on in another place of the service."""

    to: Any = forms.ModelChoiceField(label="To", queryset=None)
    reason = forms.CharField(label="Why", max_length=300)

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = places  # type: ignore[attr-defined]


class CorrectForm(SayingForm):
    """What was said was wrong."""

    TAKE_BACK, ANEW = "back", "anew"
    how = forms.ChoiceField(
        label="What was wrong",
        choices=[(ANEW, "It was on another day"), (TAKE_BACK, "It did not happen")],
        widget=forms.RadioSelect,
    )
    on = DayField(label="The right day (if it was on another)", required=False)
    until = DayField(
        label="The right planned end (optional)",
        required=False,
        help_text="Of an admission, a booking, a hold or a repair.",
    )
    reason = forms.CharField(label="How the mistake came about", max_length=300)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("how") == self.ANEW and not given.get("on") and "on" not in self.errors:
            self.add_error("on", "Enter the right day")
        if given.get("how") == self.TAKE_BACK:
            given["on"] = given["until"] = None
        return given


class OpenForm(OnADay):
    """Places are opened, several at once."""

    service: Any = forms.ModelChoiceField(queryset=None)
    labels = forms.CharField(
        label="Names",
        max_length=400,
        help_text="As “Bed 1 to 12”, or names separated by commas.",
    )
    kind = forms.ChoiceField(choices=PlaceKind.choices)
    sex = forms.ChoiceField(label="For", choices=SexTaken.choices)
    is_accessible = forms.BooleanField(label="Wheelchairs can reach them", required=False)
    overbooked_for = forms.CharField(
        label="Why they are beyond capacity (optional)",
        max_length=300,
        required=False,
        help_text="Only for places that the service does not have: an extra bed for one night."
        " They never count as free.",
    )

    field_order = ("service", "labels", "kind", "sex", "is_accessible", "on", "overbooked_for")

    def __init__(self, *args: Any, services: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]

    def clean_labels(self) -> list[str]:
        """Every name that is meant: “Bed 1 to 12” are twelve."""
        labels: list[str] = []
        for part in re.split(r"[,\n]", self.cleaned_data["labels"]):
            words = part.strip()
            if series := SERIES.fullmatch(words):
                first, last = int(series["first"]), int(series["last"])
                if not first <= last < first + MOST_AT_ONCE:
                    raise forms.ValidationError(
                        f"Give a series that goes up, of at most {MOST_AT_ONCE} places."
                    )
                labels += [f"{series['words']}{number}" for number in range(first, last + 1)]
            elif words:
                labels.append(words)
        if len(set(labels)) != len(labels):
            raise forms.ValidationError("Give each name once.")
        if any(len(label) > LONGEST_LABEL for label in labels):
            raise forms.ValidationError("Give names of at most 40 letters.")
        return labels


class OccupiedForm(forms.Form):
    """So many are in the places of a kind."""

    kind = forms.ChoiceField(choices=PlaceKind.choices)
    occupied = forms.IntegerField(min_value=0, max_value=100_000)
