"""What is asked when a place is held and called off. The services check meaning."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from commissioning.forms.base import SayingForm
from commissioning.forms.plans.ledger import PoundsField
from commissioning.forms.saying import DayField
from commissioning.kernel.words import pounds
from commissioning.models import Allocation
from providers.choices import MoveOn
from providers.forms.cases import CaseField
from providers.models import Contract, Place
from providers.selectors.call_offs.money import YearToFund, suggested

MOST_NIGHTS = 730
ALONE = "none"  # bought without a contract
CASE = "A reference of your own, never a name."


class HoldForm(SayingForm):
    """Which place, for which nights, for whom. `gone`: why a place that was chosen before is not
    offered any more."""

    start = DayField(label="First night")
    nights = forms.IntegerField(label="Nights", min_value=1, max_value=MOST_NIGHTS)
    place: Any = forms.ChoiceField(widget=forms.RadioSelect)
    case = CaseField(label="Case", help_text=CASE)

    def __init__(
        self,
        *args: Any,
        places: Sequence[tuple[Place, Contract | None]],
        gone: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one, _ in places}
        if gone:
            self.fields["place"].error_messages["invalid_choice"] = gone
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), f"{one}, on our contract {block.reference}" if block else str(one))
            for one, block in places
        ]
        if places:
            self.fields["place"].initial = str(places[0][0].pk)

    @property
    def until(self) -> dt.date:
        """The day of leaving."""
        start: dt.date = self.cleaned_data["start"]
        return start + dt.timedelta(days=self.cleaned_data["nights"])

    @property
    def chosen(self) -> Place:
        return self.places[self.cleaned_data["place"]]


class BuyForm(SayingForm):
    """By which contract a held place is bought; without one, at which price a week.

    A contract's price is the price. Without one it is what was typed, or else what the service
    publishes for the intervention: it follows what is chosen, so nothing is filled in beforehand.
    """

    intervention = forms.ChoiceField(label="Intervention")
    by = forms.ChoiceField(label="Buy it", widget=forms.RadioSelect)
    weekly_price = PoundsField(
        label="Another price a week (optional)",
        required=False,
        help_text="In pounds, where you agreed on one with the provider and buy without a"
        " contract. Left empty, the price that stands beside what you chose.",
    )
    block_unused_because = forms.CharField(
        label="Why a free place of our block is not used (optional)",
        max_length=300,
        required=False,
        help_text="Asked for where we have paid for a place that is free on these nights.",
    )

    def __init__(
        self,
        *args: Any,
        interventions: Sequence[tuple[str, str]],
        blocks: Sequence[Contract],
        spot: Sequence[tuple[Contract, Decimal | None]],
        published: Mapping[str, Decimal],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.published = published
        self.blocks = {one.reference: one for one in blocks}
        self.spot = {one.reference: (one, price) for one, price in spot}
        self.fields["intervention"].choices = [  # type: ignore[attr-defined]
            (code, f"{name}{_a_week(published.get(code))}") for code, name in interventions
        ]
        named = [(key, f"On our block {one}: nothing new") for key, one in self.blocks.items()]
        named += [(key, f"By {one}{_a_week(price)}") for key, (one, price) in self.spot.items()]
        alone = "Spot purchase without a contract, at the price of the intervention"
        self.fields["by"].choices = [*named, (ALONE, alone)]  # type: ignore[attr-defined]
        self.fields["by"].initial = next(iter(dict(named)), ALONE)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.block is not None or "by" not in given or "weekly_price" not in given:
            return given
        typed, agreed = given["weekly_price"], self._agreed
        if agreed and typed and typed != agreed:
            self.add_error(
                "weekly_price",
                f"{self.contract} says {pounds(agreed)} a week. Leave this empty, or buy without"
                " the contract",
            )
        elif not self.price:
            self.add_error("weekly_price", "Enter the price a week")
        return given

    @property
    def block(self) -> Contract | None:
        """The block contract that was chosen, if one was."""
        return self.blocks.get(self.cleaned_data.get("by", ""))

    @property
    def contract(self) -> Contract | None:
        """The spot contract or framework that was chosen, if one was."""
        chosen = self.spot.get(self.cleaned_data.get("by", ""))
        return chosen[0] if chosen else None

    @property
    def price(self) -> Decimal | None:
        """A week: the contract's, or what was typed, or what is published; pounds."""
        typed: Decimal | None = self.cleaned_data.get("weekly_price")
        return (
            self._agreed or typed or self.published.get(self.cleaned_data.get("intervention", ""))
        )

    @property
    def _agreed(self) -> Decimal | None:
        chosen = self.spot.get(self.cleaned_data.get("by", ""))
        return chosen[1] if chosen else None


