"""What the year before left, as the tab “Money” tells of it."""

from dataclasses import dataclass

from commissioning.choices import AT_WORK_IN, WRITTEN_IN, AmendmentState, PlanState
from commissioning.kernel.words import MISSING, joined, pounds
from commissioning.models.funding import CARRIED_FORWARD
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.selectors.plans.carried import CarriedPart, carried_into_plan
from commissioning.selectors.plans.money import PlanMoney
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.views.plans.reaching import plan_href

ANYTHING = "Anything"


@dataclass(frozen=True)
class ShownPart:
    """What is left of a stream, what that may pay for, and what lines for that take."""

    name: str
    amount: str
    pays_for: str
    within: str


@dataclass(frozen=True)
class ShownCarried:
    """The parts, what of them is amiss, and what is to be done about what is on no line yet."""

    heading: str
    parts: list[ShownPart]
    amiss: list[str]
    to_do: str
    words: str
    href: str


def shown_carried(reached: ReachedPlan, money: PlanMoney) -> ShownCarried | None:
    """What was carried into the plan's year, once the year before was closed with money left."""
    plan = reached.plan
    if CARRIED_FORWARD not in money.funding:
        return None
    joint = (line for part in money.joint_parts for line in part.lines)
    carried = carried_into_plan(plan, joint)
    if not carried.parts:
        return None
    names = {part.stream.pk: part.stream.name for part in carried.parts}
    to_do, words, href = _to_do(reached, money)
    return ShownCarried(
        heading=f"Carried forward from {year_period(plan.year - 1).label}",
        parts=[_shown(part) for part in carried.parts],
        amiss=[
            f"{pounds(one.amount)} that came from"
            f" {joined(names[origin.stream] for origin in one.origins)}"
            " is on lines it may not pay for."
            for one in carried.beyond
        ],
        to_do=to_do,
        words=words,
        href=href,
    )


def _shown(part: CarriedPart) -> ShownPart:
    fence = joined(one.lower() for one in part.pays_only)
    return ShownPart(
        part.stream.name,
        pounds(part.amount),
        f"{fence[0].upper()}{fence[1:]}" if fence else ANYTHING,
        pounds(part.within) if part.pays_only else MISSING,
    )


def _to_do(reached: ReachedPlan, money: PlanMoney) -> tuple[str, str, str]:
    """What is on no line yet, who puts it there, and a link where the person may."""
    plan = reached.plan
    held = next(one for one in money.by_stream if one.stream.pk == CARRIED_FORWARD)
    if held.balance.left <= 0 or plan.state == PlanState.CLOSED:
        return "", "", ""
    left = f"{pounds(held.balance.left)} of it is on no line yet."
    if reached.may_edit:
        sent = "plan" if PlanState(plan.state) in WRITTEN_IN else "amendment"
        lines = plan_href(plan, "commissioning:plan-lines")
        return f"{left} The {sent} can be submitted once it is.", "Put it on lines", lines
    if reached.amendment is None and PlanState(plan.state) in AT_WORK_IN:
        said = f"{left} The plan is agreed, so an amendment puts it there."
        if reached.may(Permission.PLAN_EDIT):
            return said, "Open an amendment", plan_href(plan, "commissioning:amendment-open")
        return said, "", ""
    if reached.amendment is not None and reached.amendment.state == AmendmentState.SUBMITTED:
        return f"{left} The amendment in hand is decided first.", "", ""
    return left, "", ""
