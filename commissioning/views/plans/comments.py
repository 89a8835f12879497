"""What the region says of a plan and what the partnership answers, by section and line."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from commissioning.choices import PlanSection, PlanState
from commissioning.components import Tone
from commissioning.forms.plans.agreement import AnswerForm, CommentForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError, NotPermitted
from commissioning.models import Line, PlanComment
from commissioning.roles import Permission
from commissioning.selectors.plans.comments import (
    ANSWERED,
    OPEN,
    SETTLED,
    STANDINGS,
    comments_of,
    standing_of,
)
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.commenting import (
    NOT_COMMENTED_IN,
    add_comment,
    answer_comment,
    comment_address,
    settle_comment,
)
from commissioning.views.plans.deeds import buttons_of
from commissioning.views.plans.reaching import plan_href, plan_or_404, plan_page
from commissioning.views.requests import attempt, signed_in

TAB = "commissioning:plan-comments"
STANDING_TONES: dict[str, Tone] = {OPEN: "watch", ANSWERED: "info", SETTLED: "good"}


def may_comment_on(reached: ReachedPlan) -> bool:
    """Whether the person may add a comment to the plan in the state it is in."""
    return reached.may_agree and PlanState(reached.plan.state) not in NOT_COMMENTED_IN


@require_http_methods(["GET", "HEAD", "POST"])
def comment_list(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Every comment by section and line; a reviewer adds one here. `?line=12` is one line's."""
    reached = plan_or_404(request, code, slug)
    may_comment = may_comment_on(reached)
    lines = list(reached.plan.lines.order_by("position", "number"))
    form = None
    if request.method == "POST" and not reached.may_agree:
        raise PermissionDenied("Your role does not let you comment on this plan.")
    if may_comment or request.method == "POST":
        form = CommentForm(request.POST or None, lines=lines, initial=_asked(request))
    if request.method == "POST" and form and form.is_valid():
        made = attempt(form, lambda: _add(request, reached, lines, form))
        if made:
            messages.success(
                request, "The comment is on the plan. The partnership is told when you return it."
            )
            return redirect(comment_address(made))
    standing = request.GET.get("standing", "")
    line = request.GET.get("line", "")
    number = int(line) if line.isascii() and line.isdigit() else None
    found = comments_of(
        reached.plan, standing=standing if standing in STANDINGS else "", line=number
    )
    return render(
        request,
        "commissioning/plans/comments.html",
        plan_page(
            reached,
            TAB,
            form=form,
            found=found,
            line=next((one for one in lines if one.number == number), None),
            threads=[(one, [_shown(reached, c) for c in one.comments]) for one in found.threads],
            choices=_choices(reached, found.counts, standing, number),
            buttons=buttons_of(reached, today=business_day()),
            all_href=plan_href(reached.plan, TAB),
            why_none=_why_none(reached),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def comment_answer(request: HttpRequest, code: str, slug: str, number: int) -> HttpResponse:
    """The partnership's answer to a comment."""
    reached, comment = _reached(request, code, slug, number)
    if not reached.may(Permission.PLAN_EDIT):
        raise PermissionDenied("The partnership answers what the region asks.")
    form = AnswerForm(request.POST or None, initial={"answer": comment.answer})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: answer_comment(
                comment=comment, by=signed_in(request), on=business_day(), **form.cleaned_data
            ),
        )
        if made:
            messages.success(request, "The answer is saved, and the region is told.")
            return redirect(comment_address(made))
    return render(
        request,
        "commissioning/plans/deed.html",
        plan_page(
            reached,
            TAB,
            form=form,
            button="Save answer",
            quoted=comment,
            cancel_href=comment_address(comment),
            page_heading="Answer a comment",
        ),
    )


@require_POST
def comment_settle(request: HttpRequest, code: str, slug: str, number: int) -> HttpResponse:
    """The reviewer is content with a comment."""
    _, comment = _reached(request, code, slug, number)
    try:
        settle_comment(comment=comment, by=signed_in(request), on=business_day())
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The comment is settled.")
    return redirect(comment_address(comment))


def _add(
    request: HttpRequest, reached: ReachedPlan, lines: list[Line], form: CommentForm
) -> PlanComment:
    given = dict(form.cleaned_data)
    number = given.pop("line")
    return add_comment(
        plan=reached.plan,
        line=next((one for one in lines if one.number == number), None),
        by=signed_in(request),
        section=PlanSection(given.pop("section")),
        **given,
    )


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What a link from a line or a section fills in."""
    line = request.GET.get("line", "")
    section = request.GET.get("section", "").upper()
    if line:
        section = PlanSection.LINES
    return {"line": line, "section": section or PlanSection.SUMMARY}


def _shown(reached: ReachedPlan, comment: PlanComment) -> dict[str, Any]:
    """A comment with what the person may do about it."""
    standing = standing_of(comment)
    where = [reached.plan.partnership.code, reached.plan.slug, comment.pk]
    open_still = standing != SETTLED and reached.plan.state != PlanState.CLOSED
    may_answer = open_still and reached.may(Permission.PLAN_EDIT)
    may_settle = (
        open_still and reached.may_agree and not (comment.is_condition and standing == OPEN)
    )
    return {
        "comment": comment,
        "standing": STANDINGS[standing],
        "tone": STANDING_TONES[standing],
        "answer_href": reverse("commissioning:comment-answer", args=where) if may_answer else "",
        "settle_href": reverse("commissioning:comment-settle", args=where) if may_settle else "",
    }


def _why_none(reached: ReachedPlan) -> str:
    """What a plan without comments waits for, in the state it is in."""
    if may_comment_on(reached):
        return "Add the first below."
    match PlanState(reached.plan.state):
        case PlanState.DRAFT:
            return "The region comments once the plan is submitted."
        case PlanState.SUBMITTED | PlanState.RESUBMITTED:
            return "The plan is with the region, which has made none so far."
        case _:
            return "The region made none."


def _choices(
    reached: ReachedPlan, counts: dict[str, int], standing: str, line: int | None
) -> list[tuple[str, str, bool]]:
    """All, open, answered, settled: with how many there are."""
    base = plan_href(reached.plan, TAB)
    of_line = f"line={line}&" if line is not None else ""
    every = f"{base}?{of_line}".rstrip("?&")
    return [
        (f"All ({sum(counts.values())})", every, not standing),
        *(
            (f"{words} ({counts[one]})", f"{base}?{of_line}standing={one}", standing == one)
            for one, words in STANDINGS.items()
        ),
    ]


def _reached(
    request: HttpRequest, code: str, slug: str, number: int
) -> tuple[ReachedPlan, PlanComment]:
    reached = plan_or_404(request, code, slug)
    comment = get_object_or_404(reached.plan.comments.select_related("made_by"), pk=number)
    comment.plan = reached.plan
    return reached, comment
