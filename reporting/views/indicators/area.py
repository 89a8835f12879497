"""One area: its indicators side by side, and one of them with all that explains it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.charts import as_json, as_svg
from commissioning.components import Chart, DataTable, Fact
from commissioning.kernel import words
from commissioning.kernel.periods import Grain, Period
from commissioning.roles import Permission
from commissioning.views.requests import signed_in
from reporting.choices import AreaKind
from reporting.disclosure import Shown, Sign
from reporting.indicators.breakdowns import BREAKDOWNS, TYPE
from reporting.indicators.declared import Form, Indicator
from reporting.indicators.in_treatment import InTreatment
from reporting.selectors.areas import ENGLAND, Area
from reporting.selectors.breaks import breaks_of
from reporting.selectors.completeness import Completeness, completeness_of
from reporting.selectors.figures import Figures
from reporting.selectors.found import Measured
from reporting.selectors.members import region_of
from reporting.selectors.shown import Figure
from reporting.selectors.spreads import Spread, spread_of
from reporting.views.indicators.asked import (
    Choice,
    NotUnderstood,
    answers_plainly,
    choices,
    days_asked,
    format_asked,
    kept,
    link,
    one_of,
    several_of,
)
from reporting.views.indicators.choosing import (
    as_at_of,
    chooser,
    chosen_period,
    figures_for,
    periods_shown,
)
from reporting.views.indicators.files import HEADER, file_of, lines_of, spread_lines
from reporting.views.indicators.movement import movement_of
from reporting.views.indicators.named import (
    across_href,
    area_href,
    area_or_404,
    crumbs_of,
    definition_href,
    indicator_or_404,
    overview_href,
    picture_href,
)
from reporting.views.indicators.pictures import (
    Picture,
    Trend,
    split_picture,
    spread_picture,
    trend_picture,
)
from reporting.views.indicators.rules import Rules, rules_beside
from reporting.views.indicators.telling import Telling

COMPARED = ("region", "england")
CHARTS = ("trend", "split", "spread")
NONE = "none"


@dataclass(frozen=True)
class WaitSpread:
    """How long each waited, as the page shows it."""

    facts: Sequence[Fact]
    within: int
    kept: dict[str, str]
    chart: Chart


class AreaFigure:
    """One indicator of one area as an address asks for it; each part is read when it is shown."""

    def __init__(self, request: HttpRequest, area: Area, indicator: type[Indicator]) -> None:
        self.asked, self.area, self.indicator = request.GET, area, indicator
        self.figures: Figures = figures_for(request)
        self.telling = Telling(self.figures)
        self.measured: Measured = chosen_period(self.figures, self.asked)
        self.period: Period = self.measured.period
        self.by = self._by()
        self.compared = self._compared()
        self.within = days_asked(
            self.asked.get("within", ""), otherwise=self.measured.rules.wait_target_days
        )

    def _by(self) -> str:
        asked = self.asked.get("by", "")
        if not asked:
            return next(iter(self.splits), "")
        return one_of(asked, list(BREAKDOWNS), what="way to split a figure")

    @property
    def splits(self) -> dict[str, str]:
        """The ways in which this figure is split: months are not, providers by intervention."""
        if self.period.grain is Grain.MONTH:
            return {}
        if self.area.kind is AreaKind.PROVIDER:
            return {TYPE.code: TYPE.label}
        return {code: one.label for code, one in BREAKDOWNS.items()}

    def _compared(self) -> list[str]:
        asked = self.asked.get("compare", "")
        if asked == NONE:
            return []
        # Beside the counts of a whole region those of one area would lie flat on the axis.
        usual = [] if self.indicator.form is Form.COUNT else list(COMPARED)
        wanted = several_of(asked, COMPARED, what="comparison") if asked else usual
        return [one for one in wanted if one in self.comparable]

    @cached_property
    def comparable(self) -> dict[str, Area]:
        """What the area can be set against: the region it lies in, and England."""
        found: dict[str, Area] = {}
        if self.area.kind is AreaKind.PARTNERSHIP and not self.area.is_bucket:
            region = region_of(self.area, on=self.period.last_day)
            if region:
                found["region"] = region
        if self.area.kind is not AreaKind.ENGLAND:
            found["england"] = ENGLAND
        return found

    @cached_property
    def lines(self) -> list[list[Figure]]:
        """The area's own line over time, then those it is set against. One query."""
        areas = [self.area, *(self.comparable[one] for one in self.compared)]
        periods = periods_shown(self.figures, self.period)
        if self.period.previous() not in periods and self.period != periods[0]:
            periods = [self.period.previous(), *periods]
        found = self.figures.grid([self.indicator], areas, periods)
        code = self.indicator.code
        return [[found[code, area, period] for period in periods] for area in areas]

    def at(self, line: Sequence[Figure], period: Period) -> Figure | None:
        return next((one for one in line if one.period == period), None)

    @property
    def figure(self) -> Figure:
        found = self.at(self.lines[0], self.period)
        if found is None:
            raise NotUnderstood("The period is not among those shown.")
        return found

    def trend(self) -> Picture:
        periods = [one.period for one in self.lines[0]]
        breaks = breaks_of(self.area, since=periods[0].start, until=periods[-1].last_day)
        return trend_picture(
            Trend(self.indicator, self.area, self.period, self.lines, breaks), self.telling
        )

    @cached_property
    def groups(self) -> list[tuple[str, Figure]]:
        """The figure split up, without groups that nobody belongs to."""
        if self.by not in self.splits:
            return []
        found = self.figures.broken_down(self.indicator, self.area, self.period, self.by)
        return [
            (label, figure) for label, figure in found
            if figure.denominator.sign is not Sign.ZERO
        ]  # fmt: skip

    def split(self) -> Picture | None:
        return split_picture(self.groups, BREAKDOWNS[self.by].label, self.telling)

    @cached_property
    def spread(self) -> Spread | None:
        return spread_of(self.figures, self.indicator, self.area, self.period, within=self.within)

    def spread_picture(self) -> Picture | None:
        if self.spread is None:
            return None
        return spread_picture(
            self.spread, self.area, self.period,
            days_per_week=self.measured.rules.days_per_week,
            target_days=self.measured.rules.wait_target_days,
            whose=self.indicator.denominator_words,
        )  # fmt: skip

    def picture(self, name: str) -> Picture | None:
        match one_of(name, CHARTS, what="chart"):
            case "trend":
                return self.trend()
            case "split":
                return self.split() if self.groups else None
        return self.spread_picture()

    def hrefs(self, chart: str) -> dict[str, str]:
        """Where a chart, its option and its numbers are; each carries the whole state."""
        state = link(self.asked, period=self.period.code, grain="", chart=chart)
        return {
            "svg_href": picture_href(self.area, self.indicator, "svg") + state,
            "json_href": picture_href(self.area, self.indicator, "json") + state,
            "csv_href": link(self.asked, period=self.period.code, chart=chart, format="csv"),
            "definition_href": definition_href(self.indicator),
        }

    def file(self, form: str) -> HttpResponseBase:
        """The numbers of one chart: the line over time, unless another is asked for."""
        chart = one_of(self.asked.get("chart", "trend"), CHARTS, what="chart")
        name = f"{self.indicator.code} {self.area.code} {self.period.code} {chart}"
        if chart == "spread":
            header, rows = spread_lines(self.spread) if self.spread else (("waits",), [])
            return file_of(form, name, header, rows)
        shown = (
            [figure for _, figure in self.groups]
            if chart == "split"
            else [figure for line in self.lines for figure in line]
        )
        return file_of(form, name, HEADER, lines_of(shown))


