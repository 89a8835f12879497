"""The money of a contract: put on plan lines, agreed to by each partnership, committed."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from django.db import transaction

from commissioning.choices import AT_WORK_IN
from commissioning.kernel.errors import NotPermitted
from commissioning.kernel.money import ZERO
from commissioning.kernel.words import pounds
from commissioning.models import Allocation, Partnership, Plan, User
from commissioning.roles import Permission
from commissioning.scoping import Actor, System
from commissioning.selectors.plans.ledger import approves_up_to
from commissioning.services.access import require
from commissioning.services.ledger import commit_funds, release_funds
from providers.choices import IN_FORCE_IN, ContractState, VariationState
from providers.models import (
    Contract,
    ContractMoney,
    ShareAgreement,
    VariationMoney,
)
from providers.rules.contract_costs import differences, spread
from providers.selectors.contracts.costs import (
    ContractCost,
    cost_of,
    cost_with,
    costs_now_and_with,
)
from providers.selectors.contracts.money import (
    ToCarry,
    allocations_for,
    cause_of,
    is_committed,
    money_on,
    open_promises,
    suggested,
    to_carry,
)
from providers.selectors.contracts.more_money import joining_by
from providers.selectors.contracts.records import variation_in_hand
from providers.services.contracts.guard import (
    ContractRefused,
    lock_contract,
    refuse_writer,
    save,
    tell_deed,
    wrote,
)

AWARD = System("award of a contract")


@transaction.atomic
def put_money(
    *,
    contract: Contract,
    plan: Plan,
    amounts: Mapping[int, Decimal],
    by: Actor,
    revision: int | None = None,
) -> Contract:
    """Which lines and streams of an agreed plan carry the contract: allocation → pounds.

    Written by whoever writes contracts of the plan's partnership, until it is committed. A joint
    plan is one that the contract's lead leads. Raises `ContractRefused`.
    """
    held = lock_contract(contract, revision=revision)
    require(by, Permission.CONTRACT_EDIT, organisation_id=plan.partnership_id)
    if held.state in {ContractState.WITHDRAWN, ContractState.ENDED}:
        raise ContractRefused("The contract is over: its money stays as it is.")
    if plan.state not in AT_WORK_IN:
        raise ContractRefused(f"The plan of {plan} is not agreed: it carries nothing yet.")
    if plan.is_joint and plan.partnership_id != held.lead_id:
        raise ContractRefused(f"The joint plan {plan} is not led by {held.lead}.")
    if not held.shares.filter(partnership=plan.partnership_id).exists():
        raise ContractRefused(f"{plan.partnership} has no share in the contract.")
    if is_committed(held, plan):
        raise ContractRefused(
            f"The money of {plan} is committed. Propose a variation to change the contract."
        )
    _write_money(held, plan, amounts)
    held.agreements.filter(version=next_version(held)).delete()
    wrote(held, by)
    save(held)
    tell_deed("funded", held, by, plan=str(plan), amount=pounds(sum(amounts.values(), ZERO)))
    return held


def parts_of(plan: Plan, amounts: Mapping[int, Decimal]) -> dict[int, Allocation]:
    """The parts of the plan that the amounts are put on, by id. Raises `ContractRefused` where one
    is not the plan's, or an amount is negative."""
    parts = Allocation.objects.filter(plan=plan).in_bulk(list(amounts))
    if set(amounts) - set(parts):
        raise ContractRefused(f"The plan of {plan} has no such line and stream.")
    if any(amount < 0 for amount in amounts.values()):
        raise ContractRefused("Enter amounts of £0 or more.")
    return parts


def _write_money(contract: Contract, plan: Plan, amounts: Mapping[int, Decimal]) -> None:
    parts = parts_of(plan, amounts)
    contract.money.filter(line__plan=plan).delete()
    ContractMoney.objects.bulk_create(
        ContractMoney(
            contract=contract,
            line_id=parts[key].line_id,
            stream_id=parts[key].stream_id,
            amount=amount,
        )
        for key, amount in amounts.items()
        if amount
    )


