"""A plan's way from draft to closed. `PLAN_TRANSITIONS` says what may follow what.

Each deed locks the plan, asks the table, and freezes or posts what belongs to it in the same
transaction. Of two people at once the second is told what the first did.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F

from commissioning.choices import (
    IN_HAND,
    PLAN_TRANSITIONS,
    PlanSection,
    PlanState,
    VersionReason,
)
from commissioning.kernel.errors import DomainError
from commissioning.kernel.transitions import require_transition
from commissioning.kernel.words import day, joined
from commissioning.models import Plan
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.selectors.plans.checking import blocking_checks
from commissioning.selectors.plans.comments import open_comments, open_conditions
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.jobs import announce
from commissioning.services.ledger.agreed import post_plan
from commissioning.services.ledger.year_end import carry_forward
from commissioning.services.plans.commenting import add_comment
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.quarters import open_reports, unsigned_quarters
from commissioning.services.plans.telling import tell_partnership, tell_region
from commissioning.services.plans.versions import freeze_version

# What each deed is called, and who may do it.
DEEDS: dict[PlanState, tuple[str, Permission]] = {
    PlanState.SUBMITTED: ("submit", Permission.PLAN_SUBMIT),
    PlanState.COMMENTED: ("return", Permission.PLAN_AGREE),
    PlanState.RESUBMITTED: ("resubmit", Permission.PLAN_SUBMIT),
    PlanState.AGREED: ("agree", Permission.PLAN_AGREE),
    PlanState.MONITORED: ("begin to monitor", Permission.PLAN_AGREE),
    PlanState.CLOSED: ("close", Permission.PLAN_AGREE),
}


class NotReady(DomainError):
    """The plan is not what the deed asks of it yet; the sentence names what is missing."""


@transaction.atomic
def submit_plan(*, plan: Plan, by: Actor, on: dt.date, revision: int | None = None) -> Plan:
    """Send a draft to the region: it is frozen as a version.

    Raises `NotPermitted`, `TransitionRefused`, `ChangedMeanwhile`, and `NotReady` while a check
    fails that has to hold before submission.
    """
    return _send(plan, PlanState.SUBMITTED, by=by, on=on, revision=revision)


@transaction.atomic
def resubmit_plan(*, plan: Plan, by: Actor, on: dt.date, revision: int | None = None) -> Plan:
    """Send a returned plan to the region again, once every condition is answered."""
    return _send(plan, PlanState.RESUBMITTED, by=by, on=on, revision=revision)


@transaction.atomic
def return_plan(
    *,
    plan: Plan,
    by: Actor,
    on: dt.date,
    revision: int | None = None,
    comment: str = "",
    is_condition: bool = False,
) -> Plan:
    """Give the plan back to its partnership, with what was commented and a last word.

    Raises `NotReady` when nothing was said that asks for a change.
    """
    held = _moving(plan, PlanState.COMMENTED, by=by, revision=revision)
    if comment.strip():
        add_comment(
            plan=held,
            section=PlanSection.SUMMARY,
            text=comment,
            is_condition=is_condition,
            by=by,
        )
    if not open_comments(held).exists():
        raise NotReady("Say what is to be changed before you return the plan.", field="comment")
    conditions = open_conditions(held).count()
    _moved(held, PlanState.COMMENTED, by=by, conditions=conditions)
    tell_partnership(
        held,
        f"The treatment plan {held} came back from the region"
        + (f" with {_counted(conditions)}" if conditions else " with comments"),
        cause=f"returned:{held.revision}",
        by=by,
        on=on,
    )
    return held


@transaction.atomic
def agree_plan(*, plan: Plan, by: Actor, on: dt.date, revision: int | None = None) -> Plan:
    """Agree the plan: it is frozen, what it allocates is posted to the ledger, and the days of its
    quarterly reports are set.

    Raises `NotReady` while a condition is not settled.
    """
    held = _moving(plan, PlanState.AGREED, by=by, revision=revision)
    conditions = open_conditions(held).count()
    if conditions:
        raise NotReady(
            f"{_conditions(conditions).capitalize()} not settled. Settle each, or return the plan."
        )
    _moved(held, PlanState.AGREED, by=by)
    freeze_version(plan=held, reason=VersionReason.AGREED, by=by)
    post_plan(plan=held, cause=f"plan:{held.pk}:agreed", by=by, on=on)
    open_reports(plan=held, by=by)
    tell_partnership(held, f"The treatment plan {held} is agreed", cause="agreed", by=by, on=on)
    return held


@transaction.atomic
def begin_monitoring(*, plan: Plan, by: Actor, on: dt.date, revision: int | None = None) -> Plan:
    """From now on a report is due each quarter. Not before the plan's year begins."""
    held = _moving(plan, PlanState.MONITORED, by=by, revision=revision)
    if on < first_day_of(PlanState.MONITORED, held):
        raise NotReady(f"The year of the plan begins on {day(held.period.start)}.")
    _moved(held, PlanState.MONITORED, by=by)
    open_reports(plan=held, by=by)
    announce(
        "plan.monitored",
        cause=f"plan:{held.pk}:monitored",
        title=f"Monitoring of the plan {held}",
        by=by,
        organisation=held.partnership.organisation,
        plan=held.pk,
    )
    tell_partnership(
        held, f"The treatment plan {held} is now monitored", cause="monitored", by=by, on=on
    )
    return held


