"""One service's quarter: its numbers, filling them in, confirming and replacing them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commissioning.components import DataTable, Fact, Summary
from commissioning.kernel.clock import business_day, technical_now
from commissioning.kernel.errors import DomainError
from commissioning.kernel.words import MISSING, count, day
from commissioning.models import Organisation
from commissioning.tables import moment
from commissioning.views.history import happenings
from commissioning.views.records import form_page, save
from commissioning.views.requests import signed_in
from providers.choices import ActivityState
from providers.forms.activity import ActivityForm, ConfirmActivityForm
from providers.models import ActivityReturn
from providers.rules.activity_checks import FindingGrade
from providers.selectors.activity import (
    confirmed_of,
    draft_of,
    due_on,
    findings_of,
    numbers_of,
    standing_of,
    versions_of,
)
from providers.selectors.activity_parts import parts_of, split_between
from providers.services import activity as deeds
from providers.views.activity.reaching import ReachedQuarter, may_send, quarter_at, sent_by
from providers.views.activity.tables import TONES
from providers.views.activity.words import numbers_table, sentences

PAGE = ["GET", "HEAD", "POST"]
BEGINS = "Leave empty what you do not know yet; write 0 where there were none."
SPLITS = (
    " This service works for several partnerships: say how much was for residents of each, or"
    " leave all of them empty, and the number counts for none of their plans."
)
REPLACES = "What is confirmed stays in force until these numbers are confirmed in its place."


@require_safe
def activity_quarter(request: HttpRequest, code: str, quarter: str, service: str) -> HttpResponse:
    """What was confirmed for the quarter, what it replaced, and what may be done."""
    reached = quarter_at(request, code, quarter, service)
    versions = versions_of(reached.service, reached.period)
    confirmed = next((one for one in versions if one.state == ActivityState.CONFIRMED), None)
    draft = draft_of(reached.service, reached.period)
    between = split_between(reached.service.pk, reached.period)
    subjects = [*versions, *([draft] if draft else [])]
    return render(
        request,
        "providers/activity/quarter.html",
        {
            "summary": _summary(reached, confirmed, draft),
            "numbers": _table(reached, confirmed, between) if confirmed else None,
            "note": confirmed.note if confirmed else "",
            "earlier": [
                (one, _table(reached, one, between))
                for one in versions
                if confirmed is None or one.pk != confirmed.pk
            ],
            "draft": draft,
            "sends": may_send(request, reached.provider),
            "fill_href": reached.href("activity-fill"),
            "check_href": reached.href("activity-check"),
            "happenings": happenings(*subjects) if subjects else [],
            "page_heading": reached.heading,
            "caption": reached.provider.name,
            "breadcrumbs": reached.crumbs(),
        },
    )


@require_http_methods(PAGE)
def activity_fill(request: HttpRequest, code: str, quarter: str, service: str) -> HttpResponse:
    """The grid: begun from what was confirmed, where that is to be replaced."""
    reached = sent_by(request, code, quarter, service)
    draft = draft_of(reached.service, reached.period)
    confirmed = confirmed_of(reached.service, reached.period)
    between = split_between(reached.service.pk, reached.period)
    form = ActivityForm(
        request.POST or None,
        rows=reached.rows,
        numbers=numbers_of(draft or confirmed),
        partnerships=between,
        parts=parts_of(draft or confirmed) if between else {},
        revision=draft.revision if draft else 0,
    )
    if request.method == "POST" and form.is_valid():
        saved = save(
            form,
            lambda: deeds.save_activity(
                service=reached.service,
                quarter=reached.period,
                numbers=form.numbers(),
                parts=form.parts(),
                revision=form.seen,
                by=signed_in(request),
            ),
            revision_now=lambda: _revision(reached),
        )
        if saved:
            messages.success(request, "The numbers are kept. Check and confirm them.")
            return redirect(reached.href("activity-check"))
    return form_page(
        request,
        form,
        heading=reached.heading,
        button="Save and check",
        cancel_href=reached.href(),
        breadcrumbs=reached.crumbs((reached.heading, reached.href())),
        now=lambda: _now(reached),
        template="providers/number_grid_page.html",
        caption=reached.provider.name,
        lead=f"{REPLACES if confirmed else BEGINS}{SPLITS if between else ''}",
        first="Intervention",
        label="Numbers of the quarter",
        columns=[one.label for one in form.measures],
        grid=list(form.grid()),
    )


@require_http_methods(PAGE)
def activity_check(request: HttpRequest, code: str, quarter: str, service: str) -> HttpResponse:
    """The numbers once more with what was found, and the button that confirms them."""
    reached = sent_by(request, code, quarter, service)
    draft = draft_of(reached.service, reached.period)
    if draft is None:
        raise Http404
    numbers, parts = numbers_of(draft), parts_of(draft)
    between = split_between(reached.service.pk, reached.period)
    findings = findings_of(
        reached.rows,
        numbers,
        service=reached.service,
        quarter=reached.period,
        jump_factor=reached.rules.activity_jump_factor,
        jump_from=reached.rules.activity_jump_from,
        parts=parts,
        partnerships=between,
    )
    replaces = confirmed_of(reached.service, reached.period) is not None
    form = ConfirmActivityForm(
        request.POST or None,
        revision=draft.revision,
        needs_reason=replaces or any(one.grade is FindingGrade.REASON for one in findings),
    )
    if request.method == "POST" and form.is_valid():
        done = save(
            form,
            lambda: deeds.confirm_activity(
                draft=draft,
                reason=form.cleaned_data.get("reason", ""),
                revision=form.seen,
                rules=reached.rules,
                by=signed_in(request),
                today=business_day(),
                at=technical_now(),
            ),
            revision_now=lambda: _revision(reached),
        )
        if done:
            messages.success(
                request, f"{reached.period.label} is confirmed. Commissioners see it from now on."
            )
            return redirect(reached.href())
    return form_page(
        request,
        form,
        heading=f"Check and confirm: {reached.heading}",
        button="Confirm return",
        cancel_href=reached.href(),
        breadcrumbs=reached.crumbs((reached.heading, reached.href())),
        template="providers/activity/check.html",
        caption=reached.provider.name,
        numbers=numbers_table(reached.rows, numbers, between, parts),
        mend=sentences(findings, reached.rows, FindingGrade.MEND),
        reasons=sentences(findings, reached.rows, FindingGrade.REASON),
        replaces=replaces,
        is_over=reached.period.end <= business_day(),
        ends_on=reached.period.last_day,
        fill_href=reached.href("activity-fill"),
        discard_href=reached.href("activity-discard"),
    )


@require_POST
def activity_discard(request: HttpRequest, code: str, quarter: str, service: str) -> HttpResponse:
    """Throw the numbers away that are not confirmed."""
    reached = sent_by(request, code, quarter, service)
    draft = draft_of(reached.service, reached.period)
    try:
        if draft:
            deeds.discard_activity(draft=draft, by=signed_in(request))
            messages.success(request, "The numbers are thrown away. What was confirmed stays.")
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect(reached.href())


def _table(
    reached: ReachedQuarter, activity: ActivityReturn, between: Sequence[Organisation]
) -> DataTable:
    parts = parts_of(activity) if between else {}
    return numbers_table(reached.rows, numbers_of(activity), between, parts)


def _revision(reached: ReachedQuarter) -> int:
    draft = draft_of(reached.service, reached.period)
    return draft.revision if draft else 0


def _now(reached: ReachedQuarter) -> list[Fact]:
    """What the return says now, beside what was typed."""
    numbers = numbers_of(draft_of(reached.service, reached.period))
    return [
        Fact(
            f"{row.delivered.intervention}: {measure.label.lower()}",
            count(numbers.get((row.delivered.pk, measure.value))),
        )
        for row in reached.rows
        for measure in row.measures
    ]


def _summary(
    reached: ReachedQuarter, confirmed: ActivityReturn | None, draft: ActivityReturn | None
) -> Summary:
    due = due_on(reached.period, due_days=reached.rules.activity_due_days)
    standing = standing_of(confirmed, draft, is_late=business_day() > due)
    facts: list[Any] = [
        Fact("Service", str(reached.service)),
        Fact("Quarter", reached.period.label),
        Fact("Due on", day(due)),
        Fact("Confirmed", moment(confirmed.confirmed_at) if confirmed else MISSING),
        Fact("By", str(confirmed.confirmed_by) if confirmed else MISSING),
    ]
    return Summary("Return", standing.value, TONES[standing], facts)
