"""Rows of the planning grids. Their status is told through the year, agreed or not."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Max

from commissioning.choices import MilestoneStatus, PlanningGrid, PlanState
from commissioning.kernel.errors import DomainError, TransitionRefused
from commissioning.models import GridRow, Plan, Priority
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.plans.editing import lock_for_editing


class RowGone(DomainError):
    """Somebody took the row out meanwhile."""


class WrongPriority(DomainError):
    """The priority belongs to another plan."""


@dataclass(frozen=True, kw_only=True)
class GridWords:
    """A row as it is to read."""

    objective: str
    action: str
    by_when: dt.date
    by_whom: str
    priority: Priority | None = None


@transaction.atomic
def add_grid_row(
    *, plan: Plan, grid: PlanningGrid, words: GridWords, by: Actor, revision: int | None = None
) -> GridRow:
    """Add a row at the end of a grid. Raises as `lock_for_editing` does."""
    held = lock_for_editing(plan=plan, by=by, revision=revision)
    _refuse_foreign_priority(held, words)
    of_grid = GridRow.objects.filter(plan=held, grid=grid)
    number = (of_grid.aggregate(last=Max("number"))["last"] or 0) + 1
    row = GridRow.objects.create(plan=held, grid=grid, number=number, **_fields(words))
    _tell("plan.grid_row_added", row, held, by)
    return row


@transaction.atomic
def change_grid_row(
    *, row: GridRow, words: GridWords, by: Actor, revision: int | None = None
) -> GridRow:
    """Change what a row says, not its status. Raises `RowGone`, and as `lock_for_editing` does."""
    held = lock_for_editing(plan=row.plan, by=by, revision=revision)
    _refuse_foreign_priority(held, words)
    if not GridRow.objects.filter(pk=row.pk, plan=held).update(**_fields(words)):
        raise RowGone("Somebody took this row out after you opened it.")
    row.refresh_from_db()
    _tell("plan.grid_row_changed", row, held, by)
    return row


@transaction.atomic
def remove_grid_row(*, row: GridRow, by: Actor, revision: int | None = None) -> None:
    """Take a row out of the plan. Raises as `lock_for_editing` does."""
    held = lock_for_editing(plan=row.plan, by=by, revision=revision)
    _tell("plan.grid_row_removed", row, held, by)
    GridRow.objects.filter(pk=row.pk, plan=held).delete()


@transaction.atomic
def tell_status(*, row: GridRow, status: MilestoneStatus, note: str = "", by: Actor) -> GridRow:
    """Say how an action stands. It changes nothing that was agreed, so the plan may be anywhere
    but closed. Raises `NotPermitted`, `TransitionRefused` and `RowGone`.
    """
    require(by, Permission.PLAN_EDIT, organisation_id=row.plan.partnership_id)
    held = GridRow.objects.select_for_update(of=("self",)).filter(pk=row.pk)
    found = held.select_related("plan__partnership__organisation").first()
    if found is None:
        raise RowGone("Somebody took this row out after you opened it.")
    if found.plan.state == PlanState.CLOSED:
        raise TransitionRefused(f"The plan of {found.plan} is closed and stays as it was.")
    before = MilestoneStatus(found.status)
    found.status, found.status_note = status, note.strip()
    found.save(update_fields=["status", "status_note"])
    record(
        "plan.status_told",
        found.plan,
        by=by,
        organisation=found.plan.partnership.organisation,
        action=found.action,
        before=before.label,
        status=status.label,
        note=found.status_note,
    )
    return found


def _fields(words: GridWords) -> dict[str, object]:
    fields = asdict(words) | {"priority": words.priority}
    return {
        name: value.strip() if isinstance(value, str) else value for name, value in fields.items()
    }


def _refuse_foreign_priority(plan: Plan, words: GridWords) -> None:
    if words.priority is not None and words.priority.plan_id != plan.pk:
        raise WrongPriority("The priority belongs to another plan.", field="priority")


def _tell(action: str, row: GridRow, plan: Plan, by: Actor) -> None:
    record(
        action,
        plan,
        by=by,
        organisation=plan.partnership.organisation,
        grid=PlanningGrid(row.grid).label,
        number=row.number,
        action=row.action,
        by_when=row.by_when.isoformat(),
        by_whom=row.by_whom,
    )
