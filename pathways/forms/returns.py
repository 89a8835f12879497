"""What a person tells of a return: the file, and why they decide as they do."""

import datetime as dt
from typing import Any

from django import forms

from commissioning.forms.saying import DayField
from commissioning.kernel.periods import Grain, Period
from pathways.selectors.return_history import MONTHS_OFFERED, months_until


def usual_month(today: dt.date) -> Period:
    """The month one mostly reports: the last that is over."""
    return Period.containing(today, Grain.MONTH).previous()


def usual_cut_off(month: Period, today: dt.date) -> dt.date:
    """The last day a file knows about when its sender does not say: the month's end, or today."""
    return min(month.last_day, today)


class SendForm(forms.Form):
    """A file, and the month it reports. `today` is the business day."""

    file = forms.FileField(
        label="File of the return",
        help_text="A CSV file of NDTMS fields, values separated by commas, text in UTF-8. It may"
        " hold all your agencies.",
        error_messages={
            "required": "Choose the file of the return.",
            "empty": "The file is empty. Export the return again and choose the new file.",
        },
        allow_empty_file=False,
    )
    month = forms.ChoiceField(
        label="Reporting month",
        error_messages={
            "required": "Choose the month the return reports.",
            "invalid_choice": "Choose a month from the list.",
        },
    )
    cut_off = DayField(
        label="Cut-off (optional)",
        required=False,
        help_text="The last day the file knows about. Left empty: the last day of the month, or"
        " today while the month is not over.",
    )

    def __init__(self, *args: Any, today: dt.date, over_limit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.over_limit = over_limit  # the sentence, where the file was larger than is taken
        months = months_until(today, how_many=MONTHS_OFFERED)
        field = self.fields["month"]
        field.choices = [(one.code, one.label) for one in months]  # type: ignore[attr-defined]
        field.initial = usual_month(today).code

    def clean_month(self) -> Period:
        return Period.parse(self.cleaned_data["month"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.over_limit:
            self.errors.pop("file", None)
            self.add_error("file", self.over_limit)
        if given.get("month") and not given.get("cut_off") and "cut_off" not in self.errors:
            given["cut_off"] = usual_cut_off(given["month"], self.today)
        return given


class ConfirmForm(forms.Form):
    """Why findings are right as they are, and whether vanished episodes are to go."""

    reason = forms.CharField(
        label="Why the findings are right as they are",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It is kept with the return, and commissioners and reviewers can read it.",
        max_length=2000,
    )
    remove_vanished = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, needs_reason: bool, vanished: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_reason:
            self.fields["reason"].required = False
            self.fields["reason"].label = "A note to keep with the return (optional)"
        else:
            self.fields["reason"].error_messages["required"] = (
                "Say why the findings are right as they are."
            )
        if vanished:
            episodes = "episode" if vanished == 1 else "episodes"
            self.fields[
                "remove_vanished"
            ].label = f"Remove the {vanished:,} {episodes} that this return no longer names"
        else:
            del self.fields["remove_vanished"]


class ReasonForm(forms.Form):
    """Why a return is rejected or undone."""

    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It is kept with the return, and commissioners and reviewers can read it.",
        max_length=2000,
    )

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].error_messages["required"] = "Give the reason: it is kept."