@require_safe
@answers_plainly
def area_indicator(request: HttpRequest, kind: str, code: str, indicator: str) -> HttpResponseBase:
    """One indicator of one area."""
    shown = AreaFigure(request, area_or_404(kind, code), indicator_or_404(indicator))
    form = format_asked(request.GET)
    if form:
        return shown.file(form)
    return render(request, "reporting/area_indicator.html", _page(request, shown))


@require_safe
@answers_plainly
def area_indicator_svg(
    request: HttpRequest, kind: str, code: str, indicator: str
) -> HttpResponseBase:
    """A chart of the page as a picture, whole by itself."""
    shown = AreaFigure(request, area_or_404(kind, code), indicator_or_404(indicator))
    picture = _picture(request, shown)
    name = f"{shown.indicator.code}-{shown.area.code}-{shown.period.code}".lower()
    return as_svg(request, picture.option, name=name, height=picture.height)


@require_safe
@answers_plainly
def area_indicator_json(
    request: HttpRequest, kind: str, code: str, indicator: str
) -> HttpResponseBase:
    """The same chart for the browser to draw again."""
    shown = AreaFigure(request, area_or_404(kind, code), indicator_or_404(indicator))
    picture = _picture(request, shown)
    return as_json(picture.option, height=picture.height)


def _picture(request: HttpRequest, shown: AreaFigure) -> Picture:
    picture = shown.picture(request.GET.get("chart", "trend"))
    if picture is None:
        raise Http404
    return picture


def _page(request: HttpRequest, shown: AreaFigure) -> dict[str, Any]:
    area, indicator, telling = shown.area, shown.indicator, shown.telling
    split, spread = (shown.split() if shown.groups else None), shown.spread_picture()
    rules = rules_beside(indicator, area, shown.measured, telling)
    returns = completeness_of(area, shown.period, on=shown.period.last_day)
    return {
        "area": area,
        "indicator": indicator,
        "period": shown.period,
        "chooser": chooser(shown.figures, request.GET, shown.period),
        "figures": _cards(shown),
        "notes": [*_notes(shown, rules), *_awaited(returns, shown.period)],
        "rules": rules,
        "trend": shown.trend().shown("trend", **shown.hrefs("trend")),
        "comparisons": _comparisons(shown),
        "movement": movement_of(indicator, area, shown.period, seen_by=signed_in(request))
        if shown.figures.is_exact(area)
        else None,
        "splits": choices(request.GET, "by", shown.splits, shown.by),
        "split": split.shown("split-up", **shown.hrefs("split")) if split else None,
        "no_split": f"Nobody is in this figure in {shown.period.label}.",
        "spread": _spread(request, shown, spread),
        "left_out": _left_out(shown.figure),
        "definition_href": definition_href(indicator),
        "across_href": across_href(indicator) + link(request.GET, period=shown.period.code,
                                                     by="", compare="", within="", grain=""),
        "related": _related(request, shown),
        "page_heading": indicator.title,
        "as_at": as_at_of(shown.measured, completeness=returns.words),
        "breadcrumbs": crumbs_of(area, (indicator.title, "")),
    }  # fmt: skip


