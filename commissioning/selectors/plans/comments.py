"""What reviewers said of a plan: by section and line, open, answered and settled."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import QuerySet

from commissioning.choices import PlanSection
from commissioning.models import Plan, PlanComment

OPEN: Final = "open"
ANSWERED: Final = "answered"
SETTLED: Final = "settled"
STANDINGS: Final = {OPEN: "Open", ANSWERED: "Answered", SETTLED: "Settled"}


def open_comments(plan: Plan) -> QuerySet[PlanComment]:
    """Comments that the reviewer has not settled."""
    return PlanComment.objects.filter(plan=plan, settled_at__isnull=True)


def open_conditions(plan: Plan) -> QuerySet[PlanComment]:
    """Conditions that the reviewer has not settled: the plan cannot be agreed over them."""
    return open_comments(plan).filter(is_condition=True)


def standing_of(comment: PlanComment) -> str:
    """How far a comment has come."""
    if comment.settled_at is not None:
        return SETTLED
    return ANSWERED if comment.answered_at is not None else OPEN


@dataclass
class Thread:
    """The comments on one section, those on the whole of it first, then line by line."""

    section: PlanSection
    comments: list[PlanComment] = field(default_factory=list)


@dataclass(frozen=True)
class Comments:
    """The comments of a plan as they are shown, and how many there are of each standing."""

    threads: Sequence[Thread]
    counts: dict[str, int]
    conditions: int  # not settled

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def comments_of(
    plan: Plan, *, standing: str = "", section: str = "", line: int | None = None
) -> Comments:
    """All comments in one query, by section; the counts are of all of them."""
    every = list(
        PlanComment.objects.filter(plan=plan)
        .select_related("line", "made_by", "answered_by", "settled_by")
        .order_by("line_number", "pk")
    )
    counts = dict.fromkeys(STANDINGS, 0)
    threads = {one: Thread(one) for one in PlanSection}
    for comment in every:
        where = standing_of(comment)
        counts[where] += 1
        if standing and where != standing:
            continue
        if line is not None and comment.line_number != line:
            continue
        if not section or comment.section == section:
            threads[PlanSection(comment.section)].comments.append(comment)
    for thread in threads.values():
        thread.comments.sort(key=lambda one: (one.line_number or 0, one.pk))
    return Comments(
        [one for one in threads.values() if one.comments],
        counts,
        sum(1 for one in every if one.is_condition and one.settled_at is None),
    )
