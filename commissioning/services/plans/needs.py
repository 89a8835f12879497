"""A needs assessment: starting one, the guard before every change, finishing, opening again."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from commissioning.choices import NEEDS_TRANSITIONS, NeedsState
from commissioning.kernel.errors import DomainError, TransitionRefused
from commissioning.kernel.transitions import require_transition
from commissioning.kernel.words import joined
from commissioning.models import NeedsArea, NeedsAssessment, Partnership
from commissioning.models.plans import FIRST_YEAR, LAST_YEAR, year_period
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.selectors.organisations import partnerships_in, region_of
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.refusals import refused_by


class NeedsNotStarted(DomainError):
    """The year has an assessment of one of the areas already, or the areas do not fit."""


class NeedsNotFinished(DomainError):
    """The assessment does not say enough yet to be finished."""


@transaction.atomic
def start_assessment(
    *,
    partnership: Partnership,
    year: int,
    on: dt.date,
    by: Actor,
    others: Iterable[Partnership] = (),
    name: str = "",
) -> NeedsAssessment:
    """A needs assessment led by the partnership, of itself and of `others` of its region.

    The others see it through their own plans of the year. Raises `NotPermitted`, and
    `NeedsNotStarted` when one of them has an assessment of the year or lies elsewhere on the day.
    """
    require(by, Permission.PLAN_EDIT, organisation_id=partnership.pk)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NeedsNotStarted(
            f"Choose a financial year from {FIRST_YEAR} to {LAST_YEAR}.", field="year"
        )
    label = year_period(year).label
    areas = {one.pk: one for one in (partnership, *others)}
    if len(areas) > 1 and not name.strip():
        raise NeedsNotStarted(
            "Enter a name for what several partnerships assess together.", field="name"
        )
    _refuse_elsewhere(partnership, areas, on=on)
    covered = NeedsArea.objects.filter(partnership__in=areas, year=year)
    taken = covered.select_related("partnership__organisation")
    if names := [str(one.partnership) for one in taken]:
        raise NeedsNotStarted(
            f"{joined(names)}: there is an assessment for {label} already.", field="others"
        )
    with refused_by(
        "partnership_leads_one_assessment_a_year",
        f"{partnership} leads a needs assessment for {label} already.",
        error=NeedsNotStarted,
    ):
        assessment = NeedsAssessment.objects.create(
            partnership=partnership, year=year, name=name.strip()
        )
    with refused_by(
        "area_is_covered_once_a_year",
        f"One of these partnerships has an assessment for {label} already.",
        error=NeedsNotStarted,
        field="others",
    ):
        NeedsArea.objects.bulk_create(
            NeedsArea(assessment=assessment, partnership=area, year=year)
            for area in areas.values()
        )
    record(
        "needs.started",
        assessment,
        by=by,
        organisation=partnership.organisation,
        year=year_period(year).code,
        areas=sorted(area.code for area in areas.values()),
    )
    return assessment


def lock_assessment(
    *, assessment: NeedsAssessment, by: Actor, revision: int | None
) -> NeedsAssessment:
    """The assessment, locked until the transaction ends, with its revision raised by one.

    Only whoever may edit the lead's plans writes it. `revision` is what the person was shown.
    Raises `NotPermitted`, `TransitionRefused` once it is finished, and `ChangedMeanwhile`.
    """
    held = _locked(assessment, by=by)
    if held.is_finished:
        raise TransitionRefused(f"{held} is finished. Open it again to change it.")
    if revision is not None and revision != held.revision:
        raise ChangedMeanwhile(
            "Somebody saved this assessment after you opened it. What you typed is still here:"
            " compare it with what is held now, and save again."
        )
    NeedsAssessment.objects.filter(pk=held.pk).update(revision=F("revision") + 1)
    held.revision += 1
    return held


@transaction.atomic
def finish_assessment(*, assessment: NeedsAssessment, on: dt.date, by: Actor) -> NeedsAssessment:
    """From here on it shows what was known on the day, and nobody changes it.

    Raises `NeedsNotFinished` while an area has no estimate or there is no summary.
    """
    held = _locked(assessment, by=by)
    _require_transition(held, NeedsState.FINISHED)
    if missing := _missing(held):
        raise NeedsNotFinished(f"Before it is finished it needs {joined(missing)}.")
    return _moved(held, NeedsState.FINISHED, on=on, by=by, action="needs.finished")


@transaction.atomic
def reopen_assessment(*, assessment: NeedsAssessment, by: Actor) -> NeedsAssessment:
    """Open a finished assessment to be written again; it shows what is known today."""
    held = _locked(assessment, by=by)
    _require_transition(held, NeedsState.DRAFT)
    return _moved(held, NeedsState.DRAFT, on=None, by=by, action="needs.reopened")


def _locked(assessment: NeedsAssessment, *, by: Actor) -> NeedsAssessment:
    require(by, Permission.PLAN_EDIT, organisation_id=assessment.partnership_id)
    rows = NeedsAssessment.objects.select_related("partnership__organisation")
    return rows.select_for_update(of=("self",)).get(pk=assessment.pk)


def _require_transition(assessment: NeedsAssessment, to: NeedsState) -> None:
    now = "finished" if assessment.is_finished else "being written"
    require_transition(
        NEEDS_TRANSITIONS,
        current=NeedsState(assessment.state),
        to=to,
        sentence=f"{assessment} is {now} already.",
    )


def _moved(
    held: NeedsAssessment, to: NeedsState, *, on: dt.date | None, by: Actor, action: str
) -> NeedsAssessment:
    held.state, held.finished_on = to, on
    held.finished_by_id = getattr(by, "pk", None) if on else None
    held.revision += 1
    held.save(update_fields=["state", "finished_on", "finished_by", "revision"])
    record(action, held, by=by, organisation=held.partnership.organisation)
    return held


def _missing(held: NeedsAssessment) -> list[str]:
    """What an assessment cannot be without, in words."""
    estimated = held.rings.filter(ring="ESTIMATE").values("partnership")
    areas = held.covered.exclude(partnership__in=estimated)
    names = [str(one.partnership) for one in areas.select_related("partnership__organisation")]
    found = [f"an estimate for {joined(names)}"] if names else []
    return found + ([] if held.summary.strip() else ["a summary"])


def _refuse_elsewhere(lead: Partnership, areas: dict[int, Partnership], *, on: dt.date) -> None:
    if len(areas) == 1:
        return
    region = region_of(lead.pk, on=on)
    within = set(partnerships_in(region, on=on).values_list("pk", flat=True)) if region else set()
    if outside := [str(one) for pk, one in areas.items() if pk not in {*within, lead.pk}]:
        raise NeedsNotStarted(
            f"{joined(outside)}: choose partnerships of the same region.", field="others"
        )
