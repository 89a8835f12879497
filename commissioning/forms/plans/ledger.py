"""What is posted to a plan's ledger by hand, moved between its lines, and sent by the bank."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.saying import DayField
from commissioning.kernel.money import NotMoney, read_pounds
from commissioning.kernel.words import pounds
from commissioning.list_filters import Dropdown
from commissioning.models import Allocation, Line
from commissioning.selectors.plans.ledger import HeldMoney, OpenEntry
from commissioning.services.ledger.bank_file import LONGEST_REFERENCE, text_of

OLDEST, NOTHING = "", "nothing"
REASON = 300


class Deed(StrEnum):
    """What can be posted by hand."""

    PAYMENT = "payment"
    REFUND = "refund"
    COMMITMENT = "commitment"
    RELEASE = "release"
    ACCRUAL = "accrual"


DEEDS: dict[Deed, str] = {
    Deed.PAYMENT: "A payment",
    Deed.REFUND: "A payment that came back",
    Deed.COMMITMENT: "A commitment",
    Deed.RELEASE: "A release of what was committed",
    Deed.ACCRUAL: "An accrual: used, and not invoiced yet",
}
# Deeds that settle or release what is committed.
SETTLING = frozenset({Deed.PAYMENT, Deed.RELEASE, Deed.ACCRUAL})


class PoundsField(forms.CharField):
    """Pounds as people type them: £1,250 or 1250.50."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-10"})

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return read_pounds(typed)
        except NotMoney as refused:
            raise forms.ValidationError(str(refused)) from refused


class _OnLines(SayingForm):
    """A form about one line's part of a stream."""

    part = forms.ChoiceField(label="Line and stream", widget=Dropdown)

    def __init__(self, *args: Any, money: Sequence[HeldMoney], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(
            self,
            "part",
            "Choose a line and stream",
            [
                (str(one.key), f"{one.line}, {one.stream} ({pounds(one.headroom)} free)")
                for one in money
            ],
        )

    def clean_part(self) -> Allocation:
        parts = Allocation.objects.select_related("line", "stream")
        return parts.get(pk=self.cleaned_data["part"])


class PostForm(_OnLines):
    """One entry, and what it rests on."""

    deed = forms.ChoiceField(
        label="What is posted",
        choices=[(deed.value, words) for deed, words in DEEDS.items()],
        initial=Deed.PAYMENT.value,
        widget=forms.RadioSelect,
    )
    amount = PoundsField(label="Amount", help_text="In pounds, such as 1,250.50.")
    on = DayField(label="Date")
    reference = forms.CharField(
        max_length=LONGEST_REFERENCE,
        help_text="Of the invoice, order or bank. The same reference is posted once.",
    )
    against = forms.ChoiceField(
        label="Which commitment it settles",
        required=False,
        help_text="For a payment, an accrual or a release.",
        widget=Dropdown,
    )
    reason = forms.CharField(
        label="Reason (optional)",
        required=False,
        max_length=REASON,
        help_text="Needed where something is paid that was never committed, or came back.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    field_order = ["deed", "part", "amount", "on", "reference", "against", "reason"]

    def __init__(
        self, *args: Any, commitments: Sequence[OpenEntry], today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self._commitments = {str(one.key): one for one in commitments}
        self.fields["on"].initial = today
        _offer(
            self,
            "against",
            "The oldest first",
            [
                (NOTHING, "None: it was never committed"),
                *((key, _open_words(one)) for key, one in self._commitments.items()),
            ],
        )

    def clean_deed(self) -> Deed:
        return Deed(self.cleaned_data["deed"])

    def clean_on(self) -> dt.date:
        on = cast(dt.date, self.cleaned_data["on"])
        if on > self._today:
            raise forms.ValidationError("Enter a day that is not ahead of today.")
        return on

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        chosen = self._commitments.get(given.get("against", ""))
        part = given.get("part")
        if chosen and part and chosen.allocation_id != part.pk:
            self.add_error("against", "Choose a commitment of the same line and stream.")
        return given

    @property
    def commitment_cause(self) -> str | None:
        """The cause that is settled: none said, no commitment at all, or the chosen one's."""
        against = self.cleaned_data["against"]
        if against in {OLDEST, NOTHING}:
            return None if against == OLDEST else ""
        return self._commitments[against].cause


class AskForm(_OnLines):
    """Money from one line to another, and why."""

    target = forms.ChoiceField(label="To line", widget=Dropdown)
    amount = PoundsField(label="Amount", help_text="In pounds, such as 1,250.50.")
    reason = forms.CharField(max_length=REASON, widget=forms.Textarea(attrs={"rows": 3}))
    cause = forms.CharField(widget=forms.HiddenInput, max_length=60)

    field_order = ["part", "target", "amount", "reason", "cause"]

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].label = "From line and stream"
        self._lines = {str(one.number): one for one in lines}
        _offer(
            self, "target", "Choose a line", [(key, str(one)) for key, one in self._lines.items()]
        )

    def clean_target(self) -> Line:
        return self._lines[self.cleaned_data["target"]]


class DecideForm(SayingForm):
    """Yes, or no and why."""

    approve = forms.ChoiceField(
        label="Decision",
        choices=[("yes", "Approve: the money moves now"), ("no", "Refuse")],
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(
        label="Reason (optional)",
        required=False,
        max_length=REASON,
        help_text="Needed to refuse.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_approve(self) -> bool:
        return bool(self.cleaned_data["approve"] == "yes")


class PaymentsForm(SayingForm):
    """The bank's file, or the text of one that was looked at."""

    file = forms.FileField(
        label="File of payments",
        help_text="CSV, at most 1 MB and 5,000 payments.",
        error_messages={"empty": "The file is empty."},
    )

    def clean_file(self) -> str:
        return text_of(self.cleaned_data["file"].read())


def _offer(form: forms.Form, name: str, empty: str, choices: Sequence[tuple[str, str]]) -> None:
    field = cast(forms.ChoiceField, form.fields[name])
    field.choices = [("", empty), *choices]


def _open_words(open_: OpenEntry) -> str:
    """A commitment in a list of choices."""
    return f"{open_.reference} on {open_.line}, {open_.stream} ({pounds(open_.left)} open)"
