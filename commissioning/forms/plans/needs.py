"""The parts of a needs assessment as forms: a page a part, a row a thing."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from commissioning.choices import BullseyeRing, PopulationGroup, ViewOf
from commissioning.forms.base import SayingForm
from commissioning.forms.plans.needs_fields import PartField, RowsForm, WholeField, words
from commissioning.forms.plans.revised import RevisedForm
from commissioning.models import Partnership
from commissioning.reference import ComparatorRow, FrameworkItem, InterventionType
from commissioning.rules.needs import (
    CapacityInput,
    FoundGap,
    GroupFigure,
    HarmValue,
    RingFigure,
    Said,
)

NEW_ROWS = 3
MOST_ROWS = 60
LONG = 5_000
ONE = Decimal("0.01")
HUNDRED = Decimal(100)


class StartNeedsForm(SayingForm):
    """Alone or together with others of the region."""

    others: Any = forms.ModelMultipleChoiceField(
        label="Other partnerships to assess together with (optional)",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Those that have no assessment of the year yet. They see it on their own plans.",
    )
    name = forms.CharField(
        label="Name of the joint assessment (optional)",
        required=False,
        max_length=120,
        help_text="Needed when several partnerships assess together, such as Tees Valley.",
    )

    def __init__(self, *args: Any, choices: QuerySet[Partnership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].queryset = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("others") and not given.get("name"):
            self.add_error("name", "Enter a name for what several partnerships assess together.")
        return given


class RingsForm(RowsForm):
    """The rings of each area that the system does not know. `asked`: area id, name and ring."""

    def __init__(
        self,
        *args: Any,
        asked: Iterable[tuple[int, str, BullseyeRing]],
        held: Sequence[RingFigure],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        by_key = {(one.partnership, one.ring): one for one in held}
        self._whose = {}
        for place, (pk, name, ring) in enumerate(asked, start=1):
            fields: dict[str, forms.Field] = {"value": WholeField(label="People")}
            if ring is BullseyeRing.ESTIMATE:
                fields["lower"] = WholeField(label="Lower end of the interval (optional)")
                fields["upper"] = WholeField(label="Upper end of the interval (optional)")
            fields["source"] = words("Source and date")
            key = f"ring{place}"
            self._whose[key] = (pk, ring)
            self.add_row(key, f"{name}: {ring.label.lower()}", fields, by_key.get((pk, ring)))

    def clean(self) -> dict[str, Any]:
        for key, row in self.given().items():
            value, low, high = row["value"], row.get("lower"), row.get("upper")
            if value is None:
                self.refuse(key, "value", "Enter how many people, or empty the row.")
                continue
            if not row["source"]:
                self.refuse(key, "source", "Enter where the number comes from.")
            if low is not None and low > value:
                self.refuse(key, "lower", "The interval begins above the number itself.")
            if high is not None and high < value:
                self.refuse(key, "upper", "The interval ends below the number itself.")
        return self.cleaned_data

    def parts(self) -> list[RingFigure]:
        """What was typed, for the service."""
        return [
            RingFigure(partnership=self._whose[key][0], ring=self._whose[key][1].value, **row)
            for key, row in self.given().items()
        ]


class GroupsForm(RowsForm):
    """What is known of each group of people; everything is optional."""

    def __init__(self, *args: Any, held: Sequence[GroupFigure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {one.group: one for one in held}
        for group in PopulationGroup:
            fields = {
                "estimate": WholeField(label="Estimated number (optional)"),
                "in_treatment": WholeField(label="In treatment (optional)"),
                "source": words("Source (optional)"),
                "need": words("What they need (optional)", most=LONG, rows=2),
            }
            self.add_row(group.value, group.label, fields, known.get(group.value))

    def clean(self) -> dict[str, Any]:
        for key, row in self.given().items():
            numbers = (row["estimate"], row["in_treatment"])
            if numbers != (None, None) and not row["source"]:
                self.refuse(key, "source", "Enter where the numbers come from.")
        return self.cleaned_data

    def parts(self) -> list[GroupFigure]:
        return [GroupFigure(group=key, **row) for key, row in self.given().items()]


class HarmForm(RowsForm):
    """A local figure beside each national one that compares."""

    def __init__(
        self,
        *args: Any,
        comparators: Iterable[ComparatorRow],
        held: Sequence[HarmValue],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        known = {one.comparator: one for one in held}
        for one in comparators:
            percent = one.unit == "%"
            most = HUNDRED if percent else Decimal(99_999_999)
            fields = {
                "value": PartField(
                    label="Local figure, per cent" if percent else "Local figure, people",
                    least=Decimal(0),
                    most=most,
                    places=2 if percent else 0,
                ),
                "source": words("Source and date"),
            }
            hint = f"England: {one.value.normalize():,f}{'%' if percent else ''} ({one.year})"
            self.add_row(one.code, one.name, fields, known.get(one.code), hint=hint)

    def clean(self) -> dict[str, Any]:
        for key, row in self.given().items():
            if row["value"] is None:
                self.refuse(key, "value", "Enter the figure, or empty the row.")
            elif not row["source"]:
                self.refuse(key, "source", "Enter where the figure comes from.")
        return self.cleaned_data

    def parts(self) -> list[HarmValue]:
        return [HarmValue(comparator=key, **row) for key, row in self.given().items()]


class GrowingForm(RowsForm):
    """Rows that are held and some empty ones after them; `rows` says how many there were."""

    def _places(self, held: int) -> range:
        asked = str(self.data.get("rows", "")) if self.is_bound else ""
        number = int(asked) if asked.isascii() and asked.isdecimal() else held + NEW_ROWS
        self.fields["rows"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, initial=min(number, MOST_ROWS)
        )
        return range(1, min(number, MOST_ROWS) + 1)


class ViewsForm(GrowingForm):
    """What service users and carers said; an emptied row is taken out."""

    def __init__(self, *args: Any, held: Sequence[Said], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in self._places(len(held)):
            fields: dict[str, forms.Field] = {
                "of": forms.ChoiceField(
                    label="Whose view",
                    required=False,
                    choices=[("", "Choose whose"), *ViewOf.choices],
                ),
                "said": words("What they said", most=LONG, rows=3),
                "how_asked": words("How and when they were asked"),
            }
            one = held[place - 1] if place <= len(held) else None
            self.add_row(f"view{place}", f"View {place}", fields, one)

    def clean(self) -> dict[str, Any]:
        for key, row in self.given().items():
            if not row["said"]:
                if row["how_asked"]:
                    self.refuse(key, "said", "Enter what they said, or empty the row.")
                continue
            if not row["of"]:
                self.refuse(key, "of", "Choose whose view it is.")
            if not row["how_asked"]:
                self.refuse(key, "how_asked", "Enter how and when they were asked.")
        return self.cleaned_data

    def parts(self) -> list[Said]:
        return [Said(**row) for row in self.given().values() if row["said"]]


class GapsForm(GrowingForm):
    """The gaps that were found; an emptied row is taken out."""

    def __init__(
        self,
        *args: Any,
        held: Sequence[FoundGap],
        items: Iterable[FrameworkItem],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "None"), *((one.code, f"{one.code} {one.name}") for one in items)]
        for place in self._places(len(held)):
            fields: dict[str, forms.Field] = {
                "text": words("What is missing", most=300),
                "item": forms.ChoiceField(
                    label="Item of the framework (optional)", required=False, choices=choices
                ),
            }
            one = held[place - 1] if place <= len(held) else None
            self.add_row(f"gap{place}", f"Gap {place}", fields, one)

    def clean(self) -> dict[str, Any]:
        for key, row in self.given().items():
            if row["item"] and not row["text"]:
                self.refuse(key, "text", "Enter what is missing, or choose no item.")
        return self.cleaned_data

    def parts(self) -> list[FoundGap]:
        return [
            FoundGap(text=row["text"], item=row["item"] or None) for row in self.given().values()
        ]


class CapacityForm(RowsForm):
    """What starts and places are worked out from, an intervention at a time."""

    NEEDED: Mapping[str, str] = {
        "need": "Enter how many people could benefit.",
        "penetration": "Enter what share of them to reach.",
        "weeks": "Enter how many weeks a stay lasts.",
        "occupancy": "Enter how full the places are to be.",
    }

    def __init__(
        self,
        *args: Any,
        interventions: Iterable[InterventionType],
        held: Sequence[CapacityInput],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        known = {one.intervention: one for one in held}
        for one in interventions:
            row = known.get(one.code)
            fields = {
                "need": WholeField(label="People who could benefit"),
                "penetration": PartField(
                    label="Share to reach in the year, per cent", least=Decimal(0), most=HUNDRED
                ),
                "weeks": PartField(
                    label="Length of stay, weeks", least=ONE, most=Decimal("9999.99")
                ),
                "occupancy": PartField(
                    label="Occupancy, per cent", least=Decimal(1), most=HUNDRED
                ),
                "source": words("Source (optional)"),
            }
            hint = row.worked.arithmetic if row else ""
            self.add_row(one.code, one.name, fields, row, hint=hint)

    def clean(self) -> dict[str, Any]:
        for key, row in self.given().items():
            for name, sentence in self.NEEDED.items():
                if row[name] is None:
                    self.refuse(key, name, sentence)
        return self.cleaned_data

    def parts(self) -> list[CapacityInput]:
        return [CapacityInput(intervention=key, **row) for key, row in self.given().items()]


class NeedsSummaryForm(RevisedForm):
    """What it comes to, and the region's estimate to compare with."""

    summary = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="What the population needs, what it has, and what has to change.",
    )
    region_estimate = WholeField(label="Estimated problem drug users in the region (optional)")
    region_estimate_source = forms.CharField(
        label="Source of the region's estimate (optional)", required=False, max_length=200
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("region_estimate") is not None and not given.get("region_estimate_source"):
            self.add_error("region_estimate_source", "Enter where the estimate comes from.")
        return given
