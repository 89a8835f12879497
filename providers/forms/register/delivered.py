"""An intervention as a service delivers it: the rule proposes the tier, a person may overrule."""

import datetime as dt
from typing import Any

from django import forms

from commissioning.forms.base import SayingForm
from commissioning.forms.saying import DayField
from commissioning.kernel.errors import DomainError
from commissioning.kernel.money import read_pounds
from commissioning.reference import framework
from commissioning.rules.tiers import STRUCTURED_TIERS, TIERS, Structure
from providers.models import DeliveredIntervention
from providers.services.register.delivered import DeliveryFacts

LONGEST_WEEKS = 200
STRUCTURES = (
    (Structure.UNKNOWN, "Not said"),
    (Structure.LOW, "Little structured"),
    (Structure.HIGH, "Highly structured"),
)


class DeliveryForm(SayingForm):
    """What the tier rests on, the tier where a person knows better, and a published price."""

    intervention = forms.ChoiceField()
    setting = forms.ChoiceField()
    is_care_planned = forms.BooleanField(label="It follows a care plan", required=False)
    after_assessment = forms.BooleanField(
        label="It follows a comprehensive assessment", required=False
    )
    with_consent = forms.BooleanField(
        label="The client consents to it", required=False, initial=True
    )
    structure = forms.ChoiceField(label="How structured it is", choices=STRUCTURES)
    tier = forms.TypedChoiceField(
        label="Tier (optional)",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "As the rule proposes"), *((one, f"Tier {one}") for one in TIERS)],
    )
    tier_reason = forms.CharField(
        label="Why it is another tier (optional)",
        required=False,
        max_length=300,
        help_text="Needed where the tier is not the one the rule proposes. It is kept.",
    )
    weekly_price = forms.CharField(
        label="Published price a week (optional)",
        required=False,
        max_length=30,
        help_text="In pounds, for whoever buys a place without a contract.",
    )
    usual_weeks = forms.IntegerField(
        label="Usual length in weeks (optional)",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
        required=False,
        min_value=1,
        max_value=LONGEST_WEEKS,
    )
    from_on = DayField(label="First day")

    def __init__(
        self,
        *args: Any,
        delivered: DeliveredIntervention | None = None,
        on: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        read = framework()
        self.delivered = delivered
        if delivered is None:
            self._choose("intervention", [(one.code, one.name) for one in read.intervention_types])
            self._choose("setting", [(one.code, one.name) for one in read.settings])
            self.fields["from_on"].initial = on
            return
        for name in ("intervention", "setting", "from_on"):
            del self.fields[name]
        structured = delivered.proposed_tier in STRUCTURED_TIERS
        self.initial = {
            "is_care_planned": delivered.is_care_planned,
            "after_assessment": structured,
            "with_consent": True,
            "structure": Structure.UNKNOWN,
            "tier": delivered.tier if delivered.is_overruled else "",
            "tier_reason": delivered.tier_reason if delivered.is_overruled else "",
            "weekly_price": "" if delivered.weekly_price is None else str(delivered.weekly_price),
            "usual_weeks": delivered.usual_weeks,
        }

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", f"Choose the {name}"), *choices]  # type: ignore[attr-defined]

    def clean_weekly_price(self) -> Any:
        typed = str(self.cleaned_data["weekly_price"])
        if not typed:
            return None
        try:
            return read_pounds(typed)
        except DomainError as refused:
            raise forms.ValidationError(str(refused)) from refused

    def facts(self) -> DeliveryFacts:
        given = dict(self.cleaned_data)
        given.pop("from_on", None)
        if self.delivered is not None:
            given["intervention"] = self.delivered.intervention_id
            given["setting"] = self.delivered.setting
        given["structure"] = Structure(given["structure"])
        return DeliveryFacts(**given)
