"""One indicator of one area as an address asks for it: its lines, groups, spread and charts."""

from collections.abc import Sequence
from functools import cached_property

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from commissioning.kernel.periods import Grain, Period
from reporting.choices import AreaKind
from reporting.disclosure import Sign
from reporting.indicators.breakdowns import BREAKDOWNS, TYPE
from reporting.indicators.declared import Form, Indicator
from reporting.selectors.areas import ENGLAND, Area
from reporting.selectors.breaks import breaks_of
from reporting.selectors.figures import Figures
from reporting.selectors.found import Measured
from reporting.selectors.members import region_of
from reporting.selectors.shown import Figure
from reporting.selectors.spreads import Spread, spread_of
from reporting.views.indicators.asked import (
    NotUnderstood,
    days_asked,
    link,
    one_of,
    several_of,
)
from reporting.views.indicators.choosing import (
    chosen_period,
    figures_for,
    periods_shown,
)
from reporting.views.indicators.files import HEADER, file_of, lines_of, spread_lines
from reporting.views.indicators.named import (
    definition_href,
    picture_href,
)
from reporting.views.indicators.pictures import Picture, split_picture, spread_picture
from reporting.views.indicators.telling import Telling
from reporting.views.indicators.trend import Trend, trend_picture

COMPARED = ("region", "england")
CHARTS = ("trend", "split", "spread")
NONE = "none"


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