@transaction.atomic
def agree_part(*, contract: Contract, partnership: Partnership, by: User) -> ShareAgreement:
    """A partnership's yes to its part of what is to be awarded or varied, within the limit of who
    says it. Not by anybody who wrote of the contract.
    """
    held = lock_contract(contract)
    require(by, Permission.CONTRACT_AWARD, organisation_id=partnership.pk)
    refuse_writer(held, by, "agrees to your part of")
    refuse_who_chose(held, by)
    if held.state in IN_FORCE_IN and variation_in_hand(held) is None:
        raise ContractRefused("No variation is in hand: there is nothing to agree to.")
    cost = cost_to_come(held)
    mine = cost.of_partnership(partnership.pk)
    if partnership.pk not in {whose for whose, _ in cost.by_partnership}:
        raise ContractRefused(f"{partnership} has no share in the contract.")
    refuse_beyond_limit(by, partnership.pk, mine)
    made, is_new = ShareAgreement.objects.get_or_create(
        contract=held,
        partnership=partnership,
        version=next_version(held),
        defaults={"agreed_by": by},
    )
    if is_new:
        tell_deed("part_agreed", held, by, partnership=str(partnership), amount=pounds(mine))
    return made


def cost_to_come(contract: Contract) -> ContractCost:
    """What it will cost if what is in hand is awarded or put into force."""
    pending = variation_in_hand(contract)
    if pending is None:
        return cost_of(contract)
    return cost_with(contract, pending.changes, pending.holds_from)


def parties_to_come(contract: Contract) -> frozenset[int]:
    """Whoever has a share or is to get one, and whoever left and would pay more or less: each
    says yes to what is in hand."""
    has = contract.agreed_shares.keys()
    pending = variation_in_hand(contract)
    if pending is None:
        return frozenset(has)
    before, after = costs_now_and_with(contract, pending.changes, pending.holds_from)
    changed = differences(before.by_partnership, after.by_partnership)
    return frozenset(has | joining_by(contract, pending) | {whose for whose, _ in changed})


def next_version(contract: Contract) -> int:
    """The number of the version that an award or a variation would bring."""
    return contract.versions.count() + 1


def refuse_beyond_limit(
    by: Actor, partnership: int, amount: Decimal, *, of_all: bool = False
) -> None:
    """Raise unless the person's limit at the partnership covers the amount; `of_all`: it is that
    of all partnerships together."""
    if not isinstance(by, User):
        return
    limit = approves_up_to(by, partnership)
    if limit is None:
        raise NotPermitted("Your role does not let you do this here.")
    if abs(amount) > limit:
        whole = f"{pounds(abs(amount))}{' for all its partnerships together' if of_all else ''}"
        raise ContractRefused(f"You approve up to {pounds(limit)}, and this comes to {whole}.")


def refuse_who_chose(contract: Contract, by: Actor) -> None:
    """Four eyes: nobody agrees to a variation for whose money they chose the lines."""
    rows = VariationMoney.objects.filter(
        variation__contract=contract, variation__state=VariationState.PROPOSED
    )
    if isinstance(by, User) and rows.filter(put_by=by).exists():
        raise ContractRefused("You chose the lines that pay for it: another person agrees to it.")


def refuse_not_agreed(contract: Contract) -> None:
    """Every other partnership has to have said yes to its part of the next version."""
    agreed = set(
        contract.agreements.filter(version=next_version(contract)).values_list(
            "partnership", flat=True
        )
    )
    others = Partnership.objects.by_name().filter(pk__in=parties_to_come(contract))
    waiting = [str(one) for one in others.exclude(pk=contract.lead_id) if one.pk not in agreed]
    if waiting:
        raise ContractRefused(
            f"{waiting[0]} has not agreed to its part yet. One of its approvers agrees first."
        )


