"""What the year before left a plan, by the streams it came from, and what each may pay for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from commissioning.checks import read_plan
from commissioning.kernel.money import ZERO
from commissioning.models import Allocation, FundingStream, InterventionType, Line, Plan
from commissioning.models.funding import CARRIED_FORWARD
from commissioning.rules.ring_fences import Beyond, Origin, beyond_fences
from commissioning.selectors.plans.joint import JointLine
from commissioning.selectors.plans.money_totals import carried_forward_parts


@dataclass(frozen=True)
class CarriedPart:
    """What came from a stream; `pays_only` names the interventions it may pay for, or none.

    `within` is what lines for those take of all that was carried forward.
    """

    stream: FundingStream
    amount: Decimal
    pays_only: Sequence[str]
    within: Decimal


@dataclass(frozen=True)
class Carried:
    """What the year before left, and the ring-fences that the lines do not keep."""

    parts: Sequence[CarriedPart]
    beyond: Sequence[Beyond]


def carried_into_plan(plan: Plan, joint: Iterable[JointLine]) -> Carried:
    """What was carried into the plan's year from each stream of the year before, and how lines
    take it, the plan's own and those `joint` ones it has a part in. Nothing while the year before
    is not closed; nothing for a joint plan, whose members answer for theirs. Three queries.
    """
    found = list(carried_forward_parts(plan.partnership_id, plan.year - 1))
    if plan.is_joint or not found:
        return Carried([], [])
    fenced = {code for one in found for code in one.stream.pays_only}
    names = dict(InterventionType.objects.filter(pk__in=fenced).values_list("pk", "name"))
    taken: dict[str | None, Decimal] = defaultdict(lambda: ZERO)
    for kind, amount in Allocation.objects.filter(plan=plan, stream=CARRIED_FORWARD).values_list(
        "line__intervention", "amount"
    ):
        taken[kind] += amount
    for line in joint:
        taken[line.kind] += line.parts.get(CARRIED_FORWARD, ZERO)
    origins = [Origin(one.stream_id, one.amount, frozenset(one.stream.pays_only)) for one in found]
    parts = [
        CarriedPart(
            one.stream,
            one.amount,
            [names.get(code, code) for code in one.stream.pays_only],
            sum((amount for kind, amount in taken.items() if origin.may_pay(kind)), ZERO),
        )
        for one, origin in zip(found, origins, strict=True)
    ]
    return Carried(parts, beyond_fences(origins, taken))


def beyond_if_moved(plan: Plan, source: Line, target: Line, amount: Decimal) -> list[Beyond]:
    """The ring-fences of money carried forward that so much of it would leave if it were planned
    on the other line: none where the move makes nothing worse.
    """
    read = read_plan(plan)
    if not read.carried:
        return []
    taken = read.spent_on(CARRIED_FORWARD)
    before = beyond_fences(read.carried, taken)
    moved = defaultdict(lambda: ZERO, taken)
    moved[source.intervention_id] -= amount
    moved[target.intervention_id] += amount
    worst = max((one.amount for one in before), default=ZERO)
    return [one for one in beyond_fences(read.carried, moved) if one.amount > worst]
