"""A plan as one person reaches it: what they may do to it in the state it is in."""

from dataclasses import dataclass
from functools import cached_property

from commissioning.choices import AT_WORK_IN, IN_HAND, WRITTEN_IN, AmendmentState, PlanState
from commissioning.models import Amendment, Plan, User
from commissioning.roles import Permission


def amendment_in_hand(plan: Plan) -> Amendment | None:
    """The amendment in hand, if the plan has one: only one that is carried out can."""
    if PlanState(plan.state) not in AT_WORK_IN:
        return None
    return plan.amendments.filter(state__in=IN_HAND).first()


def is_written(plan: Plan, amendment: Amendment | None) -> bool:
    """Whether the plan, with the amendment it has in hand, is its partnership's to change."""
    if PlanState(plan.state) in WRITTEN_IN:
        return True
    return amendment is not None and amendment.state == AmendmentState.OPEN


@dataclass(frozen=True)
class ReachedPlan:
    """A plan and the person who looks at it."""

    plan: Plan
    person: User

    def may(self, permission: Permission) -> bool:
        """Whether the person holds the permission on the plan's partnership."""
        return self.person.reach(permission).covers(self.plan.partnership_id)

    @cached_property
    def amendment(self) -> Amendment | None:
        """The amendment in hand, if the plan has one."""
        return amendment_in_hand(self.plan)

    @cached_property
    def is_written(self) -> bool:
        """Whether the plan can be changed by whoever may edit it."""
        return is_written(self.plan, self.amendment)

    @cached_property
    def may_edit(self) -> bool:
        return self.may(Permission.PLAN_EDIT) and self.is_written

    @cached_property
    def may_agree(self) -> bool:
        return self.may(Permission.PLAN_AGREE)

    @cached_property
    def may_submit(self) -> bool:
        return self.may(Permission.PLAN_SUBMIT)


def reached_plan(person: User, *, partnership: str, slug: str) -> ReachedPlan | None:
    """The plan at an address, if the person may view it."""
    plan = (
        Plan.objects.permitted(person, Permission.PLAN_VIEW)
        .with_names()
        .filter(partnership__organisation__code=partnership, slug=slug)
        .first()
    )
    return ReachedPlan(plan, person) if plan else None
