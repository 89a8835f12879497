"""Writing a needs assessment: starting it, a form a part, finishing, and making priorities."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from commissioning.choices import BullseyeRing
from commissioning.forms.plans import needs as forms
from commissioning.forms.plans.revised import RevisedForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.models import User
from commissioning.reference import comparators, framework
from commissioning.roles import Permission
from commissioning.selectors.plans.needs import shown_needs
from commissioning.selectors.plans.needs_parts import AssessmentParts, assessment_of, could_join
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans import needs as deeds
from commissioning.services.plans import needs_parts as writing
from commissioning.services.plans.priorities import add_priority
from commissioning.views.plans.needs import PARTS, TAB, may_write, needs_href
from commissioning.views.plans.needs_words import now_says
from commissioning.views.plans.reaching import edited_by, plan_or_404
from commissioning.views.plans.saving import editing_page
from commissioning.views.records import save
from commissioning.views.requests import attempt, signed_in

Save = Callable[[Any, AssessmentParts, User], object]


@require_http_methods(["GET", "HEAD", "POST"])
def needs_start(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Start the assessment of the plan's year, alone or with others of the region."""
    reached, person = plan_or_404(request, code, slug), signed_in(request)
    if not reached.may(Permission.PLAN_EDIT):
        raise PermissionDenied("Your role does not let you do this here.")
    plan, today = reached.plan, business_day()
    form = forms.StartNeedsForm(
        _typed(request), choices=could_join(plan.partnership, plan.year, on=today)
    )
    if request.method == "POST" and form.is_valid():
        started = attempt(
            form,
            lambda: deeds.start_assessment(
                partnership=plan.partnership,
                year=plan.year,
                on=today,
                by=person,
                **form.cleaned_data,
            ),
        )
        if started:
            messages.success(request, "The assessment is started. Begin with the bullseye.")
            return redirect(needs_href(reached))
    return editing_page(
        request,
        reached,
        TAB,
        form=form,
        heading="Start a needs assessment",
        button="Start the assessment",
        template="commissioning/plans/needs_form.html",
        lead="What the population needs in the year, what it has, and what is missing.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def needs_part(request: HttpRequest, code: str, slug: str, part: str) -> HttpResponse:
    """One part of the assessment as a form."""
    reached, person = plan_or_404(request, code, slug), signed_in(request)
    parts = _written(reached, person)
    if part not in PARTS:
        raise Http404
    form = FORMS[part](parts, person, _typed(request))
    if request.method == "POST" and form.is_valid() and _save(form, part, parts, person):
        messages.success(request, f"{PARTS[part]}: saved.")
        return redirect(f"{needs_href(reached)}#{part}")
    return editing_page(
        request,
        reached,
        TAB,
        form=form,
        heading=f"Needs assessment: {PARTS[part].lower()}",
        button="Save",
        now=lambda: now_says(_again(reached, person), part),
        template="commissioning/plans/needs_form.html",
        lead=LEADS.get(part, ""),
    )


@require_POST
def needs_finish(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Finish the assessment as of today."""
    return _moved(
        request,
        code,
        slug,
        partial(deeds.finish_assessment, on=business_day()),
        "The assessment is finished. It keeps the figures of today.",
    )


@require_POST
def needs_reopen(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Open a finished assessment again."""
    return _moved(
        request,
        code,
        slug,
        deeds.reopen_assessment,
        "The assessment can be written again. It shows the figures of today.",
    )


@require_POST
def needs_priority(request: HttpRequest, code: str, slug: str, number: int) -> HttpResponse:
    """Make a priority of the plan of a gap, by its number on the page."""
    reached, person = edited_by(request, code, slug), signed_in(request)
    parts = _assessment(reached, person)
    if not 1 <= number <= len(parts.gaps):
        raise Http404
    gap = parts.gaps[number - 1]
    if request.POST.get("text") != gap.text:
        messages.error(request, "The gaps changed after you opened the page. Choose again.")
        return redirect(f"{needs_href(reached)}#gaps")
    need = f"{parts.assessment}" + (f", item {gap.item}" if gap.item else "")
    try:
        made = add_priority(plan=reached.plan, text=gap.text, need=need, by=person)
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"The gap is priority {made.number} of the plan.")
    return redirect(f"{needs_href(reached)}#gaps")


def _moved(
    request: HttpRequest, code: str, slug: str, deed: Callable[..., object], said: str
) -> HttpResponse:
    reached, person = plan_or_404(request, code, slug), signed_in(request)
    parts = _assessment(reached, person)
    try:
        deed(assessment=parts.assessment, by=person)
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect(needs_href(reached))


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was sent; a form in which nothing is ticked sends nothing and is sent all the same."""
    return request.POST if request.method == "POST" else None


def _assessment(reached: ReachedPlan, person: User) -> AssessmentParts:
    parts = assessment_of(reached.plan, seen_by=person)
    if parts is None:
        raise Http404
    return parts


def _again(reached: ReachedPlan, person: User) -> AssessmentParts:
    return _assessment(reached, person)


def _written(reached: ReachedPlan, person: User) -> AssessmentParts:
    """The assessment for whoever may write it now; 403 for others who may view it."""
    parts = _assessment(reached, person)
    if not may_write(person, parts) or parts.assessment.is_finished:
        raise PermissionDenied("The lead of the assessment writes it, until it is finished.")
    return parts


def _save(form: RevisedForm, part: str, parts: AssessmentParts, person: User) -> object:
    """What was saved; None when it is refused. What was typed stays."""

    def revision_now() -> int:
        parts.assessment.refresh_from_db(fields=["revision"])
        return parts.assessment.revision

    return save(form, lambda: SAVES[part](form, parts, person), revision_now=revision_now)


def _rings_form(parts: AssessmentParts, person: User, data: Any) -> forms.RingsForm:
    """Asks for the rings that the system does not know."""
    shown = shown_needs(parts, seen_by=person, region=None, nation=None, on=business_day())
    asked = [
        (area.pk, area.name, ring)
        for area in shown.areas
        for ring in BullseyeRing
        if area.pk is not None and not area.rings[ring].is_from_system
    ]
    return forms.RingsForm(data, revision=parts.assessment.revision, asked=asked, held=parts.rings)


def _harm_form(parts: AssessmentParts, _person: User, data: Any) -> forms.HarmForm:
    rows = [one for one in comparators() if one.compares]
    return forms.HarmForm(
        data, revision=parts.assessment.revision, comparators=rows, held=parts.harms
    )


def _gaps_form(parts: AssessmentParts, _person: User, data: Any) -> forms.GapsForm:
    return forms.GapsForm(
        data, revision=parts.assessment.revision, items=framework().items, held=parts.gaps
    )


def _capacity_form(parts: AssessmentParts, _person: User, data: Any) -> forms.CapacityForm:
    kinds = [one for one in framework().intervention_types if one.tier is not None]
    return forms.CapacityForm(
        data, revision=parts.assessment.revision, interventions=kinds, held=parts.capacity
    )


def _summary_form(parts: AssessmentParts, _person: User, data: Any) -> forms.NeedsSummaryForm:
    held = parts.assessment
    initial = {
        "summary": held.summary,
        "region_estimate": held.region_estimate,
        "region_estimate_source": held.region_estimate_source,
    }
    return forms.NeedsSummaryForm(data, revision=held.revision, initial=initial)


FORMS: dict[str, Callable[[AssessmentParts, User, Any], RevisedForm]] = {
    "bullseye": _rings_form,
    "groups": lambda parts, _person, data: forms.GroupsForm(
        data, revision=parts.assessment.revision, held=parts.groups
    ),
    "harm": _harm_form,
    "views": lambda parts, _person, data: forms.ViewsForm(
        data, revision=parts.assessment.revision, held=parts.views
    ),
    "capacity": _capacity_form,
    "gaps": _gaps_form,
    "summary": _summary_form,
}
SAVES: dict[str, Save] = {
    "bullseye": lambda form, parts, by: writing.save_rings(
        assessment=parts.assessment, rings=form.parts(), revision=form.seen, by=by
    ),
    "groups": lambda form, parts, by: writing.save_groups(
        assessment=parts.assessment, groups=form.parts(), revision=form.seen, by=by
    ),
    "harm": lambda form, parts, by: writing.save_harms(
        assessment=parts.assessment, harms=form.parts(), revision=form.seen, by=by
    ),
    "views": lambda form, parts, by: writing.save_views(
        assessment=parts.assessment, views=form.parts(), revision=form.seen, by=by
    ),
    "capacity": lambda form, parts, by: writing.save_capacity(
        assessment=parts.assessment, capacity=form.parts(), revision=form.seen, by=by
    ),
    "gaps": lambda form, parts, by: writing.save_gaps(
        assessment=parts.assessment, gaps=form.parts(), revision=form.seen, by=by
    ),
    "summary": lambda form, parts, by: writing.save_summary(
        assessment=parts.assessment,
        summary=form.cleaned_data["summary"],
        region_estimate=form.cleaned_data["region_estimate"],
        region_estimate_source=form.cleaned_data["region_estimate_source"],
        revision=form.seen,
        by=by,
    ),
}
LEADS = {
    "bullseye": "Enter what the system does not know, each with its source. Rings that it knows"
    " are filled from the returns and dated.",
    "groups": "What is known of people whose needs differ. Leave out what is not known."
    " How many are in treatment is filled from the returns where figures are split so.",
    "harm": "Local figures, to stand beside the published ones.",
    "views": "What service users and carers say of treatment here. Name nobody.",
    "capacity": "How many people need each intervention, how many of them to reach, for how long,"
    " and in places how full. Starts and places follow.",
    "gaps": "What the population needs and does not have. Each can become a priority of the plan.",
}