def refuse_not_funded(contract: Contract, cost: ContractCost) -> None:
    """The money on each agreed plan must be what that plan carries, to the penny."""
    for one in to_carry(contract, cost):
        if one.left:
            raise ContractRefused(
                f"{pounds(one.due)} of the contract falls to {one.plan}, and {pounds(one.put)} is"
                f" on its lines. Put {pounds(abs(one.left))}"
                f" {'more' if one.left > 0 else 'less'} on them."
            )


def commit(contract: Contract, *, version: int, by: Actor, on: dt.date) -> Decimal:
    """Commit what stands on plan lines, in the order of the ledger's locks; pounds.

    Nothing is committed twice: a plan that carries the version already is left.
    """
    total = ZERO
    for allocation, amount in _wanted(contract):
        commit_funds(
            allocation=allocation,
            amount=amount,
            cause=cause_of(contract, version),
            by=_actor(by, allocation.line.plan),
            on=on,
            reason=_reason(contract, version, by),
        )
        total += amount
    return total


@transaction.atomic
def commit_year(*, contract: Contract, plan: Plan, by: User, on: dt.date) -> Decimal:
    """Commit a later year of a contract in force, once its plan is agreed and its money is on the
    plan's lines. Not by whoever put it there; within the limit of who does it.
    """
    held = lock_contract(contract)
    require(by, Permission.CONTRACT_AWARD, organisation_id=plan.partnership_id)
    if held.state not in IN_FORCE_IN:
        raise ContractRefused("Money is committed for a contract in force.")
    if is_committed(held, plan):
        raise ContractRefused(f"The money of {plan} is committed already.")
    refuse_writer(held, by, "commits the money of")
    cost = cost_of(held)
    due = [one for one in to_carry(held, cost) if one.plan.pk == plan.pk]
    if not due or due[0].left or not due[0].due:
        raise ContractRefused(
            f"Put {pounds(due[0].due if due else ZERO)} on the lines of {plan} first."
        )
    refuse_beyond_limit(by, plan.partnership_id, due[0].due)
    version = held.versions.count()
    for allocation, amount in _wanted(held, plan):
        commit_funds(
            allocation=allocation,
            amount=amount,
            cause=cause_of(held, version),
            by=by,
            on=on,
            reason=_reason(held, version, by),
        )
    tell_deed("year_committed", held, by, plan=str(plan), amount=pounds(due[0].due))
    return due[0].due


def recommit(
    contract: Contract,
    cost: ContractCost,
    *,
    version: int,
    by: Actor,
    on: dt.date,
    chosen: Mapping[int, Mapping[int, Decimal]] | None = None,
    joining: Collection[int] = (),
) -> Decimal:
    """Bring what is committed to what the contract costs now: commit or release the difference,
    line by line. Gives what is committed more than released; pounds. A plan that is to carry it
    for the first time waits to be committed by itself, but for those of partnerships `joining`.

    What is more goes to the parts of the plan that were `chosen` for it (plan → allocation →
    pounds), and otherwise to all lines as their money stands, from which what is less is
    released. Raises `BeyondTheLine` where a line cannot bear more, `LedgerRefused` where more is
    to be released than is committed and not paid, and `ContractRefused` where what was chosen is
    not what is more.
    """
    changes: dict[int, Decimal] = {}
    for one in to_carry(contract, cost):
        is_new = not (one.put or is_committed(contract, one.plan))
        if not one.left or (is_new and one.plan.partnership_id not in joining):
            continue
        if parts := (chosen or {}).get(one.plan.pk):
            changes |= _add(contract, one, parts)
        else:
            changes |= _move(contract, one.plan, one.due)
    _post(contract, changes, version=version, by=by, on=on)
    return sum(changes.values(), ZERO)


