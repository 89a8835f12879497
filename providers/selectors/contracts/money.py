"""Where the money of a contract comes from: which plans carry it, and how it could be split."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from commissioning.choices import AT_WORK_IN, EntryKind, PlanKind
from commissioning.kernel.money import ZERO
from commissioning.models import Allocation, Entry, Plan
from providers.models import Contract, ContractMoney
from providers.rules.contract_costs import fill
from providers.selectors.contracts.costs import ContractCost


def cause_of(contract: Contract, version: int) -> str:
    """What commitments of a version are known by in the ledger."""
    return f"contract:{contract.reference}:v{version}"


@dataclass(frozen=True)
class ToCarry:
    """A plan at work, and what of the contract it has to carry; `put` is on its lines now."""

    plan: Plan
    due: Decimal
    put: Decimal

    @property
    def left(self) -> Decimal:
        return self.due - self.put


def to_carry(
    contract: Contract, cost: ContractCost, *, put: Mapping[int, Decimal] | None = None
) -> list[ToCarry]:
    """Every agreed plan of a party for a year that costs something, with what it must carry.

    The year of a joint plan that the lead leads, and on which money of the contract stands, is
    carried by it whole; any other by each partnership's own plan. Two queries, or one where what
    stands on each plan's lines is known (`put`).
    """
    put = money_by_plan(contract) if put is None else put
    parties = {whose for whose, _ in cost.by_partnership}
    plans = list(
        Plan.objects.with_names()
        .filter(
            Q(partnership__in=parties, kind=PlanKind.OWN)
            | Q(partnership=contract.lead_id, kind=PlanKind.JOINT, pk__in=put),
            year__in=cost.by_year,
            state__in=AT_WORK_IN,
        )
        .order_by("year", "partnership__organisation__name", "pk")
    )
    joint = {one.year: one for one in plans if one.is_joint}
    found = []
    for plan in plans:
        if plan.year in joint:
            due = cost.by_year[plan.year] if joint[plan.year] is plan else ZERO
        else:
            due = cost.by_partnership.get((plan.partnership_id, plan.year), ZERO)
        found.append(ToCarry(plan, due, put.get(plan.pk, ZERO)))
    return [one for one in found if one.due or one.put]


def money_by_plan(contract: Contract) -> dict[int, Decimal]:
    """What of the contract stands on each plan's lines. One query."""
    return sums_of(rows_by_plan(contract))


def sums_of(rows: Mapping[int, Sequence[ContractMoney]]) -> dict[int, Decimal]:
    """What the rows on each plan's lines come to."""
    return {plan: sum((one.amount for one in held), ZERO) for plan, held in rows.items()}


def money_on(contract: Contract, plan: Plan) -> list[ContractMoney]:
    """The rows of the contract on a plan's lines, in their order. One query."""
    return rows_by_plan(contract).get(plan.pk, [])


def rows_by_plan(contract: Contract) -> dict[int, list[ContractMoney]]:
    """The same on the lines of every plan, by the plan's id. One query."""
    found: dict[int, list[ContractMoney]] = defaultdict(list)
    rows = contract.money.select_related("line", "stream")
    for row in rows.order_by("line__position", "line__number", "stream__position"):
        found[row.line.plan_id].append(row)
    return dict(found)


def allocations_for(contract: Contract, plan: Plan) -> list[Allocation]:
    """The parts of a plan's lines that could carry the contract, the fittest first: lines for its
    provider and interventions, then for either, then the others. One query."""
    rows = (
        Allocation.objects.filter(line__plan=plan)
        .select_related("line", "stream")
        .order_by("line__position", "line__number", "stream__position")
    )
    covered = {one.pk for one in contract.interventions.all()}

    def fits(one: Allocation) -> int:
        by_provider = one.line.provider_id == contract.provider_id
        by_intervention = one.line.intervention_id in covered
        return -2 * int(by_provider) - int(by_intervention)

    return sorted(rows, key=fits)


def suggested(
    total: Decimal, allocations: Sequence[Allocation], taken: Mapping[int, Decimal] | None = None
) -> dict[int, Decimal]:
    """A split of the total over allocations, each as far as it is free; `taken` is what the
    contract itself holds there already. By id of the allocation."""
    own = taken or {}
    return fill(total, {one.pk: one.headroom + own.get(one.pk, ZERO) for one in allocations})


@dataclass(frozen=True)
class OpenPromise:
    """A commitment of a contract, and what of it is neither paid nor released; pounds."""

    allocation: int
    cause: str
    left: Decimal


def open_promises(contract: Contract, allocations: Sequence[int]) -> list[OpenPromise]:
    """Commitments of the contract's versions on allocations, the newest first. One query."""
    rows = (
        Entry.objects.filter(
            allocation__in=allocations,
            kind=EntryKind.COMMITMENT,
            commitment=None,
            cause__startswith=f"contract:{contract.reference}:",
        )
        .annotate(left=F("amount") + Coalesce(Sum("later__amount"), ZERO))
        .filter(left__gt=0)
        .order_by("-pk")
    )
    return [
        OpenPromise(one.allocation_id, one.cause, one.left)  # type: ignore[attr-defined]  # annotated
        for one in rows
    ]


def is_committed(contract: Contract, plan: Plan) -> bool:
    """Whether money of the contract was committed on the plan. One query."""
    return bool(committed_on(contract, [plan.pk]))


def committed_on(contract: Contract, plans: Collection[int]) -> frozenset[int]:
    """Those of the plans, by id, on which money of the contract was committed. One query."""
    return frozenset(
        Entry.objects.filter(
            allocation__line__plan__in=plans,
            kind=EntryKind.COMMITMENT,
            cause__startswith=f"contract:{contract.reference}:",
        ).values_list("allocation__line__plan", flat=True)
    )
