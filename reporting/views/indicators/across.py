"""One indicator across areas: regions, partnerships or providers, as a table and a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import django_tables2
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from commissioning.charts import as_asked
from commissioning.components import Tone
from commissioning.filter_chips import is_in_use
from commissioning.kernel import words
from commissioning.kernel.periods import Period
from commissioning.tables import NameColumn, Table, TagColumn
from commissioning.views.requests import signed_in
from reporting.filters import FigureAreaFilter
from reporting.indicators.declared import Form, Indicator, Polarity
from reporting.indicators.in_treatment import InTreatment
from reporting.selectors.areas import ENGLAND, Area
from reporting.selectors.completeness import completeness_of
from reporting.selectors.members import members
from reporting.selectors.ordering import COLUMNS, in_order, key_of
from reporting.selectors.shown import Figure
from reporting.views.indicators.asked import (
    answers_plainly,
    format_asked,
    link,
    one_of,
)
from reporting.views.indicators.choosing import as_at_of, chooser, chosen_period, figures_for
from reporting.views.indicators.files import HEADER, file_of, lines_of
from reporting.views.indicators.listing import first_sentence
from reporting.views.indicators.named import area_href, definition_href, indicator_or_404
from reporting.views.indicators.pictures import Picture
from reporting.views.indicators.side_by_side import across_picture
from reporting.views.indicators.telling import TONES, Change, Telling, unit_of

PER_PAGE = 50
SORTS = (*COLUMNS, "change")
VERDICT_ORDER: dict[Tone, int] = {"bad": 0, "watch": 1, "good": 2}


@dataclass(frozen=True)
class Row:
    """An area of the table. Every cell is as it may be shown, and so is what it is sorted by.

    Cells are written when they are read: a page shows some fifty areas of all that are sorted.
    """

    figure: Figure
    shown: "Across"
    kept_order: int = 0  # rows come in their order; the table does not sort them again

    @property
    def name(self) -> str:
        return self.figure.area.name

    @property
    def href(self) -> str:
        return area_href(self.figure.area, self.figure.indicator) + self.shown.asked_of_area

    @property
    def value(self) -> str:
        return self.shown.telling.value(self.figure)

    @property
    def among(self) -> str:
        return self.shown.telling.among(self.figure)

    @property
    def limits(self) -> str:
        return self.shown.telling.limits(self.figure)

    @property
    def verdict(self) -> str:
        return self.figure.verdict.words if self.figure.verdict else ""

    @property
    def tone(self) -> Tone:
        return TONES[self.figure.verdict.colour] if self.figure.verdict else "plain"

    @property
    def change(self) -> str:
        moved = self._moved
        return moved.words if moved else words.MISSING

    def key(self, column: str) -> Any:
        """What the column is sorted by; None where nothing is shown."""
        if column in COLUMNS:
            return key_of(self.figure, column)
        moved = self._moved
        return moved.by if moved else None

    @property
    def _moved(self) -> Change | None:
        return self.shown.telling.change(self.figure, self.shown.before(self.figure.area))


class AcrossTable(Table):
    """Areas side by side."""

    caption = "Areas side by side"
    counted = ("area", "areas")
    downloads = ("csv", "xlsx", "json")

    name = NameColumn(verbose_name="Area", href=lambda row: row.href, order_by="kept_order")
    value = django_tables2.Column(verbose_name="Figure", order_by="kept_order")
    among = django_tables2.Column(verbose_name="Counted", order_by="kept_order")
    limits = django_tables2.Column(verbose_name="95% limits", order_by="kept_order")
    verdict = TagColumn(
        verbose_name="Against target", tone=lambda row: row.tone, verdict=True,
        order_by="kept_order", default="",
    )  # fmt: skip
    change = django_tables2.Column(verbose_name="Change", order_by="kept_order")

    class Meta:
        fields: tuple[str, ...] = ()
        sequence = SORTS

    def __init__(self, *args: Any, of: type[Indicator], has_target: bool, **kwargs: Any) -> None:
        unseen = [] if has_target else ["verdict"]
        unseen += [] if of.form is Form.SHARE else ["limits"]
        unseen += ["among"] if of.form is Form.COUNT else []
        super().__init__(*args, exclude=unseen, **kwargs)
        if unit_of(of) == "weeks":
            self.columns["value"].column.verbose_name = "Weeks"
        for name in ("value", "among", "limits", "change"):
            if name not in unseen:
                column = self.columns[name].column
                column.header_class = "govuk-table__header--numeric"
                column.cell_class = "govuk-table__cell--numeric"

    def render_verdict(self, value: str, record: Row, column: TagColumn) -> Any:
        return column.render(value, record) if value else words.MISSING


class Across:
    """One indicator across areas as an address asks for it."""

    def __init__(self, request: HttpRequest, indicator: type[Indicator]) -> None:
        self.asked, self.indicator = request.GET, indicator
        self.figures = figures_for(request)
        self.telling = Telling(self.figures)
        self.measured = chosen_period(self.figures, self.asked)
        self.period = self.measured.period
        self.filter = FigureAreaFilter(self.asked, on=self.period.last_day, request=request)
        self.areas: list[Area] = [
            one.area for one in members(self.filter.qs.open_on(self.period.last_day))
        ]
        self.sort = self._sort()
        person = signed_in(request)
        self.own = frozenset(one.organisation.code for one in person.held_memberships())
        asked = [ENGLAND, *self.areas]
        periods = [self.period, self.period.previous()]
        self.found = self.figures.grid([indicator], asked, periods)

    def _sort(self) -> str:
        asked = self.asked.get("sort", "")
        if asked:
            one_of(asked.removeprefix("-"), SORTS, what="column to sort by")
            return asked
        if self.indicator.polarity is Polarity.NEITHER or self.indicator.form is Form.COUNT:
            return "name"
        return "value" if self.indicator.polarity is Polarity.HIGHER else "-value"

    @property
    def england(self) -> Figure:
        return self.found[self.indicator.code, ENGLAND, self.period]

    @property
    def england_before(self) -> Figure:
        return self.before(ENGLAND)

    @cached_property
    def rows(self) -> list[Row]:
        """The areas in the order asked for; what has no figure comes last, either way round."""
        made = [
            Row(self.found[self.indicator.code, area, self.period], self) for area in self.areas
        ]
        name, down = self.sort.removeprefix("-"), self.sort.startswith("-")
        return in_order(made, lambda row: row.key(name), down=down)

    def before(self, area: Area) -> Figure:
        """The area's figure of the period before."""
        return self.found[self.indicator.code, area, self._period_before]

    @cached_property
    def _period_before(self) -> Period:
        return self.period.previous()

    @cached_property
    def asked_of_area(self) -> str:
        """What an area's own page is asked: without the filters that mean nothing there."""
        gone = dict.fromkeys(("areas", "region", "name", "intensive", "sort"), "")
        return link(self.asked, **gone)

    def picture(self) -> Picture | None:
        ordered = [row.figure for row in self.rows]
        return across_picture(ordered, self.england, self.own, self.telling)


