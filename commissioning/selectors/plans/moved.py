"""What was moved between lines of a plan since it was agreed, which their cost does not say."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from commissioning.choices import AT_WORK_IN, PlanState, VersionReason, VirementState
from commissioning.models import Line, Plan, PlanVersion, Virement


@dataclass(frozen=True)
class Moved:
    """A virement as one line sees it: pounds that came, or with a minus, that went."""

    virement: int
    amount: Decimal


def moved_since_agreed(plan: Plan, line: Line | None = None) -> dict[int, Sequence[Moved]]:
    """The virements approved since the plan, or its last amendment, was agreed, by the number of
    the line; of one line, where it is given. What was moved before, the agreed cost holds.
    """
    if PlanState(plan.state) not in AT_WORK_IN:
        return {}
    agreed = PlanVersion.objects.filter(
        plan=plan, reason__in=[VersionReason.AGREED, VersionReason.VARIED]
    ).order_by("-number")
    moves = Virement.objects.filter(
        source__plan=plan,
        state=VirementState.APPROVED,
        decided_at__gt=agreed.values("taken_at")[:1],
    )
    if line is not None:
        moves = moves.filter(Q(source__line=line) | Q(target__line=line))
    found: dict[int, list[Moved]] = defaultdict(list)
    for pk, amount, source, target in moves.order_by("pk").values_list(
        "pk", "amount", "source__line__number", "target__line__number"
    ):
        found[source].append(Moved(pk, -amount))
        found[target].append(Moved(pk, amount))
    return dict(found)
