"""The coverage of one tier: a row for each item of its list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from commissioning.choices import CoverageState
from commissioning.forms.plans.revised import RevisedForm
from commissioning.models import Coverage
from commissioning.reference import FrameworkItem, Tier
from commissioning.reference.planning import HARM_REDUCTION_ITEMS
from commissioning.services.plans.coverage import Stated

WHEN = ("before", "during", "after")


@dataclass(frozen=True)
class ItemFields:
    """An item with its fields, as the page lays them out."""

    item: FrameworkItem
    fields: list[BoundField]
    when: list[BoundField]


class CoverageForm(RevisedForm):
    """State, by whom and reason of each item; harm reduction also when in treatment."""

    def __init__(
        self, *args: Any, tier: Tier, coverage: Mapping[str, Coverage], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tier = tier
        for item in tier.items:
            self._add(item, coverage.get(item.code))

    def _add(self, item: FrameworkItem, held: Coverage | None) -> None:
        self.fields[f"{item.code}-state"] = forms.ChoiceField(
            label=f"{item.name}: state",
            required=False,
            choices=[("", "Not stated"), *CoverageState.choices],
            initial=held.state if held else "",
        )
        self.fields[f"{item.code}-by_whom"] = forms.CharField(
            label=f"{item.name}: by whom",
            required=False,
            max_length=200,
            initial=held.by_whom if held else "",
        )
        self.fields[f"{item.code}-reason"] = forms.CharField(
            label=f"{item.name}: why it is weak or missing",
            required=False,
            initial=held.reason if held else "",
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        for name, kind in (("state", "select"), ("by_whom", "input"), ("reason", "textarea")):
            field = self.fields[f"{item.code}-{name}"]
            field.widget.attrs |= {"class": f"govuk-{kind}", "aria-label": field.label}
        if item.code in HARM_REDUCTION_ITEMS:
            for when in WHEN:
                self.fields[f"{item.code}-{when}"] = forms.BooleanField(
                    label=f"{when.capitalize()} treatment",
                    required=False,
                    initial=bool(held and getattr(held, f"{when}_treatment")),
                    widget=forms.CheckboxInput(attrs={"class": "govuk-checkboxes__input"}),
                )

    def items(self) -> Iterator[ItemFields]:
        """Each item of the tier with its fields."""
        for item in self.tier.items:
            yield ItemFields(
                item,
                [self[f"{item.code}-{name}"] for name in ("state", "by_whom", "reason")],
                [self[name] for when in WHEN if (name := f"{item.code}-{when}") in self.fields],
            )

    def stated(self) -> list[Stated]:
        """What was written, for the service."""
        given = self.cleaned_data
        return [
            Stated(
                item=item.code,
                state=CoverageState(state) if (state := given[f"{item.code}-state"]) else None,
                by_whom=given[f"{item.code}-by_whom"],
                reason=given[f"{item.code}-reason"],
                before_treatment=given.get(f"{item.code}-before", False),
                during_treatment=given.get(f"{item.code}-during", False),
                after_treatment=given.get(f"{item.code}-after", False),
            )
            for item in self.tier.items
        ]
