"""A partnership judges its own commissioning, beside what it said the year before."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from commissioning.components import Fact, Summary
from commissioning.forms.competence import CompetenceForm, IntoGridForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import day
from commissioning.models import CompetenceAnswer, GridRow, Partnership
from commissioning.models.plans import FIRST_YEAR, LAST_YEAR, year_period
from commissioning.reference.competence import (
    COMPETENCE_HEADS,
    LEADING_QUESTION,
    LEADING_SOURCE,
    RATINGS,
    competence_head,
)
from commissioning.roles import Permission
from commissioning.selectors.competence import JudgedYear, judged
from commissioning.services.competence import (
    finish_self_assessment,
    judge_commissioning,
    put_into_grid,
    reopen_self_assessment,
)
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.views.requests import attempt, insist, signed_in

_YEAR = re.compile(r"FY(\d{4})", re.ASCII)


@require_http_methods(["GET", "HEAD", "POST"])
def self_assessment(request: HttpRequest, code: str, year: str) -> HttpResponse:
    """Every head with what was said of it; a form for those who may write the plan."""
    partnership, number = _partnership(request, code), _year(year)
    may_write = signed_in(request).reach(Permission.PLAN_EDIT).covers(partnership.pk)
    if request.method == "POST":
        insist(request, Permission.PLAN_EDIT, partnership.organisation)
    this, before = judged(partnership, year=number)
    finished = this.assessment is not None and this.assessment.is_finished
    form = CompetenceForm(request.POST or None, revision=this.revision, answers=this.answers)
    if request.method == "POST" and form.is_valid() and _judge(request, form, partnership, number):
        messages.success(request, "The self-assessment is saved.")
        return redirect(_href(partnership, number))
    if form.overtaken:
        this, before = judged(partnership, year=number)
        form.overtake(this.revision)
    period = year_period(number)
    return render(
        request,
        "commissioning/self_assessment.html",
        {
            "partnership": partnership,
            "form": form,
            "may_write": may_write,
            "may_edit": may_write and (not finished or request.method == "POST"),
            "summary": _summary(this, partnership, period.label),
            "finish_href": _deed_href("finish", partnership, number)
            if may_write and this.assessment and not finished
            else "",
            "reopen_href": _deed_href("reopen", partnership, number)
            if may_write and finished
            else "",
            "heads": [
                (one, _into_grid_href(partnership, number, one.answer), _row_words(one.answer))
                for one in form.heads(this.answers, before.answers)
            ],
            "question": LEADING_QUESTION,
            "question_source": LEADING_SOURCE,
            "ratings": RATINGS,
            "now": _now(this) if form.overtaken else [],
            "before": before,
            "before_label": period.previous().label,
            "before_href": _href(partnership, number - 1) if number > FIRST_YEAR else "",
            "page_heading": f"Commissioning competence {period.label}",
            "breadcrumbs": _crumbs(partnership),
        },
    )


@require_POST
def self_assessment_finish(request: HttpRequest, code: str, year: str) -> HttpResponse:
    """Finish the self-assessment as of today."""
    return _move(
        request,
        code,
        year,
        partial(finish_self_assessment, on=business_day()),
        "The self-assessment is finished and stays as it is.",
    )


@require_POST
def self_assessment_reopen(request: HttpRequest, code: str, year: str) -> HttpResponse:
    """Open a finished self-assessment again."""
    return _move(
        request,
        code,
        year,
        reopen_self_assessment,
        "The self-assessment can be written again.",
    )


def _move(
    request: HttpRequest, code: str, year: str, deed: Callable[..., object], done: str
) -> HttpResponse:
    partnership, number = _partnership(request, code), _year(year)
    insist(request, Permission.PLAN_EDIT, partnership.organisation)
    this, _ = judged(partnership, year=number)
    if this.assessment is None:
        raise Http404
    try:
        deed(assessment=this.assessment, by=signed_in(request))
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(_href(partnership, number))


@require_http_methods(["GET", "HEAD", "POST"])
def self_assessment_into_grid(
    request: HttpRequest, code: str, year: str, head: str
) -> HttpResponse:
    """Make the action under a head a row of the year's plan."""
    partnership, number = _partnership(request, code), _year(year)
    insist(request, Permission.PLAN_EDIT, partnership.organisation)
    this, _ = judged(partnership, year=number)
    answer = this.answers.get(head)
    if answer is None or not answer.action:
        raise Http404
    form = IntoGridForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = attempt(
            form,
            lambda: put_into_grid(answer=answer, by=signed_in(request), **form.cleaned_data),
        )
        if row:
            messages.success(request, "The action is in the grid “Commissioning the system”.")
            return redirect(_href(partnership, number))
    return render(
        request,
        "commissioning/form.html",
        {
            "form": form,
            "lead": answer.action,
            "button": "Put into the grid",
            "cancel_href": _href(partnership, number),
            "page_heading": f"{competence_head(head).name}: into the grid",
            "breadcrumbs": [
                *_crumbs(partnership),
                ("Commissioning competence", _href(partnership, number)),
            ],
        },
    )


