"""Coverage: for each item of a tier, whether it is there, by whom, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from commissioning.choices import CoverageState
from commissioning.kernel.errors import DomainError
from commissioning.models import Coverage, Plan
from commissioning.reference import framework
from commissioning.reference.planning import HARM_REDUCTION_ITEMS
from commissioning.scoping import Actor
from commissioning.services.audit import record
from commissioning.services.plans.editing import lock_for_editing

_WRITTEN = (
    "state",
    "by_whom",
    "reason",
    "before_treatment",
    "during_treatment",
    "after_treatment",
)


class UnknownItem(DomainError):
    """The framework has no such item."""


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What is said of an item. Without a state, nothing is said of it any more."""

    item: str
    state: CoverageState | None
    by_whom: str = ""
    reason: str = ""
    before_treatment: bool = False
    during_treatment: bool = False
    after_treatment: bool = False


@transaction.atomic
def state_coverage(
    *, plan: Plan, stated: Sequence[Stated], by: Actor, revision: int | None = None
) -> None:
    """State the coverage of these items; others stay as they are.

    Only harm reduction says when in treatment it is there. Raises `UnknownItem`, and as
    `lock_for_editing` does.
    """
    held = lock_for_editing(plan=plan, by=by, revision=revision)
    known = {item.code for item in framework().items}
    for one in stated:
        if one.item not in known:
            raise UnknownItem(f"The framework has no item {one.item}.")
    Coverage.objects.bulk_create(
        (_row(held, one, one.state) for one in stated if one.state is not None),
        update_conflicts=True,
        unique_fields=["plan", "item"],
        update_fields=_WRITTEN,
    )
    gone = [one.item for one in stated if one.state is None]
    Coverage.objects.filter(plan=held, item__in=gone).delete()
    record(
        "plan.coverage_stated",
        held,
        by=by,
        organisation=held.partnership.organisation,
        items={one.item: one.state for one in stated if one.state is not None},
    )


def _row(plan: Plan, one: Stated, state: CoverageState) -> Coverage:
    in_time = one.item in HARM_REDUCTION_ITEMS
    return Coverage(
        plan=plan,
        item_id=one.item,
        state=state,
        by_whom=one.by_whom.strip(),
        reason=one.reason.strip(),
        before_treatment=in_time and one.before_treatment,
        during_treatment=in_time and one.during_treatment,
        after_treatment=in_time and one.after_treatment,
    )