@transaction.atomic
def close_plan(*, plan: Plan, by: Actor, on: dt.date, revision: int | None = None) -> Plan:
    """The year is over: the plan stays as it is. Every quarter's report is signed first, and an
    amendment in hand is decided.
    """
    held = _moving(plan, PlanState.CLOSED, by=by, revision=revision)
    for reason in keeps_open(plan=held, on=on):
        raise NotReady(reason)
    _moved(held, PlanState.CLOSED, by=by)
    carry_forward(plan=held, by=by, on=on)
    tell_partnership(held, f"The treatment plan {held} is closed", cause="closed", by=by, on=on)
    return held


def first_day_of(to: PlanState, plan: Plan) -> dt.date:
    """The day from which the plan can be brought to the state: it is monitored once its year
    begins, and closed once that is over. The other deeds wait for no day.
    """
    days = {PlanState.MONITORED: plan.period.start, PlanState.CLOSED: plan.period.end}
    return days.get(to, dt.date.min)


def keeps_open(*, plan: Plan, on: dt.date) -> list[str]:
    """Why the plan cannot be closed on the day, in sentences; nothing where it can be."""
    reasons = []
    if on < first_day_of(PlanState.CLOSED, plan):
        reasons.append(f"The year of the plan ends on {day(plan.period.last_day)}.")
    if plan.amendments.filter(state__in=IN_HAND).exists():
        reasons.append("An amendment is in hand. Decide it, or let it be withdrawn, first.")
    if unsigned := unsigned_quarters(plan):
        many = len(unsigned) != 1
        reasons.append(
            f"The report{'s' if many else ''} of quarter{'s' if many else ''} {joined(unsigned)}"
            f" {'are' if many else 'is'} not signed. The plan is closed once all four are."
        )
    return reasons


def refuse_failing_checks(plan: Plan) -> None:
    """Raise `NotReady` while a check fails that has to hold before the region gets the plan."""
    failing = blocking_checks(plan)
    if failing:
        many = len(failing) != 1
        raise NotReady(
            f"{len(failing)} check{'s' if many else ''} {'do' if many else 'does'} not hold yet."
            " The page of checks says which, and where to mend them."
        )


def lock_plan(plan: Plan) -> Plan:
    """The plan as it is now, held until the transaction ends."""
    return Plan.objects.with_names().select_for_update(of=("self",), no_key=True).get(pk=plan.pk)


def _send(plan: Plan, to: PlanState, *, by: Actor, on: dt.date, revision: int | None) -> Plan:
    held = _moving(plan, to, by=by, revision=revision)
    refuse_failing_checks(held)
    unanswered = open_conditions(held).filter(answered_at__isnull=True).count()
    if unanswered:
        raise NotReady(f"{_conditions(unanswered).capitalize()} not answered. Answer each first.")
    _moved(held, to, by=by)
    version = freeze_version(plan=held, reason=VersionReason.SUBMITTED, by=by)
    tell_region(
        held,
        f"The treatment plan {held} is {PlanState(to).label.lower()}: comment on it or agree it",
        cause=f"sent:{version.number}",
        by=by,
        on=on,
    )
    return held


def _moving(plan: Plan, to: PlanState, *, by: Actor, revision: int | None) -> Plan:
    deed, permission = DEEDS[to]
    require(by, permission, organisation_id=plan.partnership_id)
    held = lock_plan(plan)
    state = PlanState(held.state)
    require_transition(
        PLAN_TRANSITIONS,
        current=state,
        to=to,
        sentence=f"The plan of {held} is “{state.label.lower()}”: you cannot {deed} it now.",
    )
    if revision is not None and revision != held.revision:
        raise ChangedMeanwhile(
            "The plan was changed after you opened this page. Look at it again before you go on."
        )
    return held


def _moved(plan: Plan, to: PlanState, *, by: Actor, **details: object) -> None:
    """Write the new state; whatever page shows the old one is told on its next save."""
    before, plan.state = plan.state, to
    plan.revision += 1
    Plan.objects.filter(pk=plan.pk).update(state=to, revision=F("revision") + 1)
    record(
        f"plan.{to.value.lower()}",
        plan,
        by=by,
        organisation=plan.partnership.organisation,
        state=[PlanState(before).label, to.label],
        **details,
    )


def _conditions(number: int) -> str:
    return "1 condition is" if number == 1 else f"{number} conditions are"


def _counted(number: int) -> str:
    return "1 condition" if number == 1 else f"{number} conditions"
