"""Every indicator in force, grouped by what it is about: for England, or for one area."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.components import Tone
from commissioning.kernel.periods import Period
from commissioning.rule_settings import RuleSettings
from reporting.choices import AreaKind
from reporting.indicators import (
    care,
    lengths_of_wait,
    planned_exits,
    referrals,
    retention,
    treatment,
    waiting_lists,
    within_target,
)
from reporting.indicators.declared import Indicator
from reporting.indicators.in_force import IN_FORCE
from reporting.selectors.areas import ENGLAND, Area
from reporting.selectors.completeness import completeness_of
from reporting.selectors.figures import Figures
from reporting.selectors.found import Measured
from reporting.selectors.shown import Figure
from reporting.views.indicators.asked import answers_plainly, format_asked
from reporting.views.indicators.choosing import (
    as_at_of,
    chooser,
    chosen_period,
    figures_for,
)
from reporting.views.indicators.files import HEADER, file_of, lines_of
from reporting.views.indicators.named import (
    across_href,
    area_href,
    area_or_404,
    crumbs_of,
    definition_href,
)
from reporting.views.indicators.telling import TONES, Telling

# In this order; an indicator belongs to the first group that names it or what it descends from.
ABOUT: dict[str, tuple[type[Indicator], ...]] = {
    "Waits within target": (within_target.Within,),
    "How long people wait": (lengths_of_wait.Length,),
    "Who is waiting": (waiting_lists.OnTheList,),
    "In treatment": (treatment.NumbersInTreatment, treatment.NewJourneys, care.CarePlans),
    "Retention": (retention.Retention,),
    "Leaving treatment": (planned_exits.PlannedExits, care.Tier4Completed),
    "Where people come from": (referrals.Referred,),
}


@dataclass(frozen=True)
class Line:
    """An indicator in a list."""

    title: str
    href: str
    sentence: str
    shown: str
    unit: str
    among: str
    limits: str
    verdict: str
    tone: Tone
    target: str
    change: str
    change_direction: str
    england: str
    is_as_if: bool
    definition_href: str


@dataclass(frozen=True)
class Group:
    """The indicators about one thing."""

    name: str
    slug: str
    lines: Sequence[Line]


def subject_of(indicator: type[Indicator]) -> str:
    """What an indicator is about. Raises `KeyError` for one that no group names."""
    for name, held in ABOUT.items():
        if issubclass(indicator, held):
            return name
    raise KeyError(indicator.code)


def first_sentence(indicator: type[Indicator], rules: RuleSettings) -> str:
    """The first sentence of the published definition, by the rules that the period is shown by."""
    flowing = " ".join(indicator.definition(rules).split("\n\n")[0].split())
    return f"{flowing.split('. ')[0].rstrip('.')}."


@require_safe
@answers_plainly
def indicator_list(request: HttpRequest) -> HttpResponseBase:
    """Every indicator with its figure for England."""
    return _listed(request, ENGLAND, own_page=False)


@require_safe
@answers_plainly
def area_indicators(request: HttpRequest, kind: str, code: str) -> HttpResponseBase:
    """Every indicator of one area, beside England's."""
    return _listed(request, area_or_404(kind, code), own_page=True)


def _listed(request: HttpRequest, area: Area, *, own_page: bool) -> HttpResponseBase:
    figures = figures_for(request)
    measured = chosen_period(figures, request.GET)
    period = measured.period
    form = format_asked(request.GET)
    shown = figures.grid(list(IN_FORCE.values()), [area, *_england(area)], [
        period, period.previous()
    ])  # fmt: skip
    if form:
        now = [shown[one, area, period] for one in IN_FORCE]
        return file_of(form, f"indicators {area.code} {period.code}", HEADER, lines_of(now))
    completeness = completeness_of(area, period, on=period.last_day)
    return render(
        request,
        "reporting/indicator_list.html",
        {
            "area": area,
            "own_page": own_page,
            "beside_england": own_page and area.kind is not AreaKind.ENGLAND,
            "period": period,
            "groups": _groups(request, figures, area, measured, shown, own_page=own_page),
            "chooser": chooser(figures, request.GET, period),
            "as_at": as_at_of(measured, completeness=completeness.words),
            "page_heading": "Indicators",
            "breadcrumbs": crumbs_of(area) if own_page else [],
        },
    )


def _england(area: Area) -> list[Area]:
    return [] if area.kind is AreaKind.ENGLAND else [ENGLAND]


def _groups(
    request: HttpRequest,
    figures: Figures,
    area: Area,
    measured: Measured,
    shown: dict[tuple[str, Area, Period], Figure],
    *,
    own_page: bool,
) -> list[Group]:
    period = measured.period
    asked = f"?period={period.code}" if request.GET.get("period") else ""
    telling = Telling(figures)
    found: dict[str, list[Line]] = {name: [] for name in ABOUT}
    for code, indicator in IN_FORCE.items():
        now, before = shown[code, area, period], shown[code, area, period.previous()]
        of_england = shown.get((code, ENGLAND, period))
        href = area_href(area, indicator) if own_page else across_href(indicator)
        sentence = first_sentence(indicator, measured.rules)
        found[subject_of(indicator)].append(
            _line(telling, now, before, of_england, sentence=sentence, href=f"{href}{asked}")
        )
    return [Group(name, name.lower().replace(" ", "-"), lines) for name, lines in found.items()]


def _line(
    telling: Telling,
    now: Figure,
    before: Figure,
    england: Figure | None,
    *,
    sentence: str,
    href: str,
) -> Line:
    change, indicator = telling.change(now, before), now.indicator
    return Line(
        title=indicator.title,
        href=href,
        sentence=sentence,
        shown=telling.value(now),
        unit="weeks" if telling.is_in_weeks(now) else "",
        among=telling.among(now),
        limits=telling.limits(now),
        verdict=now.verdict.words if now.verdict else "",
        tone=TONES[now.verdict.colour] if now.verdict else "plain",
        target="" if now.target is None else f"{now.target}%",
        change=change.words if change else "",
        change_direction=change.direction if change else "",
        england=telling.value(england) if england else "",
        is_as_if=now.is_as_if,
        definition_href=definition_href(indicator),
    )
