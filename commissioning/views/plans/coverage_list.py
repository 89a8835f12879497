"""What of the framework is there, as one list: every item, sorted, filtered, as a file."""

from collections.abc import Iterable
from dataclasses import dataclass

import django_filters
import django_tables2
from django.utils.safestring import SafeString

from commissioning.choices import CoverageState
from commissioning.components import Tone, as_verdict
from commissioning.kernel.words import MISSING, NOT_APPLICABLE
from commissioning.list_filters import RowFilter
from commissioning.models import Coverage
from commissioning.reference import FrameworkItem
from commissioning.reference.planning import HARM_REDUCTION_ITEMS
from commissioning.rules.tiers import TIERS
from commissioning.selectors.plans.parts import TierCoverage
from commissioning.tables import NameColumn, Table

NOT_STATED = "NOT_STATED"
COVERAGE_TONES: dict[CoverageState, Tone] = {
    CoverageState.HAVE: "good",
    CoverageState.WEAK: "watch",
    CoverageState.MISSING: "bad",
}


@dataclass(frozen=True)
class ShownItem:
    """An item of the framework and what the plan states of it."""

    tier: int
    item: FrameworkItem
    stated: Coverage | None

    @property
    def name(self) -> str:
        return f"{self.item.code} {self.item.name}"

    @property
    def state(self) -> str:
        return self.stated.get_state_display() if self.stated else "Not stated"

    @property
    def by_whom(self) -> str:
        return self.stated.by_whom if self.stated else ""

    @property
    def reason(self) -> str:
        return self.stated.reason if self.stated else ""

    @property
    def when(self) -> str:
        """Before, during or after treatment: asked of harm reduction alone."""
        if self.item.code not in HARM_REDUCTION_ITEMS:
            return NOT_APPLICABLE
        one = self.stated
        if one is None:
            return MISSING
        named = {
            "Before": one.before_treatment,
            "During": one.during_treatment,
            "After": one.after_treatment,
        }
        return ", ".join(word for word, there in named.items() if there) or MISSING


class CoverageFilter(RowFilter):
    """By name, tier and state; told apart in Python."""

    tier = django_filters.ChoiceFilter(
        label="Tier",
        choices=[(str(one), f"Tier {one}") for one in TIERS],
        empty_label="Any tier",
        method="later",
    )
    state = django_filters.ChoiceFilter(
        label="State",
        choices=[*CoverageState.choices, (NOT_STATED, "Not stated")],
        empty_label="Any state",
        method="later",
    )

    class Meta:
        model = Coverage
        fields: list[str] = []

    def passing(self, tiers: Iterable[TierCoverage]) -> list[ShownItem]:
        """The items that were asked for."""
        tier, state = self.asked("tier"), self.asked("state")
        rows = (
            ShownItem(found.tier.number, item, stated)
            for found in tiers
            for item, stated in found.items
        )
        return [
            one
            for one in rows
            if self.names(one.item.name, one.item.code)
            and (not tier or str(one.tier) == tier)
            and (not state or (one.stated.state if one.stated else NOT_STATED) == state)
        ]


class CoverageTable(Table):
    """Items of the framework, tier by tier."""

    caption = "What of the framework is there"
    counted = ("item", "items")

    name = NameColumn(verbose_name="Item")
    tier = django_tables2.Column(verbose_name="Tier")
    state = django_tables2.Column(verbose_name="State")
    by_whom = django_tables2.Column(verbose_name="By whom", default=MISSING)
    reason = django_tables2.Column(verbose_name="Why", default=MISSING)
    when = django_tables2.Column(verbose_name="Before, during, after treatment")

    def render_state(self, record: ShownItem) -> SafeString | str:
        if record.stated is None:
            return record.state
        return as_verdict(record.state, COVERAGE_TONES[CoverageState(record.stated.state)])

    def value_state(self, record: ShownItem) -> str:
        return record.state
