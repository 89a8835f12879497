"""What a variation takes more from plans, and which of their lines were chosen to pay for it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from commissioning.models import Allocation, Plan
from providers.models import Contract, Variation, VariationMoney
from providers.selectors.contracts.costs import ContractCost, cost_with
from providers.selectors.contracts.money import committed_on, to_carry


@dataclass(frozen=True)
class MoreToCarry:
    """A plan of which a variation takes more, how much, and the lines chosen to pay it; pounds."""

    plan: Plan
    more: Decimal
    chosen: Sequence[VariationMoney]


def more_to_carry(
    contract: Contract,
    variation: Variation,
    *,
    cost: ContractCost | None = None,
    chosen: Sequence[VariationMoney] | None = None,
) -> list[MoreToCarry]:
    """Plans on which money of the contract is committed and that a proposed variation adds to;
    and those of partnerships that join by it.

    `cost` is what it would cost, and `chosen` the lines, where they are known already.
    """
    if cost is None:
        cost = cost_with(contract, variation.changes, variation.holds_from)
    carrying = [one for one in to_carry(contract, cost) if one.left > 0]
    bare = [one.plan.pk for one in carrying if not one.put]
    committed = committed_on(contract, bare) if bare else frozenset()
    joining = joining_by(contract, variation)
    rows: dict[int, list[VariationMoney]] = defaultdict(list)
    for row in chosen_rows(variation) if chosen is None else chosen:
        rows[row.line.plan_id].append(row)
    return [
        MoreToCarry(one.plan, one.left, rows.get(one.plan.pk, []))
        for one in carrying
        if one.put or one.plan.pk in committed or one.plan.partnership_id in joining
    ]


def joining_by(contract: Contract, variation: Variation) -> frozenset[int]:
    """Partnerships that a variation gives a share and that have none. No query where the contract
    was read with its shares."""
    asked = {int(key) for key in variation.changes.get("shares", {})}
    return frozenset(asked - contract.agreed_shares.keys())


def chosen_rows(variation: Variation) -> list[VariationMoney]:
    """In the order of the lines. One query."""
    rows = variation.money.select_related("line", "stream")
    return list(rows.order_by("line__position", "line__number", "stream__position"))


def chosen_parts(variation: Variation) -> dict[int, dict[int, Decimal]]:
    """Plan → allocation → pounds."""
    by_place = {(one.line_id, one.stream_id): one.amount for one in chosen_rows(variation)}
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for part in Allocation.objects.filter(line__in={line for line, _ in by_place}):
        amount = by_place.get((part.line_id, part.stream_id))
        if amount is not None:
            found[part.plan_id][part.pk] = amount
    return dict(found)
