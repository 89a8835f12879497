"""What a contract says, a part a form. The forms check shape; the services check meaning."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from crispy_forms_gds.fields import DateInputField
from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.plans.ledger import PoundsField
from commissioning.forms.plans.revised import RevisedForm
from commissioning.kernel.words import pounds
from commissioning.list_filters import Dropdown
from commissioning.models import Allocation, InterventionType, Partnership
from providers.choices import ContractKind, PriceUnit, TenderRoute
from providers.models import Contract, Place, Provider, Service
from providers.reference.clauses import CLAUSES

REASON = 300
LINES = forms.Textarea(attrs={"rows": 3})


def _number(label: str, help_text: str = "", **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=f"{label} (optional)",
        required=False,
        min_value=0,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
        **more,
    )


def _percent(label: str, help_text: str = "", least: int = 0) -> forms.DecimalField:
    return forms.DecimalField(
        label=f"{label} (optional)",
        required=False,
        min_value=least,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"}),
    )


class StartForm(SayingForm):
    """What it is, with whom, from when until when."""

    title = forms.CharField(max_length=160)
    party: Any = forms.ModelChoiceField(queryset=None, empty_label="Choose one")
    kind = forms.ChoiceField(choices=ContractKind.choices, widget=forms.RadioSelect)
    starts_on = DateInputField(label="Starts on")
    ends_on = DateInputField(
        label="Ends before", help_text="The first day on which it no longer holds."
    )

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
    starts_on = DateInputField(label="Starts on")
    ends_on = DateInputField(
        label="Ends before", help_text="The first day on which it no longer holds."
    )
    notice_weeks = _number("Notice, in weeks")
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
    places = _number("Places", "Beds or places at a time.")
    starts = _number("Starts a year")
    take_up = _percent(
        "Minimum take-up, per cent", "Paid for whatever is used. Without it a block pays for all."
    )
    void_rate = _percent("Void payment, per cent", "Of the price, for what is not used beyond it.")
    uplift = _percent("Uplift, per cent", least=-100)
    uplift_on = DateInputField(label="Uplift from (optional)", required=False)
    ceiling = PoundsField(
        label="Ceiling (optional)", required=False, help_text="The most a framework calls off."
    )

    def clean_price_unit(self) -> PriceUnit | str:
        chosen = self.cleaned_data["price_unit"]
        return PriceUnit(chosen) if chosen else ""


class OptionsForm(RevisedForm):
    """Options to extend."""

    extensions_left = _number("How many extensions")
    extension_months = _number("Months of each")
    extend_by = DateInputField(
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
            .order_by("service__name", "label")
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
                (one.code, f"{one.title}: {one.says} ({one.source}, mark {one.mark})")
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


class SharesForm(RevisedForm):
    """Per cents of the lead and of further partnerships."""

    ROWS = 3

    def __init__(
        self, *args: Any, held: Mapping[int, Decimal], names: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._held = list(held)
        for key in self._held:
            self.fields[f"share_{key}"] = self._share(names[key], held[key])
        for number in range(1, self.ROWS + 1):
            self.fields[f"partnership_new_{number}"] = forms.ModelChoiceField(
                label=f"Further partnership {number} (optional)",
                queryset=partnerships_to_choose(),
                widget=Dropdown,
                required=False,
                empty_label="None",
            )
            self.fields[f"share_new_{number}"] = self._share(f"further partnership {number}", None)
        self.order_fields([*(name for name in self.fields if name != "revision"), "revision"])

    def _share(self, name: str, initial: Decimal | None) -> forms.DecimalField:
        return forms.DecimalField(
            label=f"Share of {name}, per cent (optional)",
            required=False,
            min_value=0,
            max_value=100,
            max_digits=6,
            decimal_places=3,
            initial=initial.normalize() if initial is not None else None,
            widget=forms.TextInput(
                attrs={"inputmode": "decimal", "class": "govuk-input--width-5"}
            ),
        )

    @property
    def given(self) -> list[tuple[int, Decimal]]:
        """Partnership and share; those of nothing are left out."""
        found = [(key, self.cleaned_data.get(f"share_{key}")) for key in self._held]
        for number in range(1, self.ROWS + 1):
            partnership = self.cleaned_data.get(f"partnership_new_{number}")
            if partnership:
                share = self.cleaned_data.get(f"share_new_{number}")
                found.append((partnership.pk, share or Decimal(0)))
        return [(key, share) for key, share in found if share is not None]


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


class ReasonForm(SayingForm):
    """Why."""

    reason = forms.CharField(max_length=REASON, widget=LINES)


class OptionalReasonForm(SayingForm):
    """Why, where there is something to say."""

    reason = forms.CharField(
        label="Reason (optional)", required=False, max_length=REASON, widget=LINES
    )


class EndForm(ReasonForm):
    """Notice."""

    ends_on = DateInputField(
        label="Ends before", help_text="The first day on which it no longer holds."
    )
    field_order = ["ends_on", "reason"]


class VariationForm(RevisedForm):
    """Other terms from a day; what is left as it is does not change."""

    holds_from = DateInputField(label="From")
    ends_on = DateInputField(label="Ends before (optional)", required=False)
    price = PoundsField(label="Price (optional)", required=False)
    places = _number("Places")
    starts = _number("Starts a year")
    take_up = _percent("Minimum take-up, per cent")
    void_rate = _percent("Void payment, per cent")
    uplift = _percent("Uplift, per cent", least=-100)
    uplift_on = DateInputField(label="Uplift from (optional)", required=False)
    ceiling = PoundsField(label="Ceiling (optional)", required=False)
    notice_weeks = _number("Notice, in weeks")
    reason = forms.CharField(max_length=REASON, widget=LINES)


class DocumentForm(SayingForm):
    """A file for both sides."""

    file = forms.FileField(label="Document", help_text="At most 10 MB: PDF, text, image or Word.")
