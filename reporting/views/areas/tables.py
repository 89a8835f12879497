"""Areas side by side, indicator by indicator, against their targets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import django_tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commissioning.components import as_verdict
from commissioning.kernel.periods import Period
from commissioning.kernel.words import MISSING, percent
from commissioning.tables import NameColumn, Table, TagColumn
from reporting.filters import NO_VERDICT
from reporting.indicators.declared import Form, Indicator
from reporting.rules import Colour
from reporting.selectors.completeness import NOTHING, Completeness
from reporting.selectors.figures import Grid
from reporting.selectors.members import Member, OfMember
from reporting.selectors.shown import Figure
from reporting.views.areas.parts import HEADLINE
from reporting.views.indicators.named import overview_href
from reporting.views.indicators.telling import TONES, Telling, plain

# Shorter than on a definition page: a column is narrow.
HEADINGS = {
    "WAIT-FIRST": "First waits in time",
    "WAIT-FIRST-ALL": "All clients",
    "WAITING-LONG": "Waiting long",
    "RET-NEW": "Retained",
    "RET-DISCHARGED": "Retained",
    "RET-EFFECTIVE": "Effective treatment",
    "EXIT-PLANNED-2006": "Planned exits",
    "EXIT-PLANNED-2009": "Planned exits",
    "CARE-PLAN": "Care plan in place",
    "IN-TREATMENT": "In treatment",
}

# The words of a verdict where a column has little room; a file has them whole.
SHORTLY = {Colour.GREEN: "Meets", Colour.AMBER: "Not clear", Colour.RED: "Misses"}


@dataclass(frozen=True)
class Line(OfMember):
    """One area of the table. Where nobody sent a return nothing is known, and nothing is shown."""

    completeness: Completeness
    figures: Grid
    period: Period
    telling: Telling
    is_descending: bool = False

    @property
    def returns(self) -> str:
        if self.completeness.is_absent:
            return "No returns"
        told, owing = self.completeness.told, self.completeness.owing
        return "Complete" if self.completeness.is_complete else f"{told:,} of {owing:,}"

    @property
    def share_told(self) -> float:
        owing = self.completeness.owing
        return self.completeness.told / owing if owing else -1.0

    def figure(self, code: str) -> Figure | None:
        if self.completeness.is_absent:
            return None
        return self.figures[code, self.member.area, self.period]

    @property
    def verdict(self) -> str:
        """The colour of the headline, for the filter."""
        figure = self.figure(HEADLINE.code)
        return figure.verdict.colour.value if figure and figure.verdict else NO_VERDICT

    @property
    def keys(self) -> "Keys":
        return Keys(self)


@dataclass(frozen=True)
class Keys:
    """What each column is sorted by: what is shown, and areas without a figure always last."""

    line: Line

    def __getitem__(self, column: str) -> tuple[bool, float]:
        figure = self.line.figure(code_of(column))
        absent, value = figure.sort_key if figure else (True, 0.0)
        return absent != self.line.is_descending, value


class _FigureColumn(django_tables2.Column):
    """A figure: its value with the shape of its verdict, the words and the limits beneath."""

    cell_class = "govuk-table__cell--numeric"
    header_class = "govuk-table__header--numeric"

    def __init__(self, indicator: type[Indicator]) -> None:
        super().__init__(
            verbose_name=HEADINGS.get(indicator.code, indicator.title),
            empty_values=(),
            accessor="name",
            order_by=f"keys__{column_name(indicator.code)}",
        )
        self.indicator = indicator

    def render(self, record: Line) -> SafeString | str:
        figure = record.figure(self.indicator.code)
        if figure is None:
            return MISSING
        value = record.telling.value(figure)
        if figure.indicator.form is not Form.SHARE or not figure.value.is_figure:
            return value
        facts = format_html('<span class="app-nowrap">{}</span>', record.telling.limits(figure))
        if figure.verdict is None:
            return format_html('{}<span class="app-cell-facts">{}</span>', value, facts)
        return format_html(
            '{}<span class="app-cell-facts">{}<br>{}</span>',
            as_verdict(value, TONES[figure.verdict.colour]),
            SHORTLY[figure.verdict.colour],
            facts,
        )


class _AreaColumn(NameColumn):
    """The area, and under its name that it is an intensive area."""

    def render(self, value: Any, record: Line) -> SafeString:
        name = super().render(value, record)
        if not record.member.is_dip_intensive:
            return name
        return format_html('{}<span class="app-cell-facts">DIP-intensive</span>', name)


class ComparedTable(Table):
    """Areas × indicators. A file has the value, limits, numbers and verdict of each."""

    name = _AreaColumn(
        verbose_name="Area", href=lambda line: overview_href(line.member.area), order_by="name"
    )
    region = django_tables2.Column(verbose_name="Region")
    returns = TagColumn(
        verbose_name="Returns",
        tone=lambda line: (
            "plain"
            if line.completeness.is_absent
            else "good"
            if line.completeness.is_complete
            else "watch"
        ),
        order_by="share_told",
    )

    class Meta:
        sequence = ("name", "region", "returns", "...")

    def __init__(
        self,
        lines: Sequence[Line],
        indicators: Sequence[type[Indicator]],
        *,
        caption: str,
        counted: tuple[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(
            lines,
            extra_columns=[(column_name(one.code), _FigureColumn(one)) for one in indicators],
            **kwargs,
        )
        self.caption, self.counted = caption, counted
        self.indicators = indicators

    def file_header(self) -> list[str]:
        parts = ("value", "lower limit", "upper limit", "numerator", "denominator", "verdict")
        return [
            *("Code", "Area", "Region", "DIP-intensive", "Agencies owing", "Agencies told"),
            *(f"{one.title}: {part}" for one in self.indicators for part in parts),
        ]

    def file_rows(self) -> Iterator[list[Any]]:
        for row in self.rows:
            line: Line = row.record
            yield [
                *(line.member.area.code, line.name, line.region, line.member.is_dip_intensive),
                *(line.completeness.owing, line.completeness.told),
                *(cell for one in self.indicators for cell in _in_a_file(line, one)),
            ]


def column_name(code: str) -> str:
    """A column's name in addresses: `?sort=-wait_first`."""
    return code.lower().replace("-", "_")


def code_of(column: str) -> str:
    return column.upper().replace("_", "-")


def lines_of(
    members: Sequence[Member],
    completeness: Mapping[int | None, Completeness],
    figures: Grid,
    period: Period,
    telling: Telling,
    *,
    sort: str,
) -> list[Line]:
    """A line for each area, in the order given."""
    return [
        Line(
            member,
            completeness.get(member.area.organisation_id, NOTHING),
            figures,
            period,
            telling,
            is_descending=sort.startswith("-"),
        )
        for member in members
    ]


def _in_a_file(line: Line, indicator: type[Indicator]) -> list[Any]:
    figure = line.figure(indicator.code)
    if figure is None:
        return [MISSING, None, None, None, None, "No returns"]
    low, high = figure.limits or (None, None)
    return [
        plain(figure.value),
        None if low is None else percent(low),
        None if high is None else percent(high),
        plain(figure.numerator),
        plain(figure.denominator),
        figure.verdict.words if figure.verdict else "",
    ]
