"""Targets: where the partnership is, where it means to be, and the way there by quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from commissioning.choices import TargetSource
from commissioning.kernel.errors import DomainError
from commissioning.models import Plan, Target
from commissioning.reference.targets import TargetSubject, target_subject
from commissioning.rules.trajectories import QUARTERS, straight_line
from commissioning.scoping import Actor
from commissioning.services.audit import record
from commissioning.services.plans.editing import lock_for_editing

STEPS = {"people": Decimal(1), "share": Decimal("0.01")}
MOST_PEOPLE = Decimal(99_999_999)


class TargetRefused(DomainError):
    """The numbers do not make a target."""


@dataclass(frozen=True, kw_only=True)
class TargetWords:
    """A target as it is to be: shares between 0 and 1, people as whole numbers.

    Without a trajectory it is a straight line from the baseline.
    """

    baseline: Decimal | None = None
    baseline_source: str = ""
    target: Decimal
    trajectory: Sequence[Decimal] = ()
    agreed_with: str = ""


@transaction.atomic
def set_target(
    *,
    plan: Plan,
    indicator: str,
    source: TargetSource,
    words: TargetWords,
    by: Actor,
    revision: int | None = None,
) -> Target:
    """Set, or change, a target of the plan.

    Raises `TargetRefused`, and as `lock_for_editing` does.
    """
    held = lock_for_editing(plan=plan, by=by, revision=revision)
    subject = target_subject(indicator)
    if source not in subject.sources:
        raise TargetRefused(f"There is no {source.label.lower()} for {subject.name.lower()}.")
    trajectory = _trajectory(subject, source, words)
    target, _ = Target.objects.update_or_create(
        plan=held,
        indicator=indicator,
        source=source,
        defaults={
            "baseline": words.baseline,
            "baseline_source": words.baseline_source.strip(),
            "target": words.target,
            "trajectory": trajectory,
            "agreed_with": words.agreed_with.strip(),
        },
    )
    record(
        "plan.target_set",
        held,
        by=by,
        organisation=held.partnership.organisation,
        target=f"{subject.name} ({source.label.lower()})",
        baseline=None if words.baseline is None else str(words.baseline),
        value=str(words.target),
        quarters=[str(one) for one in trajectory],
    )
    return target


@transaction.atomic
def drop_target(*, target: Target, by: Actor, revision: int | None = None) -> None:
    """Take a target out of the plan. Raises as `lock_for_editing` does."""
    held = lock_for_editing(plan=target.plan, by=by, revision=revision)
    Target.objects.filter(pk=target.pk, plan=held).delete()
    record(
        "plan.target_dropped",
        held,
        by=by,
        organisation=held.partnership.organisation,
        target=target_subject(target.indicator).name,
    )


def _trajectory(subject: TargetSubject, source: TargetSource, words: TargetWords) -> list[Decimal]:
    """The four quarters, once the numbers are known to make sense."""
    if words.baseline is not None and not words.baseline_source.strip():
        raise TargetRefused("Say where the baseline comes from.", field="baseline_source")
    if source == TargetSource.DELIVERY_PLAN and not words.agreed_with.strip():
        raise TargetRefused(
            "Say with which primary care trust and health authority it is agreed.",
            field="agreed_with",
        )
    _refuse_nonsense(subject, [words.baseline, words.target, *words.trajectory])
    if words.trajectory:
        if len(words.trajectory) != QUARTERS:
            raise TargetRefused(
                "Enter all four quarters, or none to have a straight line.", field="first"
            )
        if words.trajectory[-1] != words.target:
            raise TargetRefused(
                "The last quarter is the target: make them the same.", field="fourth"
            )
        return list(words.trajectory)
    if words.baseline is None:
        raise TargetRefused(
            "Enter the four quarters, or a baseline to draw a line from.", field="baseline"
        )
    return straight_line(baseline=words.baseline, target=words.target, step=STEPS[subject.unit])


def _refuse_nonsense(subject: TargetSubject, values: Sequence[Decimal | None]) -> None:
    most = 1 if subject.unit == "share" else MOST_PEOPLE
    for value in values:
        if value is None:
            continue
        if not 0 <= value <= most:
            asked = "from 0% to 100%" if subject.unit == "share" else "of people, 0 or more"
            raise TargetRefused(f"{subject.name}: enter a number {asked}.")
        if subject.unit == "people" and value != value.to_integral_value():
            raise TargetRefused(f"{subject.name}: people are counted in whole numbers.")