def _a_week(price: Decimal | None) -> str:
    return f", {pounds(price)} a week" if price else ""


@dataclass(frozen=True)
class MoneyRow:
    """A line's part of a stream, what is free on it, and the field for what it pays."""

    words: str
    free: str
    field: BoundField


class MoneyForm(SayingForm):
    """How much each line and stream pays; suggested in their order as far as each is free."""

    def __init__(self, *args: Any, years: Sequence[YearToFund], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = [one for one in years if one.is_open]
        for year in self.years:
            put = suggested(year)
            for one in year.allocations:
                label = f"{one.line}, {one.stream}"
                self.fields[_name(one)] = PoundsField(
                    label=label,
                    required=False,
                    initial=f"{put[one.pk]:.2f}" if one.pk in put else "",
                    widget=forms.TextInput(
                        attrs={
                            "inputmode": "decimal",
                            "autocomplete": "off",
                            "class": "govuk-input govuk-input--width-10",
                            "aria-label": f"Pounds from {label}",
                        }
                    ),
                )

    def clean(self) -> dict[str, Any]:
        """No part is more than is free, as it stands beside its field."""
        given = super().clean() or {}
        for year in self.years:
            for one in year.allocations:
                amount, free = given.get(_name(one)), max(one.headroom, Decimal(0))
                if amount and amount > free:
                    self.add_error(_name(one), f"Only {pounds(free)} is free here")
        return given

    def tables(self) -> Iterator[tuple[YearToFund, list[MoneyRow]]]:
        for year in self.years:
            yield (
                year,
                [
                    MoneyRow(
                        f"{one.line}, {one.stream}",
                        pounds(max(one.headroom, Decimal(0))),
                        self[_name(one)],
                    )
                    for one in year.allocations
                ],
            )

    def parts(self) -> dict[int, Decimal]:
        """Allocation → pounds, of those that pay something."""
        return {
            one.pk: amount
            for year in self.years
            for one in year.allocations
            if (amount := self.cleaned_data.get(_name(one)))
        }

    def named(self) -> list[tuple[str, Decimal]]:
        """The same in words."""
        parts = self.parts()
        return [
            (f"{one.line}, {one.stream}, {year.label}", parts[one.pk])
            for year in self.years
            for one in year.allocations
            if one.pk in parts
        ]


def _name(one: Allocation) -> str:
    return f"part_{one.pk}"


class ReasonForm(SayingForm):
    """Why."""

    reason = forms.CharField(label="Reason", max_length=300)


class NoteForm(SayingForm):
    """A word, if there is one."""

    reason = forms.CharField(label="Note (optional)", max_length=300, required=False)


class AdmitForm(SayingForm):
    """When the person came."""

    on = DayField(label="Day they came")


class EndForm(SayingForm):
    """When the person left, where they went, and whether that was planned."""

    on = DayField(label="Day they left")
    move_on = forms.ChoiceField(label="Where they went", choices=[("", ""), *MoveOn.choices])
    planned = forms.ChoiceField(
        label="As their care plan says",
        choices=[
            ("yes", "Yes: it was a planned end"),
            ("no", "No: they left early or were asked to"),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Note (optional)", max_length=300, required=False)


class LongerForm(SayingForm):
    """Until when the person stays instead, and why."""

    until = DayField(label="New day of leaving")
    reason = forms.CharField(label="Why the stay is longer", max_length=300)


class DecideForm(SayingForm):
    """Yes or no to a longer stay."""

    decision = forms.ChoiceField(
        label="Decision",
        choices=[("yes", "Approve: the money is committed now"), ("no", "Refuse")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Reason (needed to refuse)", max_length=300, required=False)
