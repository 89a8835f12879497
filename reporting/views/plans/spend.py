"""The money of a region's plans, or of England's, through the year: who spends, who is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from commissioning.choices import OrganisationKind, PlanState
from commissioning.components import Figure, as_verdict
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, about, count, percent
from commissioning.list_filters import RowFilter
from commissioning.models import Organisation, Partnership
from commissioning.models.plans import FIRST_YEAR, LAST_YEAR, year_period
from commissioning.selectors.plans.across import in_region
from commissioning.selectors.plans.standing import NO_PLAN
from commissioning.tables import AboutColumn, CountColumn, NameColumn, PercentColumn, Table
from commissioning.views.lists import list_asked, list_response
from commissioning.views.plans.across import every_partnership, place_or_404, year_or_404
from commissioning.views.plans.across_tables import NOT_STARTED, STATES
from reporting.selectors.spend import PlanSpend, SpendTotals, spend_across, totals_of
from reporting.views.plans.forecast import LIKELY, UNSURE, in_words, tone_of

REGION_PAGE, ENGLAND_PAGE = "reporting:region-spend", "reporting:england-spend"
QUARTERS = 4
LATE, IN_TIME = "late", "in-time"
OVERSPEND = (
    ("likely", "Likely"),
    ("maybe", "May be"),
    ("unlikely", "Unlikely"),
    ("early", "Too early to say"),
)


class SpendFilter(RowFilter):
    """By name, region, state, chance of overspend and late reports; told apart in Python."""

    region = django_filters.ChoiceFilter(
        label="Region", empty_label="Every region", method="later"
    )
    state = django_filters.ChoiceFilter(
        label="State", choices=STATES, empty_label="Any state", method="later"
    )
    overspend = django_filters.ChoiceFilter(
        label="Overspend", choices=OVERSPEND, empty_label="Any chance", method="later"
    )
    reports = django_filters.ChoiceFilter(
        label="Reports",
        choices=((LATE, "Late"), (IN_TIME, "None late")),
        empty_label="Late or not",
        method="later",
    )

    class Meta:
        model = Partnership
        fields: list[str] = []

    def __init__(self, *args: Any, rows: Iterable[PlanSpend], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {(one.row.region_code, one.row.region_name) for one in rows}
        self.filters["region"].extra["choices"] = sorted(
            ((code, name) for code, name in names if code), key=lambda one: str(one[1])
        )

    def passing(self, rows: Iterable[PlanSpend]) -> list[PlanSpend]:
        """The rows that were asked for."""
        region, state = self.asked("region"), self.asked("state")
        overspend, reports = self.asked("overspend"), self.asked("reports")
        return [
            one
            for one in rows
            if self.names(one.row.name, one.row.code)
            and (not region or one.row.region_code == region)
            and (not state or (one.row.state or NO_PLAN) == state)
            and (not overspend or (one.is_agreed and _chance_of(one) == overspend))
            and (not reports or (one.reports.late > 0) == (reports == LATE))
        ]


def _plan_href(one: PlanSpend) -> str:
    if not one.row.slug:
        return reverse("commissioning:plan-list", args=[one.row.code])
    page = "reporting:plan-forecast" if one.forecast else "commissioning:plan-detail"
    return reverse(page, args=[one.row.code, one.row.slug])


class SpendTable(Table):
    """A plan a row, or a partnership without one; what is not agreed is said beneath its name.

    Regions, states and limits are in the file: on a desk they would push out what is late.
    """

    counted = ("plan or partnership", "plans and partnerships")

    name = NameColumn(accessor="row__name", verbose_name="Partnership", href=_plan_href)
    region = django_tables2.Column(
        accessor="row__region_name", verbose_name="Region", default=MISSING, visible=False
    )
    state = django_tables2.Column(
        accessor="row__state", verbose_name="State", empty_values=(), visible=False
    )
    planned = AboutColumn(accessor="money__planned", verbose_name="Planned")
    committed = AboutColumn(accessor="money__committed", verbose_name="Committed")
    paid = AboutColumn(accessor="money__paid", verbose_name="Paid")
    of_profile = PercentColumn(verbose_name="Of profile")
    expected = AboutColumn(verbose_name="Forecast")
    low = AboutColumn(verbose_name="At least", visible=False)
    high = AboutColumn(verbose_name="At most", visible=False)
    chance = django_tables2.Column(verbose_name="Overspend", empty_values=())
    signed = django_tables2.Column(accessor="reports__signed", verbose_name="Reports signed")
    late = CountColumn(accessor="reports__late", verbose_name="Late")

    def __init__(self, *args: Any, caption: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caption = caption

    def render_name(self, record: PlanSpend) -> SafeString:
        named = NameColumn.render(self.columns["name"].column, _name(record), record)
        if record.is_agreed:
            return named
        return format_html('{}<br><span class="app-quiet">{}</span>', named, _state(record))

    def value_name(self, record: PlanSpend) -> str:
        return _name(record)

    def value_state(self, record: PlanSpend) -> str:
        return _state(record)

    def render_chance(self, record: PlanSpend) -> SafeString | str:
        if record.forecast is None:
            return MISSING
        return as_verdict(in_words(record.chance), tone_of(record.chance))

    def value_chance(self, record: PlanSpend) -> Decimal | None:
        return record.chance

    def render_signed(self, record: PlanSpend) -> str:
        return f"{record.reports.signed} of {QUARTERS}" if record.is_agreed else MISSING

    def value_signed(self, record: PlanSpend) -> int:
        return record.reports.signed

    def render_late(self, record: PlanSpend) -> SafeString | str:
        return as_verdict(f"{record.reports.late} late", "bad") if record.reports.late else MISSING

    def value_late(self, record: PlanSpend) -> int:
        return record.reports.late


@dataclass(frozen=True)
class RegionSpend:
    """The plans of a region together."""

    name: str
    code: str
    totals: SpendTotals


class RegionsTable(Table):
    """Regions side by side."""

    caption = "Regions and what their plans spend"
    counted = ("region", "regions")

    name = NameColumn(verbose_name="Region", href=lambda one: f"?region={one.code}")
    plans = CountColumn(accessor="totals__plans", verbose_name="Plans agreed")
    planned = AboutColumn(accessor="totals__money__planned", verbose_name="Planned")
    committed = AboutColumn(accessor="totals__money__committed", verbose_name="Committed")
    paid = AboutColumn(accessor="totals__money__paid", verbose_name="Paid")
    of_profile = PercentColumn(accessor="totals__of_profile", verbose_name="Of profile")
    expected = AboutColumn(accessor="totals__expected", verbose_name="Forecast")
    signed = CountColumn(accessor="totals__signed", verbose_name="Reports signed")
    late = CountColumn(accessor="totals__late", verbose_name="Reports late")


@require_safe
def region_spend(request: HttpRequest, code: str, year: str) -> HttpResponseBase:
    """Every partnership of the region, its plan's money as at today and its reports."""
    region, number, today = place_or_404(request, code), year_or_404(year), business_day()
    rows = spend_across(in_region(region, on=today), year=number, on=today)
    return _list(request, region, number, rows)


