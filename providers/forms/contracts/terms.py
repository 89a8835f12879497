"""What a contract says, a part a form. The forms check shape; the services check meaning."""

from collections.abc import Sequence
from typing import Any

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.plans.ledger import PoundsField
from commissioning.forms.plans.revised import RevisedForm
from commissioning.forms.saying import DayField
from commissioning.list_filters import Dropdown
from commissioning.models import InterventionType, Partnership
from providers.choices import ContractKind, PriceUnit
from providers.forms.contracts.fields import LINES, REASON, per_cent, whole_number
from providers.models import Contract, Place, Provider, Service
from providers.reference.clauses import CLAUSES

ASSUMED = {"R": "", "B": "; an assumption"}  # what a clause's mark says beside its source


class StartForm(SayingForm):
    """What it is, with whom, from when until when."""

    title = forms.CharField(max_length=160)
    party: Any = forms.ModelChoiceField(queryset=None, empty_label="Choose one")
    kind = forms.ChoiceField(choices=ContractKind.choices, widget=forms.RadioSelect)
    starts_on = DayField(label="Starts on")
    ends_on = DayField(label="Ends before", help_text="The first day on which it no longer holds.")

    def __init__(self, *args: Any, parties: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["party"]
        field.queryset, field.label = parties, label
        field.error_messages["required"] = f"Choose the {label.lower()}"

    def clean_kind(self) -> ContractKind:
        return ContractKind(self.cleaned_data["kind"])


def providers_to_choose() -> Any:
    """Every provider, by name."""
    return Provider.objects.select_related("organisation").order_by("organisation__name")


def partnerships_to_choose() -> Any:
    """Every partnership, by name."""
    return Partnership.objects.by_name()


class TermForm(RevisedForm):
    """Title, kind, term, notice and monitoring."""

    title = forms.CharField(max_length=160)
    kind = forms.ChoiceField(choices=ContractKind.choices, widget=forms.RadioSelect)
    starts_on = DayField(label="Starts on")
    ends_on = DayField(label="Ends before", help_text="The first day on which it no longer holds.")
    notice_weeks = whole_number("Notice, in weeks")
    monitoring = forms.CharField(
        label="How it is monitored (optional)",
        required=False,
        max_length=REASON,
        help_text="Days of reports and of review meetings.",
        widget=LINES,
    )

    def clean_kind(self) -> ContractKind:
        return ContractKind(self.cleaned_data["kind"])

    def clean_notice_weeks(self) -> int:
        return self.cleaned_data["notice_weeks"] or 0


class PriceForm(RevisedForm):
    """What is paid for what."""

    price = PoundsField(label="Price (optional)", required=False, help_text="In pounds.")
    price_unit = forms.ChoiceField(
        label="The price is for",
        required=False,
        choices=[("", "Choose one"), *PriceUnit.choices],
    )
    places = whole_number("Places", "Beds or places at a time.")
    starts = whole_number("Starts a year")
    take_up = per_cent(
        "Minimum take-up, per cent", "Paid for whatever is used. Without it a block pays for all."
    )
    void_rate = per_cent("Void payment, per cent", "Of the price, for what is not used beyond it.")
    uplift = per_cent("Uplift, per cent", least=-100)
    uplift_on = DayField(label="Uplift from (optional)", required=False)
    ceiling = PoundsField(
        label="Ceiling (optional)", required=False, help_text="The most a framework calls off."
    )

    def clean_price_unit(self) -> PriceUnit | str:
        chosen = self.cleaned_data["price_unit"]
        return PriceUnit(chosen) if chosen else ""


class OptionsForm(RevisedForm):
    """Options to extend."""

    extensions_left = whole_number("How many extensions")
    extension_months = whole_number("Months of each")
    extend_by = DayField(
        label="To be taken up by (optional)", required=False, help_text="The last day for it."
    )

    def clean_extensions_left(self) -> int:
        return self.cleaned_data["extensions_left"] or 0

    def clean_extension_months(self) -> int:
        return self.cleaned_data["extension_months"] or 0


class CoversForm(SayingForm):
    """Which interventions, and which of the provider's services deliver them."""

    interventions: Any = forms.ModelMultipleChoiceField(
        queryset=None, widget=forms.CheckboxSelectMultiple
    )
    services: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Services (optional)",
    )

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["interventions"]
        offered.queryset = InterventionType.objects.order_by("normal_tier", "position")
        offered.error_messages["required"] = "Choose at least one intervention"
        services: Any = self.fields["services"]
        services.queryset = Service.objects.filter(provider=contract.provider_id).order_by("name")
        if not services.queryset:
            del self.fields["services"]


class PlacesForm(SayingForm):
    """Which places a block is to buy."""

    places: Any = forms.ModelMultipleChoiceField(
        label="Places (optional)",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Those not chosen are taken in their order when it is awarded.",
    )

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["places"]
        field.queryset = (
            Place.objects.filter(service__in=contract.services.all(), closed_on=None)
            .select_related("service")
            .in_order()
        )
        field.label_from_instance = lambda one: f"{one.service}: {one.label}"


class ClausesForm(SayingForm):
    """The standard checklist."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["included"] = forms.MultipleChoiceField(
            label="Clauses that the contract has",
            required=False,
            choices=[
                (one.code, f"{one.title}: {one.says} ({one.source}{ASSUMED[one.mark]})")
                for one in CLAUSES
            ],
            widget=forms.CheckboxSelectMultiple,
        )


class SubContractorsForm(SayingForm):
    """Up to so many, each with what it does."""

    ROWS = 4

    def __init__(self, *args: Any, held: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, max(self.ROWS, len(held) + 1) + 1):
            before = held[number - 1] if number <= len(held) else (None, "")
            self.fields[f"provider_{number}"] = forms.ModelChoiceField(
                label=f"Sub-contractor {number} (optional)",
                queryset=providers_to_choose(),
                widget=Dropdown,
                required=False,
                empty_label="None",
                initial=before[0],
            )
            self.fields[f"does_{number}"] = forms.CharField(
                label=f"What sub-contractor {number} does (optional)",
                required=False,
                max_length=REASON,
                initial=before[1],
            )

    @property
    def given(self) -> dict[int, str]:
        """What each does, by provider."""
        numbers = (
            name.removeprefix("provider_") for name in self.fields if name.startswith("provider_")
        )
        held = (
            (self.cleaned_data[f"provider_{n}"], self.cleaned_data[f"does_{n}"]) for n in numbers
        )
        return {provider.pk: does for provider, does in held if provider}
