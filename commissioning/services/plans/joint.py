"""Joint plans: several partnerships plan Tier 4 together, one of them leads, each has a share."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.text import slugify

from commissioning.choices import PlanKind
from commissioning.kernel.errors import DomainError
from commissioning.models import Partnership, Plan, PlanMember
from commissioning.models.plans import FIRST_YEAR, LAST_YEAR, year_period
from commissioning.roles import Permission
from commissioning.rules.costs import HUNDRED
from commissioning.rules.shares import STEP, shares_by_need
from commissioning.scoping import Actor
from commissioning.selectors.plans.joint import estimates_of
from commissioning.selectors.plans.sides import people_holding
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.notices import tell
from commissioning.services.plans.editing import lock_for_editing
from commissioning.services.plans.telling import address_of
from commissioning.services.refusals import refused_by

FEWEST = 2
LONGEST_SLUG = 60
Shares = Mapping[Partnership, Decimal]


class JointPlanRefused(DomainError):
    """The joint plan cannot be so: its name, its members or their shares."""


@transaction.atomic
def start_joint_plan(
    *, partnership: Partnership, year: int, name: str, shares: Shares, by: Actor, on: dt.date
) -> Plan:
    """An empty draft that the partnership leads. Shares are per cents and make a hundred.

    Raises `NotPermitted` and `JointPlanRefused`. The other members' people are told.
    """
    require(by, Permission.PLAN_EDIT, organisation_id=partnership.pk)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise JointPlanRefused(
            f"Choose a financial year from {FIRST_YEAR} to {LAST_YEAR}.", field="year"
        )
    words = " ".join(name.split())
    rest = slugify(words)
    if not rest:
        raise JointPlanRefused(
            "Enter a name with letters in it, such as Tier 4 North East.", field="name"
        )
    period = year_period(year)
    _check(partnership, shares, on)
    with refused_by(
        "plan_has_an_address_of_its_own",
        f"{partnership} leads a joint plan of that name for {period.label} already.",
        error=JointPlanRefused,
        field="name",
    ):
        plan = Plan.objects.create(
            partnership=partnership,
            year=year,
            kind=PlanKind.JOINT,
            name=words[:120],
            slug=f"{period.code}-{rest}"[:LONGEST_SLUG].rstrip("-"),
        )
    _write(plan, shares)
    record(
        "plan.joint_started",
        plan,
        by=by,
        organisation=partnership.organisation,
        year=period.code,
        shares=_said(shares),
    )
    _tell(plan, shares, "started", by=by, on=on)
    return plan


@transaction.atomic
def change_shares(
    *, plan: Plan, shares: Shares, by: Actor, on: dt.date, revision: int | None = None
) -> Plan:
    """Who shares in the plan, and how much, while it is written.

    Raises as `lock_for_editing` does, and `JointPlanRefused`.
    """
    held = lock_for_editing(plan=plan, by=by, revision=revision)
    if not held.is_joint:
        raise JointPlanRefused("The plan is one partnership's own and has no shares.")
    _check(held.partnership, shares, held.period.start)
    before = {
        one.partnership: one.share
        for one in held.members.select_related("partnership__organisation")
    }
    _write(held, shares)
    record(
        "plan.shares_changed",
        held,
        by=by,
        organisation=held.partnership.organisation,
        revision=held.revision,
        before=_said(before),
        shares=_said(shares),
    )
    _tell(held, {**before, **shares}, f"shares:{held.revision}", by=by, on=on)
    return held


def by_need(partnerships: list[Partnership], year: int) -> dict[Partnership, Decimal]:
    """Shares in proportion to the estimated problem drug users of each, which make 100 exactly.

    Raises `JointPlanRefused` naming those whose needs assessment of the year has no estimate.
    """
    known = estimates_of([one.pk for one in partnerships], year)
    missing = [str(one) for one in partnerships if not known.get(one.pk)]
    if missing:
        raise JointPlanRefused(
            f"No needs assessment of {year_period(year).label} estimates the problem drug users of"
            f" {', '.join(missing)}. Enter the shares in per cent instead.",
            field="how",
        )
    parts = shares_by_need([known[one.pk] for one in partnerships])
    return dict(zip(partnerships, parts, strict=True))


def _check(lead: Partnership, shares: Shares, on: dt.date) -> None:
    if len(shares) < FEWEST:
        raise JointPlanRefused("A joint plan has two members or more. Choose another.")
    if lead not in shares:
        raise JointPlanRefused(f"{lead} leads the plan and shares in it. Enter its share.")
    for partnership, share in shares.items():
        if not STEP <= share <= HUNDRED or share != share.quantize(STEP):
            raise JointPlanRefused(
                f"{partnership}: enter a share from 0.001 to 100 per cent, with at most three"
                " decimals."
            )
        closed = partnership.organisation.closed_on
        if closed is not None and closed <= on:
            raise JointPlanRefused(f"{partnership} is closed and cannot share in the plan.")
    total = sum(shares.values(), Decimal(0))
    if total != HUNDRED:
        raise JointPlanRefused(f"The shares come to {total.normalize():f}%. They must make 100%.")


def _write(plan: Plan, shares: Shares) -> None:
    plan.members.exclude(partnership__in=[one.pk for one in shares]).delete()
    PlanMember.objects.bulk_create(
        (
            PlanMember(plan=plan, partnership=partnership, share=share)
            for partnership, share in shares.items()
        ),
        update_conflicts=True,
        unique_fields=["plan", "partnership"],
        update_fields=["share"],
    )


def _tell(plan: Plan, members: Shares, cause: str, *, by: Actor, on: dt.date) -> None:
    others = [one.pk for one in members if one.pk != plan.partnership_id]
    held = people_holding(Permission.PLAN_EDIT, others, on=on)
    people = {one.pk: one for found in held.values() for one in found if one != by}
    verb = "started" if cause == "started" else "changed the shares of"
    tell(
        people=list(people.values()),
        sentence=f"{plan.partnership} {verb} the joint plan {plan}"[:300],
        link=address_of(plan),
        cause=f"plan:{plan.pk}:{cause}",
    )


def _said(shares: Shares) -> dict[str, str]:
    return {str(one): f"{share.normalize():f}%" for one, share in shares.items()}
