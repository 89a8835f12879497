"""Writing the lines of a plan. Grid, page of one line, import and roll-forward all come here."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model

from commissioning.kernel.errors import DomainError
from commissioning.models import Allocation, Line, LineTrajectory, Plan
from commissioning.scoping import Actor
from commissioning.services.audit import record, record_each
from commissioning.services.plans.editing import lock_for_editing
from commissioning.services.plans.line_checks import CheckedRow, LineChecks
from commissioning.services.plans.line_rows import (
    LineRow,
    LinesRefused,
    Reached,
    SavedLines,
)


@transaction.atomic
def save_lines(
    *, plan: Plan, rows: Iterable[LineRow], by: Actor, revision: int | None = None
) -> SavedLines:
    """Add, change and remove lines, all of them or none. Lines that no row names stay.

    Raises what `lock_for_editing` raises, and `LinesRefused` with the errors of every row.
    """
    held = lock_for_editing(plan=plan, by=by, revision=revision)
    checks = LineChecks(held, list(rows))
    checked = checks.checked()
    if checks.errors:
        raise LinesRefused(checks.errors)
    going = [checks.lines[row.number] for row in checks.rows if row.remove and row.number]
    removed = _remove(held, going, by)
    added = _add(held, [one for one in checked if one.line.pk is None], checks)
    changed = _change([one for one in checked if one.row.number is not None])
    _allocate(checked)
    _set_trajectories(checked)
    record_each(
        "line.changed",
        ((one.line, _difference(one)) for one in changed),
        by=by,
        organisation=held.partnership.organisation,
    )
    record_each(
        "line.added",
        ((one.line, {"line": str(one.line), "cost": str(one.line.cost)}) for one in added),
        by=by,
        organisation=held.partnership.organisation,
    )
    saved = SavedLines(
        tuple(one.line.number for one in added),
        tuple(one.line.number for one in changed),
        tuple(line.number for line in removed),
        held.revision,
    )
    record(
        "plan.lines_saved",
        held,
        by=by,
        organisation=held.partnership.organisation,
        revision=held.revision,
        added=list(saved.added),
        changed=list(saved.changed),
        removed=[str(line) for line in removed],
    )
    return saved


@transaction.atomic
def reorder_lines(
    *, plan: Plan, numbers: Sequence[int], by: Actor, revision: int | None = None
) -> Plan:
    """Put the lines in the order of `numbers`; those left out follow as they were."""
    held = lock_for_editing(plan=plan, by=by, revision=revision)
    lines = {line.number: line for line in held.lines.order_by("position", "number")}
    unknown = [number for number in numbers if number not in lines]
    if unknown:
        raise DomainError(f"The plan has no line {unknown[0]}.")
    for position, number in enumerate(dict.fromkeys([*numbers, *lines]), start=1):
        lines[number].position = position
    Line.objects.bulk_update(lines.values(), ["position"])
    record(
        "plan.lines_reordered",
        held,
        by=by,
        organisation=held.partnership.organisation,
        revision=held.revision,
    )
    return held


def _remove(plan: Plan, lines: list[Line], by: Actor) -> list[Line]:
    record_each(
        "line.removed",
        ((line, {"line": str(line), "cost": str(line.cost)}) for line in lines),
        by=by,
        organisation=plan.partnership.organisation,
    )
    if lines:
        Line.objects.filter(pk__in=[line.pk for line in lines]).delete()
    return lines


def _add(plan: Plan, new: list[CheckedRow], checks: LineChecks) -> list[CheckedRow]:
    """Numbers are given once and never again, also when a line is removed."""
    if not new:
        return []
    last = plan.last_line_number
    position = max((line.position for line in checks.lines.values()), default=0)
    for place, one in enumerate(new, start=1):
        one.line.number, one.line.position = last + place, position + place
    Line.objects.bulk_create([one.line for one in new])
    Plan.objects.filter(pk=plan.pk).update(last_line_number=last + len(new))
    return new


def _change(held: list[CheckedRow]) -> list[CheckedRow]:
    changed = [one for one in held if one.changed or one.amounts or one.row.trajectory is not None]
    for one in changed:
        one.line.revision += 1
    written = {"revision"}.union(*(one.changed for one in changed))
    Line.objects.bulk_update([one.line for one in changed], sorted(written))
    return changed


def _allocate(checked: list[CheckedRow]) -> None:
    """The parts of lines; one brought to nought stays, since the ledger may name it."""
    Allocation.objects.bulk_create(
        (
            Allocation(line=one.line, stream_id=stream, amount=amount)
            for one in checked
            for stream, amount in sorted(one.amounts.items())
        ),
        update_conflicts=True,
        unique_fields=["line", "stream"],
        update_fields=["amount"],
    )


def _set_trajectories(checked: list[CheckedRow]) -> None:
    stated = [one for one in checked if one.row.trajectory is not None]
    if not stated:
        return
    LineTrajectory.objects.filter(line__in=[one.line for one in stated]).delete()
    LineTrajectory.objects.bulk_create(
        LineTrajectory(line=one.line, quarter=quarter, starts=value.starts, spend=value.spend)
        for one in stated
        for quarter, value in (one.row.trajectory or {}).items()
        if value != Reached()
    )


def _difference(one: CheckedRow) -> dict[str, Any]:
    """What changed of a line, before and after, for its history."""
    said: dict[str, Any] = {
        name: [_plain(before), _plain(getattr(one.line, name))]
        for name, before in one.changed.items()
    }
    if one.amounts:
        held = {part.stream_id: part.amount for part in one.line.allocations.all()}
        said["money"] = {
            stream: [_plain(held.get(stream)), _plain(amount)]
            for stream, amount in one.amounts.items()
        }
    return said


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, Decimal | dt.date | Model) else value
