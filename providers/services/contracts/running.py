"""A contract through its term: live from its start, suspended and resumed, over at its end."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from providers.choices import ContractState, Side
from providers.models import Contract
from providers.services.contracts.guard import (
    ContractRefused,
    lock_contract,
    move,
    require_state,
    tell_deed,
)
from providers.services.contracts.telling import tell_side


def begin(contract: Contract, *, by: Actor, on: dt.date) -> bool:
    """Live from its first day on. The contract is locked by the caller."""
    if contract.state != ContractState.AWARDED or contract.starts_on > on:
        return False
    move(contract, ContractState.LIVE)
    tell_deed("begun", contract, by)
    return True


def finish(contract: Contract, *, by: Actor, on: dt.date) -> bool:
    """Over from the first day on which it no longer holds. The contract is locked."""
    if contract.holds_until > on:
        return False
    move(contract, ContractState.ENDED)
    tell_deed("ended", contract, by, reason=contract.ended_for)
    return True


def keep_contracts(*, by: Actor, on: dt.date) -> int:
    """What a night brings: contracts begin and end. Says how many; run again it does nothing."""
    due = (
        Contract.objects.in_force()
        .filter(
            Q(state=ContractState.AWARDED, starts_on__lte=on)
            | Q(ends_on__lte=on)
            | Q(ended_on__lte=on)
        )
        .order_by("pk")
    )
    return sum(_keep(one, by, on) for one in due)


@transaction.atomic
def _keep(contract: Contract, by: Actor, on: dt.date) -> bool:
    held = lock_contract(contract)
    require(by, Permission.CONTRACT_EDIT, organisation_id=held.lead_id)
    begun = begin(held, by=by, on=on)
    ended = finish(held, by=by, on=on) if held.state in _ENDING else False
    return begun or ended


_ENDING = frozenset({ContractState.AWARDED, ContractState.LIVE, ContractState.SUSPENDED})


@transaction.atomic
def suspend_contract(*, contract: Contract, reason: str, by: Actor, on: dt.date) -> Contract:
    """Nothing new is bought with it until it is resumed; its money and its places stay."""
    held = lock_contract(contract)
    require(by, Permission.CONTRACT_EDIT, organisation_id=held.lead_id)
    require_state(held, {ContractState.LIVE}, "Only a live contract is suspended.")
    if not reason.strip():
        raise ContractRefused("Say why it is suspended.")
    move(held, ContractState.SUSPENDED)
    tell_deed("suspended", held, by, reason=reason.strip()[:300])
    tell_side(
        held,
        Side.PROVIDER,
        f"Contract {held} is suspended: {reason.strip()}",
        f"suspended:{held.revision}",
        by=by,
        on=on,
    )
    return held


@transaction.atomic
def resume_contract(*, contract: Contract, by: Actor, on: dt.date) -> Contract:
    """Live again."""
    held = lock_contract(contract)
    require(by, Permission.CONTRACT_EDIT, organisation_id=held.lead_id)
    require_state(held, {ContractState.SUSPENDED}, "Only a suspended contract is resumed.")
    move(held, ContractState.LIVE)
    tell_deed("resumed", held, by)
    said = f"Contract {held} is live again"
    tell_side(held, Side.PROVIDER, said, f"resumed:{held.revision}", by=by, on=on)
    return held