def _judge(request: HttpRequest, form: CompetenceForm, partnership: Partnership, year: int) -> Any:
    def deed() -> Any:
        try:
            return judge_commissioning(
                partnership=partnership,
                year=year,
                judgements=form.judgements(),
                by=signed_in(request),
                revision=form.seen,
            )
        except ChangedMeanwhile:
            form.overtaken = True
            raise

    return attempt(form, deed)


def _partnership(request: HttpRequest, code: str) -> Partnership:
    return get_object_or_404(
        Partnership.objects.permitted(signed_in(request), Permission.PLAN_VIEW).select_related(
            "organisation"
        ),
        organisation__code=code,
    )


def _year(words: str) -> int:
    found = _YEAR.fullmatch(words)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise Http404
    return int(found[1])


def _href(partnership: Partnership, year: int) -> str:
    return reverse(
        "commissioning:self-assessment", args=[partnership.code, year_period(year).code]
    )


def _deed_href(deed: str, partnership: Partnership, year: int) -> str:
    return reverse(
        f"commissioning:self-assessment-{deed}", args=[partnership.code, year_period(year).code]
    )


def _summary(this: JudgedYear, partnership: Partnership, label: str) -> Summary:
    """Whether it is finished, by whom and when; how much is rated."""
    held = this.assessment
    finished = held is not None and held.is_finished
    rated = sum(one.rating is not None for one in this.answers.values())
    facts = [Fact("Rated", f"{rated} of {len(COMPETENCE_HEADS)} heads")]
    if held and held.finished_on:
        by = held.finished_by or "the service"
        facts.append(Fact("Finished", f"{day(held.finished_on)}, {by}"))
    return Summary(
        title=f"Self-assessment of {partnership}, {label}",
        state="Finished" if finished else "Being written" if held else "Not begun",
        tone="good" if finished else "plain",
        facts=facts,
    )


def _crumbs(partnership: Partnership) -> list[tuple[str, str]]:
    return [
        (f"Plans of {partnership}", reverse("commissioning:plan-list", args=[partnership.code]))
    ]


def _into_grid_href(partnership: Partnership, year: int, answer: CompetenceAnswer | None) -> str:
    """Where a saved action is put into the grid; nowhere when there is none, or it is there."""
    if answer is None or not answer.action or answer.grid_row_id:
        return ""
    return reverse(
        "commissioning:self-assessment-into-grid",
        args=[partnership.code, year_period(year).code, answer.head],
    )


def _row_words(answer: CompetenceAnswer | None) -> str:
    row: GridRow | None = answer.grid_row if answer else None
    return f"In the grid as row {row.number}: {row.get_status_display().lower()}" if row else ""


def _now(this: JudgedYear) -> list[Fact]:
    return [
        Fact(
            competence_head(one.head).name,
            " · ".join(
                filter(
                    None,
                    [f"Rating {one.rating}" if one.rating else "", one.evidence, one.action],
                )
            ),
        )
        for one in this.answers.values()
    ]
