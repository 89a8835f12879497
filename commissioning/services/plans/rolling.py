"""Rolling last year's plan forward: a draft of the next year, with uplifts, without the ledger."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from commissioning.choices import FundingStanding, PlanKind
from commissioning.kernel.errors import DomainError
from commissioning.kernel.money import whole_pennies
from commissioning.kernel.periods import add_months
from commissioning.models import (
    Allocation,
    Coverage,
    Funding,
    GridRow,
    Line,
    Plan,
    PlanDocument,
    PlanMember,
    Priority,
    Target,
)
from commissioning.models.funding import CARRIED_FORWARD
from commissioning.models.plans import LAST_YEAR, year_period
from commissioning.reference.targets import TARGET_SUBJECTS
from commissioning.roles import Permission
from commissioning.rules.trajectories import straight_line
from commissioning.rules.uplift import Price, Uplifts, raised, uplifted
from commissioning.scoping import Actor
from commissioning.selectors.plans.parts import baselines_of
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.plans.line_rows import PLAIN, LineRow, Reached
from commissioning.services.plans.lines import save_lines
from commissioning.services.plans.targets import STEPS
from commissioning.services.refusals import refused_by

TO_CONFIRM = "rolled forward, to be confirmed"
MONTHS_IN_A_YEAR = 12


class NotRolled(DomainError):
    """The next year has a plan already, or cannot have one."""


@transaction.atomic
def roll_forward(*, plan: Plan, by: Actor, uplifts: Uplifts | None = None) -> Plan:
    """A draft of the next year that says what the plan says, with its money uplifted.

    Milestones begin anew, funding is expected, baselines of targets are last year's results, to be
    confirmed; a target that they have passed has no quarters until it is set again. Declarations
    are made anew; nothing of the ledger is taken along, nor money carried forward, which the year
    end makes. Raises `NotPermitted`, `NotRolled`, and `LinesRefused` where a line cannot be one of
    the next year.
    """
    require(by, Permission.PLAN_EDIT, organisation_id=plan.partnership_id)
    uplifts = uplifts or Uplifts()
    new = _next_year(plan)
    _copy_members(plan, new)
    _copy_priorities(plan, new)
    if not plan.is_joint:
        _copy_funding(plan, new, uplifts)
    saved = save_lines(plan=new, rows=_rows(plan, uplifts), by=by)
    new.refresh_from_db()
    _copy_grids(plan, new)
    _copy_coverage(plan, new)
    _copy_documents(plan, new)
    _copy_targets(plan, new, by)
    record(
        "plan.rolled_forward",
        new,
        by=by,
        organisation=new.partnership.organisation,
        year=new.period.code,
        rolled_from=plan.period.code,
        lines=len(saved.added),
        uplifts={
            name: {code: str(rate) for code, rate in rates.items()}
            for name, rates in vars(uplifts).items()
            if rates
        },
    )
    return new


def next_plan_of(plan: Plan) -> Plan | None:
    """The plan that the next year has already, where this one would be rolled to."""
    following = Plan.objects.filter(partnership=plan.partnership_id, year=plan.year + 1)
    if plan.is_joint:
        return following.filter(slug=_slug(plan)).with_names().first()
    return following.filter(kind=PlanKind.OWN).with_names().first()


def _next_year(plan: Plan) -> Plan:
    if plan.year >= LAST_YEAR:
        raise NotRolled(f"{plan.period.label} is the last year a plan can be for.")
    following = year_period(plan.year + 1)
    there = f"{plan.name or plan.partnership} has a plan for {following.label} already."
    if next_plan_of(plan) is not None:
        raise NotRolled(there)
    with refused_by(
        "plan_has_an_address_of_its_own",
        there,
        "partnership_has_one_plan_of_its_own_a_year",
        error=NotRolled,
    ):
        return Plan.objects.create(
            partnership=plan.partnership,
            year=plan.year + 1,
            kind=plan.kind,
            slug=_slug(plan),
            name=plan.name,
            summary=plan.summary,
            has_prison=plan.has_prison,
            rolled_from=plan,
        )


def _slug(plan: Plan) -> str:
    """The year's code, and for a joint plan the rest of its address."""
    return year_period(plan.year + 1).code + plan.slug.removeprefix(plan.period.code)


def _rows(plan: Plan, uplifts: Uplifts) -> list[LineRow]:
    lines = (
        plan.lines.select_related("provider", "priority")
        .prefetch_related("allocations", "trajectory")
        .order_by("position", "number")
    )
    return [_row(line, uplifts) for line in lines]


