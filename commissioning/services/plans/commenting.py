"""What a reviewer says of a plan, what the partnership answers, and when it is settled."""

import datetime as dt

from django.db import transaction

from commissioning.choices import PlanSection, PlanState
from commissioning.kernel.clock import technical_now
from commissioning.kernel.errors import DomainError
from commissioning.models import Line, Plan, PlanComment, User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.plans.telling import address_of, tell_partnership, tell_region

NOT_COMMENTED_IN = {
    PlanState.DRAFT: "The plan is still being written. Comment on it once it is submitted.",
    PlanState.CLOSED: "The plan is closed and stays as it was.",
}


class CommentRefused(DomainError):
    """The comment, the answer or the settling cannot be; the sentence says why."""


@transaction.atomic
def add_comment(
    *,
    plan: Plan,
    section: PlanSection,
    text: str,
    by: Actor,
    line: Line | None = None,
    is_condition: bool = False,
) -> PlanComment:
    """Comment on a section of the plan, or on one of its lines; a condition has to be met.

    Only those who may agree the plan comment on it. A comment on a line stands with the lines.
    """
    require(by, Permission.PLAN_AGREE, organisation_id=plan.partnership_id)
    held = Plan.objects.with_names().get(pk=plan.pk)
    if refused := NOT_COMMENTED_IN.get(PlanState(held.state)):
        raise CommentRefused(refused)
    if not text.strip():
        raise CommentRefused("Enter the comment.", field="text")
    if line is not None and line.plan_id != held.pk:
        raise CommentRefused("Choose a line of this plan.", field="line")
    if not isinstance(by, User):
        raise CommentRefused("A comment is a person's.")
    last = held.versions.order_by("-number").values_list("number", flat=True).first()
    comment = PlanComment.objects.create(
        plan=held,
        section=PlanSection.LINES if line else section,
        line=line,
        line_number=line.number if line else None,
        version=last,
        text=text.strip(),
        is_condition=is_condition,
        made_by=by,
    )
    _record("plan.comment_made", comment, by, text=comment.text, condition=is_condition)
    return comment


@transaction.atomic
def answer_comment(*, comment: PlanComment, answer: str, by: User, on: dt.date) -> PlanComment:
    """The partnership's answer. Until the reviewer settles the comment it can be written anew."""
    held = _held(comment)
    require(by, Permission.PLAN_EDIT, organisation_id=held.plan.partnership_id)
    if held.settled_at is not None:
        raise CommentRefused(f"{held.settled_by} has settled this comment.")
    if held.plan.state == PlanState.CLOSED:
        raise CommentRefused(NOT_COMMENTED_IN[PlanState.CLOSED])
    if not answer.strip():
        raise CommentRefused("Enter the answer.", field="answer")
    held.answer, held.answered_at, held.answered_by = answer.strip(), technical_now(), by
    held.save(update_fields=["answer", "answered_at", "answered_by"])
    _record("plan.comment_answered", held, by, answer=held.answer)
    tell_region(
        held.plan,
        f"A comment on the treatment plan {held.plan} is answered",
        cause=f"comment:{held.pk}:answered",
        by=by,
        on=on,
        link=comment_address(held),
    )
    return held


@transaction.atomic
def settle_comment(*, comment: PlanComment, by: User, on: dt.date) -> PlanComment:
    """The reviewer is content with it. A condition is answered before it is settled."""
    held = _held(comment)
    require(by, Permission.PLAN_AGREE, organisation_id=held.plan.partnership_id)
    if held.settled_at is not None:
        raise CommentRefused(f"{held.settled_by} has settled this comment already.")
    if held.is_condition and held.answered_at is None:
        raise CommentRefused("The partnership has to answer a condition before it is settled.")
    held.settled_at, held.settled_by = technical_now(), by
    held.save(update_fields=["settled_at", "settled_by"])
    _record("plan.comment_settled", held, by)
    tell_partnership(
        held.plan,
        f"A comment on the treatment plan {held.plan} is settled",
        cause=f"comment:{held.pk}:settled",
        by=by,
        on=on,
        link=comment_address(held),
    )
    return held


def comment_address(comment: PlanComment) -> str:
    """Where the comment is read."""
    return f"{address_of(comment.plan, 'comments')}#comment-{comment.pk}"


def _held(comment: PlanComment) -> PlanComment:
    """The comment as it is now, locked: two people at once take turns."""
    return (
        PlanComment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan__partnership__organisation", "settled_by")
        .get(pk=comment.pk)
    )


def _record(action: str, comment: PlanComment, by: Actor, **details: object) -> None:
    plan = comment.plan
    record(
        action,
        plan,
        by=by,
        organisation=plan.partnership.organisation,
        comment=comment.pk,
        section=PlanSection(comment.section).label,
        line=comment.line_number,
        **details,
    )
