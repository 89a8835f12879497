"""Writing down a provider's staff, competence, records of quality and evidence; its documents."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.components import Fact
from commissioning.forms.plans.revised import RevisedForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import MISSING, day
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.views.documents import handed_out
from commissioning.views.history import happenings
from commissioning.views.records import form_page, save
from commissioning.views.requests import attempt, insist, signed_in
from providers.forms.quality import (
    CompetenceForm,
    QualityRecordForm,
    RequirementForm,
    StaffForm,
)
from providers.models import QualityRecord, RequirementEvidence
from providers.reference.requirements import requirement
from providers.selectors.quality import (
    answer_seen,
    answers_of,
    competence_of,
    competence_seen,
    documents_behind_quality,
    services_to_name,
    staff_of,
    staff_seen,
)
from providers.services import quality as deeds
from providers.views.quality.page import crumbs, page_href, provider_or_404

PAGE = ["GET", "HEAD", "POST"]
GRID = "providers/number_grid_page.html"


@require_http_methods(PAGE)
def quality_staff(request: HttpRequest, code: str) -> HttpResponse:
    provider = _written(request, code)
    staff = staff_of(provider)
    form = StaffForm(request.POST or None, staff=staff, revision=staff_seen(staff))
    return _saved(
        request,
        provider,
        form,
        lambda: deeds.state_staff(
            provider=provider,
            posts=form.posts(),
            seen=form.seen,
            on=business_day(),
            by=signed_in(request),
        ),
        seen=lambda: staff_seen(staff_of(provider)),
        heading="Staff by role",
        done="Staff are stated as of today.",
        lead="Whole-time equivalents: a post of half the week is 0.5.",
        template=GRID,
        first="Role",
        columns=form.columns,
        grid=list(form.grid()),
        now=lambda: [
            Fact(one.get_role_display(), f"{one.in_post} of {one.posts}. {one.gap}")
            for one in staff_of(provider).values()
        ],
    )


@require_http_methods(PAGE)
def quality_competence(request: HttpRequest, code: str) -> HttpResponse:
    provider = _written(request, code)
    held = competence_of(provider)
    form = CompetenceForm(request.POST or None, competence=held, revision=competence_seen(held))
    return _saved(
        request,
        provider,
        form,
        lambda: deeds.state_competence(
            provider=provider,
            counts=form.counts(),
            seen=form.seen,
            on=business_day(),
            by=signed_in(request),
        ),
        seen=lambda: competence_seen(competence_of(provider)),
        heading="DANOS units by role",
        done="Competence is stated as of today.",
        lead="People, not posts: how many of a role need the unit, and how many hold it.",
        template=GRID,
        first="Role",
        columns=form.columns,
        grid=list(form.grid()),
        now=lambda: [
            Fact(f"{one.get_role_display()}, {one.unit}", f"{one.held} of {one.needed}")
            for one in competence_of(provider).values()
        ],
    )


@require_http_methods(PAGE)
def quality_record_add(request: HttpRequest, code: str) -> HttpResponse:
    provider = _written(request, code)
    form = QualityRecordForm(
        request.POST or None,
        request.FILES or None,
        on=business_day(),
        services=services_to_name(provider),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: deeds.add_quality_record(
                provider=provider, words=form.words(), by=signed_in(request)
            ),
        )
        if made:
            messages.success(request, f"{made.get_kind_display()} is kept.")
            return redirect(page_href(provider))
    return _page(request, provider, form, "Add a record", "Add the record")


@require_http_methods(PAGE)
def quality_record(request: HttpRequest, code: str, number: int) -> HttpResponse:
    provider = _written(request, code)
    held = _record(request, provider, number)
    form = QualityRecordForm(
        request.POST or None,
        request.FILES or None,
        on=business_day(),
        services=services_to_name(provider),
        held=held,
    )
    return _saved(
        request,
        provider,
        form,
        lambda: deeds.change_quality_record(
            held=held, words=form.words(), revision=form.seen, by=signed_in(request)
        ),
        seen=lambda: _record(request, provider, number).revision,
        heading=f"{held.get_kind_display()} of {day(held.held_on)}",
        done="The record is saved.",
        template="providers/quality/record.html",
        happenings=happenings(held),
        now=lambda: _facts(_record(request, provider, number)),
    )


@require_http_methods(PAGE)
def quality_requirement(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    provider = _written(request, code)
    try:
        asked = requirement(slug)
    except KeyError as unknown:
        raise Http404 from unknown

    def held() -> RequirementEvidence | None:
        return next(one.held for one in answers_of(provider) if one.requirement == asked)

    before = held()
    form = RequirementForm(
        request.POST or None, request.FILES or None, held=before, revision=answer_seen(before)
    )
    return _saved(
        request,
        provider,
        form,
        lambda: deeds.answer_requirement(
            provider=provider,
            code=slug,
            is_met=form.cleaned_data["is_met"],
            evidence=form.cleaned_data["evidence"],
            file=form.cleaned_data["file"],
            seen=form.seen,
            on=business_day(),
            by=signed_in(request),
        ),
        seen=lambda: answer_seen(held()),
        heading=asked.name,
        done=f"“{asked.name}” is answered as of today.",
        lead=f"{asked.question} {asked.source}",
        template="providers/quality/record.html",
        happenings=happenings(before) if before else [],
        now=lambda: _answer_facts(held()),
    )


@require_safe
def quality_document(_request: HttpRequest, code: str, number: int) -> FileResponse:
    """The document behind a record or an answer, for whoever may read those: all signed in."""
    behind = documents_behind_quality(provider_or_404(code))
    return handed_out(get_object_or_404(behind, pk=number))


def _written(request: HttpRequest, code: str) -> Organisation:
    provider = provider_or_404(code)
    insist(request, Permission.REGISTER_EDIT, provider)
    return provider


def _record(request: HttpRequest, provider: Organisation, number: int) -> QualityRecord:
    reached = QualityRecord.objects.permitted(signed_in(request), Permission.REGISTER_EDIT)
    return get_object_or_404(
        reached.select_related("service", "document"), provider=provider.pk, pk=number
    )


def _saved(
    request: HttpRequest,
    provider: Organisation,
    form: RevisedForm,
    deed: Callable[[], Any],
    *,
    seen: Callable[[], int],
    heading: str,
    done: str,
    **page: Any,
) -> HttpResponse:
    """The form's page, or after a save the page of quality with a word about it."""

    def carried_out() -> bool:
        deed()
        return True

    posted = request.method == "POST" and form.is_valid()
    if posted and save(form, carried_out, revision_now=seen):
        messages.success(request, done)
        return redirect(page_href(provider))
    return _page(request, provider, form, heading, "Save", **page)


def _page(
    request: HttpRequest,
    provider: Organisation,
    form: RevisedForm,
    heading: str,
    button: str,
    **page: Any,
) -> HttpResponse:
    return form_page(
        request,
        form,
        heading=heading,
        button=button,
        cancel_href=page_href(provider),
        breadcrumbs=crumbs(provider),
        caption=provider.name,
        **page,
    )


def _answer_facts(held: RequirementEvidence | None) -> list[Fact]:
    if held is None:
        return [Fact("Answer", "Not answered")]
    return [
        Fact("Answer", "It is met" if held.is_met else "It is not met yet"),
        Fact("Evidence", held.evidence),
    ]


def _facts(record: QualityRecord) -> list[Fact]:
    return [
        Fact("Kind", record.get_kind_display()),
        Fact("By whom", record.body or MISSING),
        Fact("What came of it", record.outcome),
        Fact("Day", day(record.held_on)),
        Fact("Holds until", day(record.holds_until)),
    ]
