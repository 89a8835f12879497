"""Variations of a contract: agreed to, refused, withdrawn, put into force.

The provider agrees, and an approver of the lead who did not propose it puts it into force. An
extension by an option needs no yes of the provider, nor does notice that is given in time. What
the change costs or frees is committed or released in the same transaction.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.kernel.money import ZERO
from commissioning.kernel.transitions import require_transition
from commissioning.kernel.words import day, pounds
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.services.access import require
from providers.choices import (
    IN_FORCE_IN,
    VARIATION_TRANSITIONS,
    ContractKind,
    Side,
    VariationKind,
    VariationState,
)
from providers.models import Contract, Variation
from providers.rules.contract_costs import differences
from providers.selectors.contracts.content import VARIABLE_LISTS, read
from providers.selectors.contracts.costs import ContractCost, costs_now_and_with
from providers.selectors.contracts.more_money import chosen_parts, joining_by
from providers.services.contracts.guard import (
    ContractRefused,
    lock_contract,
    other_side,
    require_side,
    require_state,
    save,
    tell_deed,
)
from providers.services.contracts.money import (
    next_version,
    recommit,
    refuse_beyond_limit,
    refuse_not_agreed,
    refuse_who_chose,
)
from providers.services.contracts.sold_places import (
    end_sold_places,
    lengthen_sold_places,
    sell_places,
)
from providers.services.contracts.telling import tell_awarders, tell_side
from providers.services.contracts.varying_lists import apply_lists
from providers.services.contracts.versions import freeze


@transaction.atomic
def agree_variation(*, variation: Variation, by: User, on: dt.date) -> Variation:
    """The provider's yes to what the commissioner proposes."""
    held = lock_contract(variation.contract)
    require(by, Permission.CONTRACT_ANSWER, organisation_id=held.provider_id)
    one = _locked(variation)
    _require_proposed(one)
    if one.agreed_at is not None:
        return one
    one.agreed_at, one.agreed_by = technical_now(), by
    one.save(update_fields=["agreed_at", "agreed_by"])
    tell_deed("variation_agreed", held, by, variation=one.number)
    tell_awarders(
        held,
        f"{held.provider} agrees to variation {one.number} of {held}: it can be put into force",
        f"variation:{one.number}:agreed",
        by=by,
        on=on,
    )
    return one


@transaction.atomic
def refuse_variation(*, variation: Variation, reason: str, by: User, on: dt.date) -> Variation:
    """No, with why: by the other side than proposed it. Notice in time cannot be refused."""
    held = lock_contract(variation.contract)
    one = _locked(variation)
    require_side(by, held, other_side(Side(one.side)))
    _require_proposed(one)
    if one.kind == VariationKind.EXTENSION:
        raise ContractRefused("The option to extend is the commissioner's: it is not refused.")
    if is_in_time(held, one):
        raise ContractRefused("The notice is in time: it cannot be refused.")
    if not reason.strip():
        raise ContractRefused("Say why it is refused.")
    _close(held, one, VariationState.REFUSED, by, reason)
    said = f"Variation {one.number} of {held} is refused: {reason.strip()}"
    tell_side(held, Side(one.side), said, f"variation:{one.number}:refused", by=by, on=on)
    return one


@transaction.atomic
def withdraw_variation(*, variation: Variation, reason: str, by: User) -> Variation:
    """Taken back by the side that proposed it."""
    held = lock_contract(variation.contract)
    one = _locked(variation)
    require_side(by, held, Side(one.side))
    _require_proposed(one)
    _close(held, one, VariationState.WITHDRAWN, by, reason or "Withdrawn.")
    return one