@require_safe
def england_spend(request: HttpRequest, year: str) -> HttpResponseBase:
    """The same of every partnership in England, and the regions side by side."""
    nation, number, today = place_or_404(request, ""), year_or_404(year), business_day()
    rows = spend_across(every_partnership(request), year=number, on=today)
    return _list(request, nation, number, rows)


def spend_href(place: Organisation, year: int) -> str:
    """Where the spending of a region, or of England, in a year is read."""
    code = year_period(year).code
    if place.kind == OrganisationKind.NATION:
        return reverse(ENGLAND_PAGE, args=[code])
    return reverse(REGION_PAGE, args=[place.code, code])


def _list(
    request: HttpRequest, place: Organisation, year: int, rows: Sequence[PlanSpend]
) -> HttpResponseBase:
    is_nation, period = place.kind == OrganisationKind.NATION, year_period(year)
    filterset = SpendFilter(
        request.GET, queryset=every_partnership(request), request=request, rows=rows
    )
    if not is_nation:
        del filterset.form.fields["region"]
    shown = filterset.passing(rows)
    totals = totals_of(shown)
    regions = RegionsTable(_by_region(rows), prefix="r-") if is_nation else None
    heading = f"Spending of plans of {place}, {period.label}"
    table = SpendTable(shown, caption=heading, exclude=() if is_nation else ("region",))
    if regions:
        RequestConfig(request, paginate=False).configure(regions)
        if request.GET.get("format") and list_asked(request, table, regions) is regions:
            return list_response(request, regions, heading=regions.caption)
    page = "commissioning:england-plans" if is_nation else "commissioning:region-plans"
    address = [period.code] if is_nation else [place.code, period.code]
    return list_response(
        request,
        table,
        heading=heading,
        breadcrumbs=[(f"Plans of {place}, {period.label}", reverse(page, args=address))],
        filterset=filterset,
        template="reporting/plan_spend.html",
        figures=_figures(totals),
        totals=totals,
        regions=regions,
        today=business_day(),
        years=[
            (year_period(one).label, spend_href(place, one), one == year)
            for one in range(max(year - 1, FIRST_YEAR), min(year + 1, LAST_YEAR) + 1)
        ],
    )


def _by_region(rows: Sequence[PlanSpend]) -> list[RegionSpend]:
    held: dict[tuple[str, str], list[PlanSpend]] = {}
    for one in rows:
        key = (one.row.region_name or "In no region", one.row.region_code or "")
        held.setdefault(key, []).append(one)
    return [RegionSpend(name, code, totals_of(held[name, code])) for name, code in sorted(held)]


def _figures(totals: SpendTotals) -> list[Figure]:
    if not totals.plans and not totals.money.planned:
        return []
    over = totals.expected - totals.money.planned
    told = totals.forecast_of == totals.plans
    return [
        Figure("Planned", about(totals.money.planned), n=_plans(totals.plans, "agreed ")),
        Figure("Committed and not paid", about(totals.money.committed)),
        Figure(
            "Paid",
            about(totals.money.paid),
            limits=f"{percent(totals.of_profile)} of the profile, {about(totals.profile)}",
        ),
        Figure(
            "Forecast",
            about(totals.expected),
            limits=f"{about(abs(over))} {'more' if over > 0 else 'less'} than planned"
            if told
            else f"{_plans(totals.forecast_of)} with a forecast",
        ),
        Figure(
            "Reports signed",
            count(totals.signed),
            verdict=f"{count(totals.late)} late, {_plans(totals.plans_late)}"
            if totals.late
            else "None late",
            tone="bad" if totals.late else "good",
        ),
    ]


def _plans(many: int, such: str = "") -> str:
    return f"of {count(many)} {such}plan{'' if many == 1 else 's'}"


def _chance_of(one: PlanSpend) -> str:
    if one.chance is None:
        return "early"
    if one.chance >= LIKELY:
        return "likely"
    return "unlikely" if one.chance <= UNSURE else "maybe"


def _name(one: PlanSpend) -> str:
    return f"{one.row.name}: {one.row.plan_name}" if one.row.plan_name else one.row.name


def _state(one: PlanSpend) -> str:
    return PlanState(one.row.state).label if one.row.state else NOT_STARTED
