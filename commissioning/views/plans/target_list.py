"""Every target of a plan as one list: set or not, sorted, filtered, as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commissioning.choices import TargetSource
from commissioning.components import Chart
from commissioning.kernel import words
from commissioning.kernel.words import MISSING
from commissioning.list_filters import RowFilter
from commissioning.models import Target
from commissioning.reference.targets import TargetSubject
from commissioning.tables import CountColumn, NameColumn, Table, TagColumn

SET, UNSET, PASSED = "set", "unset", "passed"
PASSED_WORDS = "Below the baseline"


def shown(value: Decimal | None, subject: TargetSubject) -> str:
    """A value as it is written: 85% or 1,240."""
    return words.percent(value) if subject.unit == "share" else words.count(value)


@dataclass(frozen=True)
class ShownTarget:
    """A target, or the place for one, as the page lays it out."""

    subject: TargetSubject
    source: TargetSource
    target: Target | None
    baseline: Decimal | None
    baseline_source: str
    first: Decimal | None  # what each quarter is to end with
    second: Decimal | None
    third: Decimal | None
    fourth: Decimal | None
    href: str
    chart: Chart | None

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def whose(self) -> str:
        return self.source.label

    @property
    def value(self) -> Decimal | None:
        return self.target.target if self.target else None

    @property
    def is_passed(self) -> bool:
        return self.target is not None and self.target.is_passed

    @property
    def attention(self) -> str:
        return PASSED_WORDS if self.is_passed else ""

    @property
    def agreed_with(self) -> str:
        return self.target.agreed_with if self.target else ""


class TargetFilter(RowFilter):
    """By name, whose it is, and whether it is set; told apart in Python."""

    whose = django_filters.ChoiceFilter(
        label="Whose", choices=TargetSource.choices, empty_label="Any", method="later"
    )
    standing = django_filters.ChoiceFilter(
        label="Set or not",
        choices=((SET, "Set"), (UNSET, "Not set"), (PASSED, PASSED_WORDS)),
        empty_label="Either",
        method="later",
    )

    class Meta:
        model = Target
        fields: list[str] = []

    def passing(self, rows: Iterable[ShownTarget]) -> list[ShownTarget]:
        """The rows that were asked for."""
        whose, standing = self.asked("whose"), self.asked("standing")
        return [
            one
            for one in rows
            if self.names(one.name, one.subject.code)
            and (not whose or one.source == whose)
            and (not standing or standing in _standings(one))
        ]


def _standings(one: ShownTarget) -> set[str]:
    """As what a row is found."""
    if one.target is None:
        return {UNSET}
    return {SET, PASSED} if one.is_passed else {SET}


class ValueColumn(CountColumn):
    """A number of a target in its unit; in a file shares are between 0 and 1."""

    def render(self, value: Any, record: Any = None) -> Any:
        return shown(value, record.subject)


class TargetTable(Table):
    """Targets with their baselines and the way to each by quarter."""

    caption = "Targets: baseline, target and quarters"
    counted = ("target", "targets")

    name = NameColumn(verbose_name="Target for")
    whose = django_tables2.Column(verbose_name="Whose")
    baseline = ValueColumn(verbose_name="Baseline")
    baseline_source = django_tables2.Column(verbose_name="Known from", default=MISSING)
    first = ValueColumn()
    second = ValueColumn()
    third = ValueColumn()
    fourth = ValueColumn()
    value = ValueColumn(verbose_name="Target")
    attention = TagColumn(
        verbose_name="Attention", tone=lambda _: "watch", verdict=True, default=MISSING
    )
    agreed_with = django_tables2.Column(verbose_name="Agreed with", default=MISSING)
    change = django_tables2.Column(
        verbose_name="Change", empty_values=(), orderable=False, exclude_from_export=True
    )

    def __init__(self, *args: Any, quarters: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column, label in zip(("first", "second", "third", "fourth"), quarters, strict=True):
            self.columns[column].column.verbose_name = label

    def render_change(self, record: ShownTarget) -> SafeString:
        return format_html(
            '<a class="govuk-link govuk-link--no-visited-state" href="{}">{}'
            '<span class="govuk-visually-hidden"> {}, {}</span></a>',
            record.href,
            "Change" if record.target else "Set",
            record.name,
            record.whose,
        )
