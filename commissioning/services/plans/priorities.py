"""The year's priorities. A priority keeps its number: lines and grids refer to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from commissioning.kernel.errors import DomainError
from commissioning.models import Plan, Priority
from commissioning.scoping import Actor
from commissioning.services.audit import record
from commissioning.services.plans.editing import lock_for_editing


class UnknownPriority(DomainError):
    """The plan has no priority of that number."""


@dataclass(frozen=True)
class PriorityRow:
    """A priority as it is to read. Without a number it is new; without text it is taken out."""

    number: int | None
    text: str
    need: str = ""


@transaction.atomic
def write_priorities(
    *, plan: Plan, rows: Sequence[PriorityRow], by: Actor, revision: int | None = None
) -> list[Priority]:
    """Write the priorities that the rows name; others stay. The plan's priorities, in order.

    Lines and grid rows of a priority that is taken out stay, without one. Raises
    `UnknownPriority`, and as `lock_for_editing` does.
    """
    held = lock_for_editing(plan=plan, by=by, revision=revision)
    known = {one.number: one for one in held.priorities.all()}
    last = max(known, default=0)
    taken_out = []
    for row in rows:
        text, need = row.text.strip(), row.need.strip()
        if row.number is None:
            if text:
                last += 1
                known[last] = Priority(plan=held, number=last, text=text, need=need)
            continue
        if row.number not in known:
            raise UnknownPriority(f"The plan has no priority {row.number} any more.")
        if text:
            known[row.number].text, known[row.number].need = text, need
        else:
            taken_out.append(known.pop(row.number))
    Priority.objects.filter(pk__in=[one.pk for one in taken_out]).delete()
    Priority.objects.bulk_update(
        (one for one in known.values() if one.pk is not None), ["text", "need"]
    )
    Priority.objects.bulk_create(one for one in known.values() if one.pk is None)
    record(
        "plan.priorities_written",
        held,
        by=by,
        organisation=held.partnership.organisation,
        priorities=[one.text for one in known.values()],
        taken_out=[one.text for one in taken_out],
    )
    return [known[number] for number in sorted(known)]


def add_priority(*, plan: Plan, text: str, need: str, by: Actor) -> Priority:
    """One more priority at the end, such as one made of a gap that a needs assessment found.

    Raises as `lock_for_editing` does.
    """
    rows = write_priorities(plan=plan, rows=[PriorityRow(None, text, need)], by=by)
    return rows[-1]