@transaction.atomic
def put_into_force(*, variation: Variation, by: User, on: dt.date) -> Contract:
    """The variation binds: a new version is frozen, and the difference committed or released.

    By somebody who holds CONTRACT_AWARD for the lead, neither proposed it nor chose its lines, and
    whose limit covers what changes for all partnerships together. All or nothing.
    """
    held = lock_contract(variation.contract)
    require(by, Permission.CONTRACT_AWARD, organisation_id=held.lead_id)
    one = _locked(variation)
    _require_proposed(one)
    require_state(held, IN_FORCE_IN, "Only a contract in force is varied.")
    if one.proposed_by_id == by.pk:
        raise ContractRefused("You proposed this variation: another person puts it into force.")
    if needs_provider(held, one):
        raise ContractRefused(f"{held.provider} has not agreed to the variation yet.")
    before, after = costs_now_and_with(held, one.changes, one.holds_from)
    change = _moves(before, after)
    refuse_beyond_limit(by, held.lead_id, change, of_all=held.shares.count() > 1)
    refuse_who_chose(held, by)
    refuse_not_agreed(held)
    number = next_version(held)
    was_until = held.holds_until
    joining = joining_by(held, one)
    _apply(held, one.changes)
    apply_lists(held, one.changes, holds_from=one.holds_from)
    if one.kind == VariationKind.END:
        held.ended_for = one.reason
    save(held, *(name for name in one.changes if name not in VARIABLE_LISTS), "ended_for")
    freeze(held, after, holds_from=one.holds_from, reason=one.reason, by=by)
    _move_places(held, was_until, one)
    moved = recommit(
        held, after, version=number, by=by, on=on, chosen=chosen_parts(one), joining=joining
    )
    one.state, one.decided_by, one.decided_at = VariationState.ACCEPTED, by, technical_now()
    one.save(update_fields=["state", "decided_by", "decided_at"])
    tell_deed(
        "varied",
        held,
        by,
        variation=one.number,
        version=number,
        reason=one.reason,
        committed=pounds(moved) if moved > 0 else None,
        released=pounds(-moved) if moved < 0 else None,
    )
    for side in (Side.COMMISSIONER, Side.PROVIDER):
        said = f"Contract {held} is varied from {day(one.holds_from)}: {one.reason}"
        tell_side(held, side, said, f"variation:{one.number}:accepted", by=by, on=on)
    return held


def _moves(before: ContractCost, after: ContractCost) -> Decimal:
    """The pounds that it commits or releases, whichever of both is more: what one partnership
    takes on another gives up."""
    changed = differences(before.by_partnership, after.by_partnership).values()
    more = sum((one for one in changed if one > 0), ZERO)
    return max(more, more - sum(changed, ZERO), abs(after.total - before.total))


def needs_provider(contract: Contract, variation: Variation) -> bool:
    """Whether the variation waits for the provider's yes."""
    if variation.agreed_at is not None or variation.kind == VariationKind.EXTENSION:
        return False
    return not is_in_time(contract, variation)


def is_in_time(contract: Contract, variation: Variation) -> bool:
    """Whether it is notice, given as early as the contract asks."""
    if variation.kind != VariationKind.END:
        return False
    return variation.holds_from >= variation.proposed_on + dt.timedelta(
        weeks=contract.notice_weeks
    )


def _locked(variation: Variation) -> Variation:
    rows = Variation.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("contract").get(pk=variation.pk)


def _require_proposed(variation: Variation) -> None:
    require_transition(
        VARIATION_TRANSITIONS,
        current=VariationState(variation.state),
        to=VariationState.ACCEPTED,
        sentence=f"Variation {variation.number} is {variation.get_state_display().lower()}"
        " already.",
    )


def _close(
    contract: Contract, variation: Variation, state: VariationState, by: User, reason: str
) -> None:
    variation.state, variation.decided_by = state, by
    variation.decision, variation.decided_at = reason.strip()[:300], technical_now()
    variation.save(update_fields=["state", "decided_by", "decision", "decided_at"])
    contract.agreements.filter(version=next_version(contract)).delete()
    tell_deed(
        f"variation_{state.lower()}",
        contract,
        by,
        variation=variation.number,
        reason=variation.decision,
    )


def _apply(contract: Contract, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if name not in VARIABLE_LISTS:
            setattr(contract, name, read(name, value))


def _move_places(contract: Contract, was_until: dt.date, variation: Variation) -> None:
    """The places sold follow the term and the number of places."""
    if contract.kind != ContractKind.BLOCK:
        return
    until = contract.holds_until
    if until < was_until:
        end_sold_places(contract, on=until)
    elif until > was_until:
        lengthen_sold_places(contract, was=was_until, until=until)
    if "places" in variation.changes:
        from_ = max(variation.holds_from, contract.starts_on)
        end_sold_places(contract, on=from_, keep=contract.places or 0)
        sell_places(contract, number=contract.places or 0, from_=from_, until=until)
