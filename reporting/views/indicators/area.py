"""The page of one indicator of one area, with all that explains it, and its charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.charts import as_asked
from commissioning.components import Chart, DataTable, Fact
from commissioning.kernel import words
from commissioning.kernel.periods import Period
from commissioning.roles import Permission
from commissioning.views.requests import signed_in
from reporting.choices import AreaKind
from reporting.disclosure import Shown, Sign
from reporting.indicators.in_treatment import InTreatment
from reporting.selectors.completeness import Completeness, completeness_of
from reporting.selectors.shown import Figure
from reporting.views.indicators.area_figure import NONE, AreaFigure
from reporting.views.indicators.asked import (
    Choice,
    answers_plainly,
    choices,
    format_asked,
    kept,
    link,
)
from reporting.views.indicators.choosing import (
    as_at_of,
    chooser,
)
from reporting.views.indicators.movement import movement_of
from reporting.views.indicators.named import (
    across_href,
    area_href,
    area_or_404,
    crumbs_of,
    definition_href,
    indicator_or_404,
    overview_href,
)
from reporting.views.indicators.pictures import Picture
from reporting.views.indicators.rules import Rules, rules_beside


@dataclass(frozen=True)
class WaitSpread:
    """How long each waited, as the page shows it."""

    facts: Sequence[Fact]
    within: int
    kept: dict[str, str]
    chart: Chart


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
def area_indicator_chart(
    request: HttpRequest, kind: str, code: str, indicator: str, form: str
) -> HttpResponseBase:
    """A chart of the page as a picture, whole by itself; or for the browser to draw again."""
    shown = AreaFigure(request, area_or_404(kind, code), indicator_or_404(indicator))
    picture = shown.picture(request.GET.get("chart", "trend"))
    if picture is None:
        raise Http404
    name = f"{shown.indicator.code}-{shown.area.code}-{shown.period.code}".lower()
    return as_asked(request, picture.option, form=form, name=name, height=picture.height)


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