@require_safe
@answers_plainly
def indicator_detail(request: HttpRequest, indicator: str) -> HttpResponseBase:
    """One indicator across areas."""
    shown = Across(request, indicator_or_404(indicator))
    rows = shown.rows
    if (form := format_asked(request.GET)) and not shown.filter.form.errors:
        name = f"{shown.indicator.code} {shown.filter.kind.value} {shown.period.code}"
        figures = [shown.england, *(row.figure for row in rows)]
        return file_of(form, name, HEADER, lines_of(figures))
    has_target = any(row.figure.target is not None for row in rows)
    table = AcrossTable(rows, of=shown.indicator, has_target=has_target, order_by=shown.sort)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    table.is_filtered = is_in_use(shown.filter)
    return render(request, "reporting/indicator_detail.html", _page(request, shown, table))


@require_safe
@answers_plainly
def indicator_chart(request: HttpRequest, indicator: str, form: str) -> HttpResponseBase:
    """The picture of the page, whole by itself; or for the browser to draw again."""
    shown = Across(request, indicator_or_404(indicator))
    picture = shown.picture()
    if picture is None:
        raise Http404
    name = f"{shown.indicator.code}-{shown.filter.kind.value}-{shown.period.code}".lower()
    return as_asked(request, picture.option, form=form, name=name, height=picture.height)


def _page(request: HttpRequest, shown: Across, table: AcrossTable) -> dict[str, Any]:
    indicator, period, picture = shown.indicator, shown.period, shown.picture()
    state = link(request.GET, period=period.code, grain="")
    hrefs = {
        "svg_href": reverse("reporting:indicator-svg", args=[indicator.code]) + state,
        "json_href": reverse("reporting:indicator-json", args=[indicator.code]) + state,
        "csv_href": link(request.GET, period=period.code, format="csv"),
        "definition_href": definition_href(indicator),
    }
    england = link(request.GET, areas="", region="", name="", intensive="", sort="")
    return {
        "indicator": indicator,
        "sentence": first_sentence(indicator, shown.measured.rules),
        "period": period,
        "chooser": chooser(shown.figures, request.GET, period),
        "figures": [
            shown.telling.card(
                shown.england,
                before=shown.england_before,
                label=f"England, {period.label}",
                href=area_href(ENGLAND, indicator) + england,
            )
        ],
        "verdicts": _verdicts(shown),
        "picture": picture.shown("areas", **hrefs) if picture else None,
        "table": table,
        "filter": shown.filter,
        "kept": _kept(shown),
        "does_not_add_up": indicator.family is InTreatment,
        "definition_href": definition_href(indicator),
        "page_heading": indicator.title,
        "as_at": as_at_of(
            shown.measured,
            completeness=completeness_of(ENGLAND, period, on=period.last_day).words,
        ),
        "breadcrumbs": [
            ("Indicators", reverse("reporting:indicator-list")), (indicator.title, "")
        ],
    }  # fmt: skip


def _kept(shown: Across) -> dict[str, str]:
    return {name: shown.asked[name] for name in ("period", "grain", "sort") if name in shown.asked}


def _verdicts(shown: Across) -> Sequence[tuple[str, Tone, int]]:
    """How many areas stand how against the target, as shown."""
    found: dict[tuple[str, Tone], int] = {}
    for row in shown.rows:
        if row.verdict:
            found[row.verdict, row.tone] = found.get((row.verdict, row.tone), 0) + 1
    ranked = sorted(found.items(), key=lambda item: VERDICT_ORDER.get(item[0][1], 3))
    return [(said, tone, many) for (said, tone), many in ranked]
