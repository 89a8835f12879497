"""The guard before every change of a plan: who, in which state, and on what they last saw."""

from django.db.models import F

from commissioning.choices import AT_WORK_IN, PlanState
from commissioning.kernel.errors import DomainError, TransitionRefused
from commissioning.models import Plan
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.selectors.plans.reaching import amendment_in_hand, is_written
from commissioning.services.access import require


class ChangedMeanwhile(DomainError):
    """Somebody else saved the plan after this person opened it. Nothing was written."""


def lock_for_editing(*, plan: Plan, by: Actor, revision: int | None = None) -> Plan:
    """The plan, locked until the transaction ends, with its revision raised by one.

    `revision` is what the person was shown; without one, the change cannot overwrite anything.
    Raises `NotPermitted`, `TransitionRefused` when the plan is not being written, and
    `ChangedMeanwhile`.
    """
    require(by, Permission.PLAN_EDIT, organisation_id=plan.partnership_id)
    held = Plan.objects.with_names().select_for_update(of=("self",)).get(pk=plan.pk)
    require_written(held)
    if revision is not None and revision != held.revision:
        raise ChangedMeanwhile(
            "Somebody saved this plan after you opened it. What you typed is still here: compare"
            " it with what the plan says now, and save again."
        )
    Plan.objects.filter(pk=held.pk).update(revision=F("revision") + 1)
    held.revision += 1
    return held


def require_written(plan: Plan) -> None:
    """Raise `TransitionRefused`, saying what to do, unless the plan can be changed."""
    if is_written(plan, amendment_in_hand(plan)):
        return
    if plan.state in AT_WORK_IN:
        raise TransitionRefused(
            f"The plan of {plan} is agreed. Open an amendment, with its reason, to change it."
        )
    if plan.state == PlanState.CLOSED:
        raise TransitionRefused(f"The plan of {plan} is closed and stays as it was.")
    raise TransitionRefused(
        f"The plan of {plan} is with the region. It can be changed when it comes back."
    )
