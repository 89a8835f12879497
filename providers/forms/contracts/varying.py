"""What a variation would change: terms, and lists that are opened where somebody changes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from commissioning.forms.plans.ledger import PoundsField
from commissioning.forms.plans.revised import RevisedForm
from commissioning.forms.saying import DayField
from commissioning.selectors.interventions import intervention_names
from providers.forms.contracts.buying import share_fields, shares_in
from providers.forms.contracts.fields import LINES, REASON, per_cent, whole_number
from providers.forms.contracts.performance import target_fields, targets_in
from providers.selectors.contracts.content import VARIABLE


@dataclass(frozen=True)
class Agreed:
    """What a contract holds in lists: codes of interventions, targets by measure, per cents and
    names by partnership; no shares for a side that does not change them."""

    interventions: list[str]
    targets: Mapping[str, Decimal]
    shares: Mapping[int, Decimal]
    names: Mapping[int, str]


@dataclass(frozen=True)
class Group:
    """Fields shown once they are asked for; open where one was changed or is wrong."""

    title: str
    hint: str
    fields: list[BoundField]
    is_open: bool


class VariationForm(RevisedForm):
    """Other terms from a day; what is left as it is does not change."""

    holds_from = DayField(label="From")
    ends_on = DayField(label="Ends before (optional)", required=False)
    price = PoundsField(label="Price (optional)", required=False)
    places = whole_number("Places")
    starts = whole_number("Starts a year")
    take_up = per_cent("Minimum take-up, per cent")
    void_rate = per_cent("Void payment, per cent")
    uplift = per_cent("Uplift, per cent", least=-100)
    uplift_on = DayField(label="Uplift from (optional)", required=False)
    ceiling = PoundsField(label="Ceiling (optional)", required=False)
    notice_weeks = whole_number("Notice, in weeks")
    reason = forms.CharField(max_length=REASON, widget=LINES)

    def __init__(self, *args: Any, agreed: Agreed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._agreed = agreed
        self.fields["interventions"] = forms.MultipleChoiceField(
            label="Interventions",
            choices=list(intervention_names().items()),
            initial=agreed.interventions,
            widget=forms.CheckboxSelectMultiple,
        )
        targets = target_fields(agreed.targets)
        shares = share_fields(agreed.shares, agreed.names) if agreed.shares else {}
        self.fields.update({**targets, **shares})
        self._lists = [
            ("What it covers", "Every intervention that it buys from then on.", ["interventions"]),
            (
                "Performance schedule",
                "A quarter is measured by what is agreed when it begins.",
                list(targets),
            ),
            (
                "Shares",
                "Together 100 per cent; left empty, none from then on. Each agrees to its part.",
                list(shares),
            ),
        ]
        last = ["reason", "revision"]
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    @property
    def plain_fields(self) -> list[BoundField]:
        """Those that are always shown."""
        listed = {name for _, _, names in self._lists for name in names}
        return [one for one in self.visible_fields() if one.name not in listed]

    @property
    def groups(self) -> list[Group]:
        touched = {*self.errors, *(self.changed_data if self.is_bound else ())}
        return [
            Group(title, hint, [self[name] for name in names], not touched.isdisjoint(names))
            for title, hint, names in self._lists
            if names
        ]

    @property
    def given(self) -> dict[str, Any]:
        """What was typed, as `propose_variation` takes it."""
        data = self.cleaned_data
        found = {name: data[name] for name in VARIABLE if name in data}
        found |= {"interventions": data["interventions"], "schedule": targets_in(data)}
        if self._agreed.shares:
            found["shares"] = shares_in(data, self._agreed.shares)
        return found
