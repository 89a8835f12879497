"""The needs assessment that a plan rests on: one page, its chart, and what may be done to it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning import charts
from commissioning.charts.rings import HEIGHT
from commissioning.choices import OrganisationKind, ViewOf
from commissioning.components import Chart, Fact, Summary
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day
from commissioning.models import User
from commissioning.reference import framework
from commissioning.roles import Permission
from commissioning.selectors.organisations import nation_and_region_of
from commissioning.selectors.plans.needs import AreaRings, ShownNeeds, shown_needs
from commissioning.selectors.plans.needs_capacity import needed_and_held
from commissioning.selectors.plans.needs_comparators import comparisons
from commissioning.selectors.plans.needs_parts import AssessmentParts, assessment_of
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.views.plans import needs_words
from commissioning.views.plans.reaching import plan_href, plan_or_404, plan_page
from commissioning.views.requests import signed_in

TAB = "commissioning:plan-needs"
# The parts in the order in which they are written: address, words, what it is.
PARTS = {
    "bullseye": "Bullseye",
    "groups": "Groups of people",
    "harm": "Harm and national figures",
    "views": "Views of users and carers",
    "capacity": "Capacity",
    "gaps": "Gaps",
    "summary": "Summary",
}


@require_safe
def plan_needs(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The assessment of the year that covers the plan's partnership, or how to start one."""
    reached, person = plan_or_404(request, code, slug), signed_in(request)
    parts = assessment_of(reached.plan, seen_by=person)
    page = plan_page(reached, TAB)
    if parts is None:
        may_start = reached.may(Permission.PLAN_EDIT)
        words = {**page, "may_start": may_start}
        return render(request, "commissioning/plans/needs_none.html", words)
    shown = shown_to(parts, person)
    return render(
        request,
        "commissioning/plans/needs.html",
        {**page, **_page(reached, parts, shown, person)},
    )


@require_safe
def needs_chart(request: HttpRequest, code: str, slug: str, form: str) -> HttpResponse:
    """The bullseye of the plan's partnership, or of `?area=`; or for the browser to draw."""
    area, option = _drawn(request, code, slug)
    return charts.as_asked(request, option, form=form, name=f"bullseye-{area}", height=HEIGHT)


def may_write(person: User, parts: AssessmentParts) -> bool:
    """Whether the person may write the assessment, when its state lets it be written."""
    return person.reach(Permission.PLAN_EDIT).covers(parts.assessment.partnership_id)


def shown_to(parts: AssessmentParts, person: User, *, wider: bool = True) -> ShownNeeds:
    """The figures of the assessment as this person may see them today, beside wider places."""
    lead, today = parts.assessment.partnership_id, business_day()
    if not wider:
        return shown_needs(parts, seen_by=person, region=None, nation=None, on=today)
    places = nation_and_region_of(lead, on=today)
    return shown_needs(
        parts,
        seen_by=person,
        region=next((one for one in places if one.kind == OrganisationKind.REGION), None),
        nation=next((one for one in places if one.kind == OrganisationKind.NATION), None),
        on=today,
    )


def _page(
    reached: ReachedPlan, parts: AssessmentParts, shown: ShownNeeds, person: User
) -> dict[str, Any]:
    writes = may_write(person, parts)
    assessment, plan = parts.assessment, reached.plan
    area = _area(shown, plan.partnership.code)
    same_areas = parts.is_joint == plan.is_joint
    made = set(plan.priorities.values_list("text", flat=True)) if parts.gaps else set()
    items = {one.code: one.name for one in framework().items}
    return {
        "assessment": assessment,
        "parts": parts,
        "sections": PARTS.items(),
        "writes": writes and not assessment.is_finished,
        "may_reopen": writes and assessment.is_finished,
        "summary_card": _summary(parts),
        "chart": _chart(reached, area),
        "known_then": needs_words.known_then(assessment.finished_on, shown.areas),
        "areas": needs_words.areas_table(shown.areas, shown.together) if parts.is_joint else None,
        "reached_table": needs_words.reached_table(shown.reached),
        "missing_of_reached": needs_words.missing_of_reached(shown.reached),
        "groups": shown.groups,
        "missing_of_groups": needs_words.missing_of_groups(shown.groups),
        "comparisons": comparisons(parts),
        "views": [(ViewOf(one.of).label, one) for one in parts.views],
        "gaps": [
            (number, one, items.get(one.item or "", ""), one.text in made)
            for number, one in enumerate(parts.gaps, start=1)
        ],
        "capacity": needed_and_held(plan, parts.capacity),
        "capacity_is_of_this_plan": same_areas,
    }


def _summary(parts: AssessmentParts) -> Summary:
    assessment = parts.assessment
    finished = (
        f"{day(assessment.finished_on)}, {assessment.finished_by or 'the service'}"
        if assessment.finished_on
        else MISSING
    )
    return Summary(
        title=str(assessment),
        state=assessment.get_state_display(),
        tone="good" if assessment.is_finished else "plain",
        facts=[
            Fact("Led by", str(assessment.partnership)),
            Fact("Covers", ", ".join(area.name for area in parts.areas)),
            Fact("Finished", finished),
        ],
    )


def _chart(reached: ReachedPlan, area: AreaRings) -> Chart:
    plan = reached.plan
    told = needs_words.bullseye_chart(area, period=plan.period.label)
    at = [plan.partnership.code, plan.slug]
    return Chart(
        identifier="bullseye",
        title=told.title,
        subtitle=told.subtitle,
        description=told.description,
        svg_href=reverse("commissioning:plan-needs-svg", args=at),
        json_href=reverse("commissioning:plan-needs-json", args=at),
        table=needs_words.bullseye_table(area),
        height=HEIGHT,
        name=f"Bullseye of {area.name}",
    )


def _drawn(request: HttpRequest, code: str, slug: str) -> tuple[str, charts.Option]:
    reached, person = plan_or_404(request, code, slug), signed_in(request)
    parts = assessment_of(reached.plan, seen_by=person)
    if parts is None:
        raise Http404
    asked = request.GET.get("area", reached.plan.partnership.code)
    area = _area(shown_to(parts, person, wider=False), asked)
    period = reached.plan.period.label
    return asked, charts.ring_chart(needs_words.bullseye_chart(area, period=period))


def _area(shown: ShownNeeds, code: str) -> AreaRings:
    """The rings of the area with the code; 404 when the assessment does not cover it."""
    pk = next((area.pk for area in shown.parts.areas if area.code == code), None)
    found = shown.area(pk) if pk is not None else None
    if found is None:
        raise Http404
    return found


def needs_href(reached: ReachedPlan) -> str:
    return plan_href(reached.plan, TAB)