def _add(contract: Contract, one: ToCarry, parts: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What is more on a plan, put on the lines and streams chosen for it; by allocation."""
    put = sum(parts.values(), ZERO)
    if put != one.left:
        raise ContractRefused(
            f"{pounds(max(one.left, ZERO))} more falls to {one.plan}, and lines were chosen for"
            f" {pounds(put)}. Choose them again."
        )
    held = {(row.line_id, row.stream_id): row.amount for row in money_on(contract, one.plan)}
    for part in Allocation.objects.filter(pk__in=parts):
        ContractMoney.objects.update_or_create(
            contract=contract,
            line_id=part.line_id,
            stream_id=part.stream_id,
            defaults={"amount": held.get((part.line_id, part.stream_id), ZERO) + parts[part.pk]},
        )
    return dict(parts)


def _move(contract: Contract, plan: Plan, due: Decimal) -> dict[int, Decimal]:
    """The rows on a plan brought to what is due; the change by allocation."""
    rows = money_on(contract, plan)
    before = {one.pk: one.amount for one in rows}
    if rows:
        after = spread(due, before)
        for row in rows:
            row.amount = after[row.pk]
        ContractMoney.objects.bulk_update(rows, ["amount"])
        by_place = {(one.line_id, one.stream_id): after[one.pk] - before[one.pk] for one in rows}
    else:
        parts = allocations_for(contract, plan)
        wanted = suggested(due, parts)
        if sum(wanted.values(), ZERO) != due:
            raise ContractRefused(f"The lines of {plan} cannot bear {pounds(due)} more.")
        _write_money(contract, plan, wanted)
        by_place = {
            (one.line_id, one.stream_id): wanted[one.pk] for one in parts if one.pk in wanted
        }
    held = Allocation.objects.filter(line__plan=plan)
    return {
        one.pk: by_place[one.line_id, one.stream_id]
        for one in held
        if by_place.get((one.line_id, one.stream_id))
    }


def _post(
    contract: Contract, changes: Mapping[int, Decimal], *, version: int, by: Actor, on: dt.date
) -> None:
    rows = Allocation.objects.filter(pk__in=changes).select_related("line__plan__partnership")
    for allocation in rows.order_by("pk"):
        amount = changes[allocation.pk]
        reason = _reason(contract, version, by)
        actor = _actor(by, allocation.line.plan)
        if amount > 0:
            commit_funds(
                allocation=allocation,
                amount=amount,
                cause=cause_of(contract, version),
                by=actor,
                on=on,
                reason=reason,
            )
        else:
            _release(contract, allocation, -amount, version, actor, on, reason)


def _release(  # noqa: PLR0917 - called once, above
    contract: Contract,
    allocation: Allocation,
    amount: Decimal,
    version: int,
    by: Actor,
    on: dt.date,
    reason: str,
) -> None:
    """Release of the contract's own commitments, the newest first."""
    left = amount
    for number, promise in enumerate(open_promises(contract, [allocation.pk]), start=1):
        part = min(left, promise.left)
        if part > 0:
            release_funds(
                allocation=allocation,
                amount=part,
                cause=f"{cause_of(contract, version)}:{number}",
                of=promise.cause,
                by=by,
                on=on,
                reason=reason,
            )
            left -= part
    if left:
        raise ContractRefused(
            f"{pounds(amount)} was to be released on {allocation.line}, {allocation.stream}, and"
            f" {pounds(left)} of it is paid already."
        )


def _wanted(contract: Contract, plan: Plan | None = None) -> Sequence[tuple[Allocation, Decimal]]:
    """What stands on plan lines, with the allocation of each, in the ledger's order."""
    rows = contract.money.filter(amount__gt=0)
    if plan is not None:
        rows = rows.filter(line__plan=plan)
    by_place = {(one.line_id, one.stream_id): one.amount for one in rows}
    parts = (
        Allocation.objects.filter(line__in={line for line, _ in by_place})
        .select_related("line__plan__partnership", "stream")
        .order_by("pk")
    )
    return [
        (one, by_place[one.line_id, one.stream_id])
        for one in parts
        if (one.line_id, one.stream_id) in by_place
    ]


def _actor(by: Actor, plan: Plan) -> Actor:
    """Who posts to a plan's ledger: the person at their own partnership; at another, which agreed
    to its part, the award itself."""
    return by if by.reach(Permission.MONEY_POST).covers(plan.partnership_id) else AWARD


def _reason(contract: Contract, version: int, by: Actor) -> str:
    return f"Contract {contract}, version {version}, by {by}."
