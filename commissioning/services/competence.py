"""A partnership's judgement of its own commissioning (Models of Care 2006, 2.7.1)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from commissioning.choices import PlanKind, PlanningGrid
from commissioning.kernel.errors import DomainError, TransitionRefused
from commissioning.kernel.words import joined
from commissioning.models import (
    CompetenceAnswer,
    GridRow,
    Partnership,
    Plan,
    SelfAssessment,
    User,
)
from commissioning.models.competence import HIGHEST, LOWEST
from commissioning.reference.competence import COMPETENCE_HEADS, competence_head
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.grids import GridWords, add_grid_row


class NotPutIntoGrid(DomainError):
    """There is no action to put into a grid, or no plan to put it into."""


class NotJudged(DomainError):
    """Some heads are not judged yet: the self-assessment cannot be finished."""


class NotAJudgement(DomainError):
    """The rating is not on the scale."""


@dataclass(frozen=True)
class Judgement:
    """What is said under one head. Without a rating it is not judged yet."""

    head: str
    rating: int | None
    evidence: str = ""
    action: str = ""


@transaction.atomic
def judge_commissioning(
    *,
    partnership: Partnership,
    year: int,
    judgements: Sequence[Judgement],
    by: Actor,
    revision: int,
) -> SelfAssessment:
    """Write the judgements of a financial year; `revision` is what the person was shown, 0 when
    there was none. Raises `NotPermitted`, `NotAJudgement`, `ChangedMeanwhile`, and
    `TransitionRefused` once it is finished.
    """
    require(by, Permission.PLAN_EDIT, organisation_id=partnership.pk)
    assessment, is_new = SelfAssessment.objects.select_for_update().get_or_create(
        partnership=partnership, year=year
    )
    if assessment.is_finished:
        raise TransitionRefused("The self-assessment is finished. Open it again to change it.")
    if not is_new and revision != assessment.revision:
        raise ChangedMeanwhile(
            "Somebody saved this self-assessment after you opened it. What you typed is still"
            " here: compare it with what was saved, and save again."
        )
    for one in judgements:
        competence_head(one.head)
        if one.rating is not None and not LOWEST <= one.rating <= HIGHEST:
            raise NotAJudgement(f"Choose a rating from {LOWEST} to {HIGHEST}.")
    CompetenceAnswer.objects.bulk_create(
        (
            CompetenceAnswer(
                assessment=assessment,
                head=one.head,
                rating=one.rating,
                evidence=one.evidence.strip(),
                action=one.action.strip(),
            )
            for one in judgements
        ),
        update_conflicts=True,
        unique_fields=["assessment", "head"],
        update_fields=["rating", "evidence", "action"],
    )
    if not is_new:
        SelfAssessment.objects.filter(pk=assessment.pk).update(revision=F("revision") + 1)
        assessment.revision += 1
    record(
        "commissioning.judged",
        assessment,
        by=by,
        organisation=partnership.organisation,
        year=year,
        ratings={one.head: one.rating for one in judgements if one.rating is not None},
    )
    return assessment


@transaction.atomic
def finish_self_assessment(
    *, assessment: SelfAssessment, on: dt.date, by: Actor
) -> SelfAssessment:
    """From here on it stays as it is. Raises `NotJudged` while a head has no rating."""
    held = _locked(assessment, by=by)
    if held.is_finished:
        raise TransitionRefused("The self-assessment is finished already.")
    judged = held.answers.filter(rating__isnull=False).values_list("head", flat=True)
    missing = [one.name for one in COMPETENCE_HEADS if one.code not in set(judged)]
    if missing:
        raise NotJudged(f"Before it is finished these have to be rated: {joined(missing)}.")
    return _moved(held, on=on, by=by, action="commissioning.judgement_finished")


@transaction.atomic
def reopen_self_assessment(*, assessment: SelfAssessment, by: Actor) -> SelfAssessment:
    """Open a finished self-assessment to be written again."""
    held = _locked(assessment, by=by)
    if not held.is_finished:
        raise TransitionRefused("The self-assessment is being written already.")
    return _moved(held, on=None, by=by, action="commissioning.judgement_reopened")


def _locked(assessment: SelfAssessment, *, by: Actor) -> SelfAssessment:
    require(by, Permission.PLAN_EDIT, organisation_id=assessment.partnership_id)
    rows = SelfAssessment.objects.select_related("partnership__organisation")
    return rows.select_for_update(of=("self",)).get(pk=assessment.pk)


def _moved(held: SelfAssessment, *, on: dt.date | None, by: Actor, action: str) -> SelfAssessment:
    held.finished_on = on
    held.finished_by = by if on and isinstance(by, User) else None
    held.revision += 1
    held.save(update_fields=["finished_on", "finished_by", "revision"])
    record(action, held, by=by, organisation=held.partnership.organisation, year=held.year)
    return held


@transaction.atomic
def put_into_grid(
    *, answer: CompetenceAnswer, by_when: dt.date, by_whom: str, by: Actor
) -> GridRow:
    """Make the action under a head a row of “Commissioning the system” in the year's own plan.

    Asked again, it gives the row there is. Raises `NotPutIntoGrid`, and as `add_grid_row` does.
    """
    held = (
        CompetenceAnswer.objects.select_for_update(of=("self",))
        .select_related("assessment__partnership__organisation", "grid_row")
        .get(pk=answer.pk)
    )
    require(by, Permission.PLAN_EDIT, organisation_id=held.assessment.partnership_id)
    if held.grid_row is not None:
        return held.grid_row
    if not held.action:
        raise NotPutIntoGrid("Write and save the action first.")
    plan = Plan.objects.filter(
        partnership=held.assessment.partnership, year=held.assessment.year, kind=PlanKind.OWN
    ).first()
    if plan is None:
        raise NotPutIntoGrid("The partnership has no plan for the year yet. Start it first.")
    row = add_grid_row(
        plan=plan,
        grid=PlanningGrid.COMMISSIONING,
        words=GridWords(
            objective=f"Commissioning competence: {competence_head(held.head).name.lower()}",
            action=held.action,
            by_when=by_when,
            by_whom=by_whom,
        ),
        by=by,
    )
    held.grid_row = row
    held.save(update_fields=["grid_row"])
    return row