def _awaited(returns: Completeness, period: Period) -> list[str]:
    """That returns are missing, and counts are lower for it."""
    missing = returns.owing - returns.told
    if missing <= 0:
        return []
    agencies = (
        "1 agency has" if missing == 1 else f"{missing:,} of {returns.owing:,} agencies have"
    )
    return [f"{agencies} not yet told of {period.label}: counts are lower for it, and may rise."]


def _cards(shown: AreaFigure) -> list[Any]:
    """The figure first, then the same of what it is set against."""
    cards = []
    for place, line in enumerate(shown.lines):
        now, before = shown.at(line, shown.period), shown.at(line, shown.period.previous())
        if now:
            href = area_href(now.area, shown.indicator) + link(shown.asked, compare="")
            cards.append(
                shown.telling.card(
                    now, before=before, label=now.area.name, href=href if place else ""
                )
            )
    return cards


def _notes(shown: AreaFigure, rules: Rules | None) -> list[str]:
    """What has to be known to read the figure."""
    figure, notes = shown.figure, []
    if figure.is_as_if:
        notes.append(
            "As if: another rule was headline in this period"
            + (f", {rules.headline.title}." if rules and rules.headline else ".")
        )
    waiting = figure.not_yet_known
    if waiting is not None and waiting.sign is not Sign.ZERO:
        notes.append(
            f"Not yet known: {waiting.text} {shown.indicator.family.unit} began in the period and "
            "are not known for long enough. They enter the figure when they are."
        )
    if figure.provisional is not None and figure.provisional.sign is not Sign.ZERO:
        notes.append(
            f"Provisional: {figure.provisional.text} of them may still be rejoined by another "
            "episode, and are then no exits."
        )
    if shown.indicator.family is InTreatment:
        notes.append(
            "Each person is counted once in an area and a period, so England is not the sum of "
            "its partnerships, nor a year that of its quarters."
        )
    if not figure.is_exact and shown.area.kind is not AreaKind.ENGLAND:
        notes.append(
            "Released figures: small counts are hidden and the others rounded, and shares and "
            "limits are worked out from these."
        )
    return notes


def _comparisons(shown: AreaFigure) -> list[Choice]:
    if not shown.comparable:
        return []
    options = {name: area.name for name, area in shown.comparable.items()}
    if len(options) > 1:
        options = {",".join(options): "Both", **options}
    options[NONE] = "Nothing"
    return choices(shown.asked, "compare", options, ",".join(shown.compared) or NONE)


def _spread(request: HttpRequest, shown: AreaFigure, picture: Picture | None) -> Any:
    spread = shown.spread
    if spread is None or picture is None or spread.total.sign is Sign.ZERO:
        return None
    week = shown.measured.rules.days_per_week
    share = spread.within.text
    if spread.within_limits:
        low, high = (words.percent(edge) for edge in spread.within_limits)
        share += f" (95% limits {low} to {high})"
    return WaitSpread(
        facts=[
            Fact("Waits", spread.total.text),
            Fact("Half waited no longer than", _weeks(spread.median, week)),
            Fact("Nine in ten no longer than", _weeks(spread.nine_in_ten, week)),
            Fact("Longest", _weeks(spread.longest, week)),
            Fact(f"Within {spread.within_days} days", share),
        ],
        within=spread.within_days,
        kept=kept(request.GET, "within"),
        chart=picture.shown("spread", **shown.hrefs("spread")),
    )


def _weeks(shown: Shown, week: int) -> str:
    if shown.value is None:
        return shown.text
    days = words.count(shown.value) if shown.value == int(shown.value) else str(shown.value)
    return f"{words.weeks(shown.value / week)} weeks ({days} days)"


def _left_out(figure: Figure) -> DataTable | None:
    lines = {**figure.left_out, **figure.beside}
    if not lines or figure.is_missing:
        return None
    unit = figure.indicator.family.unit
    return DataTable(
        ["Reason", unit.capitalize()], [[reason, many.text] for reason, many in lines.items()]
    )


def _related(request: HttpRequest, shown: AreaFigure) -> list[tuple[str, str]]:
    area = shown.area
    related = [
        (f"All indicators of {area.name}", area_href(area)),
        (f"{area.name} overview", overview_href(area)),
        ("Definition of this indicator", definition_href(shown.indicator)),
    ]
    lists = signed_in(request).reach(Permission.LONG_WAIT_VIEW)
    if area.kind is AreaKind.PARTNERSHIP and lists.covers(area.organisation_id or 0):
        href = reverse("reporting:partnership-long-waits", args=[area.code])
        related.append(("Long waits", href))
    return related
