"""What only those who buy write of a contract: shares, tender route, money."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.plans.ledger import PoundsField
from commissioning.forms.plans.revised import RevisedForm
from commissioning.kernel.words import pounds
from commissioning.list_filters import Dropdown
from commissioning.models import Allocation
from providers.choices import TenderRoute
from providers.forms.contracts.fields import LINES, REASON
from providers.forms.contracts.terms import partnerships_to_choose

FURTHER = 3  # partnerships that can be added at once


class SharesForm(RevisedForm):
    """Per cents of the lead and of further partnerships."""

    def __init__(
        self, *args: Any, held: Mapping[int, Decimal], names: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._held = list(held)
        self.fields.update(share_fields(held, names))
        self.order_fields([*(name for name in self.fields if name != "revision"), "revision"])

    @property
    def given(self) -> list[tuple[int, Decimal]]:
        return shares_in(self.cleaned_data, self._held)


def share_fields(held: Mapping[int, Decimal], names: Mapping[int, str]) -> dict[str, forms.Field]:
    """A field for each partnership that has a share, and some for further ones."""
    found: dict[str, forms.Field] = {}
    for key, share in held.items():
        found[f"share_{key}"] = _share(names[key], share)
    partnerships = partnerships_to_choose()
    choices = [("", "None"), *((one.pk, str(one)) for one in partnerships)]  # read once for all
    for number in range(1, FURTHER + 1):
        further = forms.ModelChoiceField(
            label=f"Further partnership {number} (optional)",
            queryset=partnerships,
            widget=Dropdown,
            required=False,
        )
        further.choices = choices
        found[f"partnership_new_{number}"] = further
        found[f"share_new_{number}"] = _share(f"further partnership {number}", None)
    return found


def shares_in(given: Mapping[str, Any], held: Iterable[int]) -> list[tuple[int, Decimal]]:
    """Partnership and share, of what was typed; one that was left empty has none."""
    found = [(key, given.get(f"share_{key}")) for key in held]
    for number in range(1, FURTHER + 1):
        partnership = given.get(f"partnership_new_{number}")
        if partnership:
            share = given.get(f"share_new_{number}")
            found.append((partnership.pk, share or Decimal(0)))
    return [(key, share) for key, share in found if share is not None]


def _share(name: str, initial: Decimal | None) -> forms.DecimalField:
    return forms.DecimalField(
        label=f"Share of {name}, per cent (optional)",
        required=False,
        min_value=0,
        max_value=100,
        max_digits=6,
        decimal_places=3,
        initial=f"{initial.normalize():f}" if initial is not None else None,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"}),
    )


class TenderForm(SayingForm):
    """How the provider was found."""

    route = forms.ChoiceField(
        label="Tender route", choices=TenderRoute.choices, widget=forms.RadioSelect
    )
    waiver_reason = forms.CharField(
        label="Reason of a waiver (optional)",
        required=False,
        max_length=REASON,
        help_text="Needed where standing orders are waived. Another person approves it.",
        widget=LINES,
    )

    def clean_route(self) -> TenderRoute:
        return TenderRoute(self.cleaned_data["route"])


class MoneyForm(RevisedForm):
    """How much of each line and stream of a plan carries the contract."""

    def __init__(
        self,
        *args: Any,
        parts: Iterable[Allocation],
        put: Mapping[int, Decimal],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._parts = list(parts)
        for one in self._parts:
            self.fields[f"part_{one.pk}"] = PoundsField(
                label=f"{one.line}, {one.stream} (optional)",
                required=False,
                help_text=f"{pounds(one.headroom)} free",
                initial=put.get(one.pk),
            )
        self.order_fields([*(name for name in self.fields if name != "revision"), "revision"])

    @property
    def given(self) -> dict[int, Decimal]:
        found = {one.pk: self.cleaned_data.get(f"part_{one.pk}") for one in self._parts}
        return {key: amount for key, amount in found.items() if amount}
