"""Changing an agreed plan in its year: opened with a reason, decided by the region.

While an amendment is open the plan can be edited again. Agreed, it is the plan's next version and
the ledger gets the difference; withdrawn or refused, the plan says again what it said before.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F, Max

from commissioning.choices import (
    AMENDMENT_TRANSITIONS,
    AT_WORK_IN,
    AmendmentState,
    PlanState,
    VersionReason,
)
from commissioning.kernel.clock import technical_now
from commissioning.kernel.errors import TransitionRefused
from commissioning.kernel.transitions import require_transition
from commissioning.models import Allocation, Amendment, Plan, User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.selectors.plans.comments import open_conditions
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.ledger.agreed import post_plan, refuse_less_than_is_spent
from commissioning.services.plans.agreement import NotReady, lock_plan, refuse_failing_checks
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.services.plans.telling import address_of, tell_partnership, tell_region
from commissioning.services.plans.versions import freeze_version, restore_version
from commissioning.services.refusals import refused_by

# What each deed is called, and who may do it; opened anew means given back to be changed.
DEEDS: dict[AmendmentState, tuple[str, Permission]] = {
    AmendmentState.SUBMITTED: ("submit", Permission.PLAN_SUBMIT),
    AmendmentState.WITHDRAWN: ("withdraw", Permission.PLAN_EDIT),
    AmendmentState.AGREED: ("agree", Permission.PLAN_AGREE),
    AmendmentState.REFUSED: ("refuse", Permission.PLAN_AGREE),
    AmendmentState.OPEN: ("return", Permission.PLAN_AGREE),
}


@transaction.atomic
def open_amendment(*, plan: Plan, reason: str, by: Actor) -> Amendment:
    """Open an agreed plan to be changed. One amendment is in hand at a time."""
    require(by, Permission.PLAN_EDIT, organisation_id=plan.partnership_id)
    held = lock_plan(plan)
    if PlanState(held.state) not in AT_WORK_IN:
        raise TransitionRefused(
            f"The plan of {held} is “{held.get_state_display().lower()}”: only an agreed plan is"
            " amended."
        )
    if not reason.strip():
        raise NotReady("Enter the reason.", field="reason")
    last = held.amendments.aggregate(last=Max("number"))["last"] or 0
    with refused_by(
        "plan_has_one_amendment_in_hand",
        f"An amendment of the plan of {held} is in hand already. Decide it first.",
        error=TransitionRefused,
    ):
        amendment = Amendment.objects.create(
            plan=held, number=last + 1, reason=reason.strip(), opened_by=_person(by)
        )
    Plan.objects.filter(pk=held.pk).update(revision=F("revision") + 1)
    _record("amendment.opened", amendment, by, reason=amendment.reason)
    return amendment


@transaction.atomic
def submit_amendment(
    *, amendment: Amendment, by: Actor, on: dt.date, revision: int | None = None
) -> Amendment:
    """Send the changed plan to the region. The same checks hold as for a new plan.

    Raises `LedgerRefused` where a line would have less than is committed or paid of it.
    """
    held = _moving(amendment, AmendmentState.SUBMITTED, by=by, revision=revision)
    refuse_failing_checks(held.plan)
    refuse_less_than_is_spent(held.plan)
    unanswered = open_conditions(held.plan).filter(answered_at__isnull=True).count()
    if unanswered:
        raise NotReady(f"Answer every condition first: {unanswered} left.")
    _moved(held, AmendmentState.SUBMITTED, by=by)
    tell_region(
        held.plan,
        f"An amendment of the treatment plan {held.plan} waits for the region's decision",
        cause=f"amendment:{held.number}:sent:{held.plan.revision}",
        by=by,
        on=on,
        link=amendment_address(held),
    )
    return held


@transaction.atomic
def agree_amendment(
    *,
    amendment: Amendment,
    by: Actor,
    on: dt.date,
    decision: str = "",
    revision: int | None = None,
) -> Amendment:
    """Agree it: the plan is frozen as varied, and the ledger gets the difference.

    Raises `LedgerRefused`, naming the line, where a line would have less than is committed or
    paid, and `NotReady` while a condition is not settled.
    """
    held = _moving(amendment, AmendmentState.AGREED, by=by, revision=revision)
    conditions = open_conditions(held.plan).count()
    if conditions:
        raise NotReady(
            f"Settle every condition first, or return the amendment: {conditions} left."
        )
    _decided(held, AmendmentState.AGREED, decision, by=by)
    freeze_version(plan=held.plan, reason=VersionReason.VARIED, by=by)
    post_plan(plan=held.plan, cause=f"plan:{held.plan_id}:amendment:{held.number}", by=by, on=on)
    _tell_decision(held, by=by, on=on)
    return held


@transaction.atomic
def return_amendment(
    *,
    amendment: Amendment,
    by: Actor,
    on: dt.date,
    decision: str = "",
    revision: int | None = None,
) -> Amendment:
    """Give it back to be changed: it is open again, with what is to be changed."""
    held = _moving(amendment, AmendmentState.OPEN, by=by, revision=revision)
    if not decision.strip():
        raise NotReady("Say what is to be changed.", field="decision")
    held.decision = decision.strip()
    _moved(held, AmendmentState.OPEN, by=by, reason=held.decision)
    tell_partnership(
        held.plan,
        f"The amendment of the treatment plan {held.plan} came back from the region",
        cause=f"amendment:{held.number}:returned:{held.plan.revision}",
        by=by,
        on=on,
        link=amendment_address(held),
    )
    return held


@transaction.atomic
def refuse_amendment(
    *,
    amendment: Amendment,
    by: Actor,
    on: dt.date,
    decision: str,
    revision: int | None = None,
) -> Amendment:
    """Refuse it, with a reason: the plan says again what was agreed."""
    held = _moving(amendment, AmendmentState.REFUSED, by=by, revision=revision)
    if not decision.strip():
        raise NotReady("Say why it is refused.", field="decision")
    _decided(held, AmendmentState.REFUSED, decision, by=by)
    _go_back(held.plan)
    _tell_decision(held, by=by, on=on)
    return held


@transaction.atomic
def withdraw_amendment(
    *, amendment: Amendment, by: Actor, revision: int | None = None
) -> Amendment:
    """The partnership gives it up: the plan says again what was agreed."""
    held = _moving(amendment, AmendmentState.WITHDRAWN, by=by, revision=revision)
    _decided(held, AmendmentState.WITHDRAWN, "", by=by)
    _go_back(held.plan)
    return held


def amendment_address(amendment: Amendment) -> str:
    """Where the amendment is read and decided."""
    return address_of(amendment.plan, "amendments", str(amendment.number))


def _go_back(plan: Plan) -> None:
    """To the last version that was agreed, and to the money that was moved since."""
    agreed = plan.versions.filter(reason__in=[VersionReason.AGREED, VersionReason.VARIED])
    restore_version(plan=plan, version=agreed.order_by("-number")[0])
    # Virements are approved without a version: what the ledger holds as planned is agreed.
    Allocation.objects.filter(plan=plan).exclude(amount=F("planned")).update(amount=F("planned"))


def _moving(
    amendment: Amendment, to: AmendmentState, *, by: Actor, revision: int | None
) -> Amendment:
    deed, permission = DEEDS[to]
    plan = lock_plan(amendment.plan)
    require(by, permission, organisation_id=plan.partnership_id)
    held = Amendment.objects.get(pk=amendment.pk)
    held.plan = plan
    state = AmendmentState(held.state)
    require_transition(
        AMENDMENT_TRANSITIONS,
        current=state,
        to=to,
        sentence=f"Amendment {held.number} of {plan} is “{state.label.lower()}”: you cannot {deed}"
        " it now.",
    )
    if revision is not None and revision != plan.revision:
        raise ChangedMeanwhile(
            "The plan was changed after you opened this page. Look at it again before you go on."
        )
    return held


def _decided(amendment: Amendment, to: AmendmentState, decision: str, *, by: Actor) -> None:
    amendment.decision, amendment.decided_at = decision.strip(), technical_now()
    amendment.decided_by = _person(by)
    _moved(amendment, to, by=by, reason=amendment.decision)


def _moved(amendment: Amendment, to: AmendmentState, *, by: Actor, reason: str = "") -> None:
    amendment.state = to
    amendment.save(update_fields=["state", "decision", "decided_at", "decided_by"])
    plan = amendment.plan
    Plan.objects.filter(pk=plan.pk).update(revision=F("revision") + 1)
    plan.revision += 1
    _record(f"amendment.{to.value.lower()}", amendment, by, reason=reason)


def _tell_decision(amendment: Amendment, *, by: Actor, on: dt.date) -> None:
    tell_partnership(
        amendment.plan,
        f"The amendment of the treatment plan {amendment.plan} is"
        f" {AmendmentState(amendment.state).label.lower()}",
        cause=f"amendment:{amendment.number}:{amendment.state.lower()}",
        by=by,
        on=on,
        link=amendment_address(amendment),
    )


def _record(action: str, amendment: Amendment, by: Actor, *, reason: str = "") -> None:
    plan = amendment.plan
    record(
        action,
        plan,
        by=by,
        organisation=plan.partnership.organisation,
        amendment=amendment.number,
        **({"reason": reason} if reason else {}),
    )


def _person(by: Actor) -> User | None:
    return by if isinstance(by, User) else None