def _row(line: Line, uplifts: Uplifts) -> LineRow:
    provider = line.provider.code if line.provider else ""
    intervention = str(line.intervention_id or "")
    before = Price(
        line.unit_cost,
        line.volume,
        line.weeks,
        line.plain_sum,
        {one.stream_id: one.amount for one in line.allocations.all() if one.amount},
    )
    price = uplifted(before, uplifts, provider=provider, intervention=intervention)
    values = {name: getattr(line, name) for name in PLAIN}
    values |= {"unit_cost": price.unit_cost, "plain_sum": price.plain_sum}
    values |= {
        "intervention": intervention,
        "provider": provider,
        "priority": line.priority.number if line.priority else None,
    }
    factor = price.cost / before.cost if before.cost else Decimal(1)
    return LineRow(
        key=str(line.number),
        values=values,
        amounts=price.amounts,
        trajectory={
            one.quarter: Reached(
                one.starts, None if one.spend is None else whole_pennies(one.spend * factor)
            )
            for one in line.trajectory.all()
        },
    )


def _copy_members(plan: Plan, new: Plan) -> None:
    PlanMember.objects.bulk_create(
        PlanMember(plan=new, partnership_id=one.partnership_id, share=one.share)
        for one in plan.members.order_by("pk")
    )


def _copy_priorities(plan: Plan, new: Plan) -> None:
    Priority.objects.bulk_create(
        Priority(plan=new, number=one.number, text=one.text, need=one.need)
        for one in plan.priorities.order_by("number")
    )


def _copy_funding(plan: Plan, new: Plan, uplifts: Uplifts) -> None:
    """Streams as expected. One that the next year has stays; one only lines name begins at £0.

    Money carried forward is never expected: what is left of the year is known when it ends.
    """
    here = {"partnership": plan.partnership, "year": new.year}
    known = set(Funding.objects.filter(**here).values_list("stream_id", flat=True))
    held = {
        one.stream_id: Funding(
            **here,
            stream_id=one.stream_id,
            amount=raised(one.amount, uplifts.of_stream(one.stream_id)),
            standing=FundingStanding.EXPECTED,
            holder_id=one.holder_id,
            held_by=one.held_by,
            note=one.note,
        )
        for one in Funding.objects.filter(partnership=plan.partnership, year=plan.year)
        if one.stream_id != CARRIED_FORWARD
    }
    taken = Allocation.objects.filter(plan=plan, amount__gt=0).order_by()
    for stream in taken.values_list("stream_id", flat=True).distinct():
        held.setdefault(stream, Funding(**here, stream_id=stream, amount=Decimal(0)))
    Funding.objects.bulk_create(
        funding for stream, funding in sorted(held.items()) if stream not in known
    )


def _copy_grids(plan: Plan, new: Plan) -> None:
    """Actions a year later, not started."""
    priorities = {one.number: one for one in new.priorities.all()}
    GridRow.objects.bulk_create(
        GridRow(
            plan=new,
            grid=one.grid,
            number=one.number,
            priority=priorities[one.priority.number] if one.priority else None,
            objective=one.objective,
            action=one.action,
            by_when=_year_later(one.by_when),
            by_whom=one.by_whom,
        )
        for one in plan.grid_rows.select_related("priority")
    )


def _year_later(day: dt.date) -> dt.date:
    """The same day a year on; 29 February becomes the month's last."""
    first = add_months(day.replace(day=1), MONTHS_IN_A_YEAR)
    last = add_months(first, 1) - dt.timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def _copy_coverage(plan: Plan, new: Plan) -> None:
    Coverage.objects.bulk_create(
        Coverage(plan=new, **_columns(one)) for one in plan.coverage.all()
    )


def _copy_documents(plan: Plan, new: Plan) -> None:
    PlanDocument.objects.bulk_create(
        PlanDocument(plan=new, **_columns(one)) for one in plan.documents.order_by("pk")
    )


def _columns(one: Coverage | PlanDocument) -> dict[str, Any]:
    """What a row says, without whose it is."""
    return {
        field.attname: getattr(one, field.attname)
        for field in one._meta.concrete_fields
        if field.name not in {"id", "plan"}
    }


def _copy_targets(plan: Plan, new: Plan, by: Actor) -> None:
    """The numbers aimed at stay; the way to each begins at what was reached last year.

    There is no way to a number that was passed already: its quarters stay empty.
    """
    results = baselines_of(new, seen_by=by)
    subjects = {one.code: one for one in TARGET_SUBJECTS}
    made = []
    for one in plan.targets.order_by("pk"):
        copy = Target(
            plan=new,
            indicator=one.indicator,
            source=one.source,
            target=one.target,
            agreed_with=one.agreed_with,
        )
        subject = subjects.get(one.indicator)
        known = results.get(subject.evidence) if subject else None
        if known is not None and known.value is not None and subject is not None:
            copy.baseline = known.value
            room = 200 - len(TO_CONFIRM) - 2
            copy.baseline_source = f"{known.source[:room]}; {TO_CONFIRM}"
            if one.target is not None and not copy.is_passed:
                copy.trajectory = straight_line(
                    baseline=known.value, target=one.target, step=STEPS[subject.unit]
                )
        made.append(copy)
    Target.objects.bulk_create(made)
