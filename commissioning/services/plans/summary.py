"""The strategic summary, and whether there is a prison in the area."""

from django.db import transaction

from commissioning.models import Plan
from commissioning.scoping import Actor
from commissioning.services.audit import record
from commissioning.services.plans.editing import lock_for_editing


@transaction.atomic
def write_summary(
    *, plan: Plan, summary: str, has_prison: bool, by: Actor, revision: int | None = None
) -> Plan:
    """Write what the plan opens with. Raises as `lock_for_editing` does."""
    held = lock_for_editing(plan=plan, by=by, revision=revision)
    held.summary, held.has_prison = summary.strip(), has_prison
    held.save(update_fields=["summary", "has_prison"])
    record(
        "plan.summary_written",
        held,
        by=by,
        organisation=held.partnership.organisation,
        has_prison=has_prison,
        words=len(held.summary.split()),
    )
    return held
