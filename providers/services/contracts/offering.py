"""Between the two sides: an offer, its acceptance, and what is sent back or withdrawn."""

import datetime as dt

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from providers.choices import ContractKind, ContractState, Side, TenderRoute
from providers.models import Contract
from providers.services.contracts.guard import (
    BEFORE_AWARD,
    ContractRefused,
    lock_contract,
    move,
    other_side,
    refuse_writer,
    require_side,
    require_state,
    save,
    tell_deed,
)
from providers.services.contracts.telling import tell_side

ACCEPTED = ("accepted_on", "accepted_at", "accepted_by")


@transaction.atomic
def offer_contract(
    *, contract: Contract, by: Actor, on: dt.date, revision: int | None = None
) -> Contract:
    """Lay a draft before the other side; from now on its terms stay. What a provider proposes it
    has accepted.
    """
    held = lock_contract(contract, revision=revision)
    side = Side(held.proposed_by)
    require_side(by, held, side)
    require_state(held, {ContractState.DRAFT}, "Only a draft is offered.")
    _refuse_unfinished(held)
    if side == Side.PROVIDER:
        _accept(held, by, on)
    move(held, ContractState.OFFERED, *ACCEPTED)
    tell_deed("offered", held, by, side=side.label)
    who = held.lead if side == Side.COMMISSIONER else held.provider
    what = "offers you" if side == Side.COMMISSIONER else "proposes"
    tell_side(held, other_side(side), f"{who} {what} contract {held}", "offered", by=by, on=on)
    return held


@transaction.atomic
def accept_contract(*, contract: Contract, by: Actor, on: dt.date) -> Contract:
    """The provider's yes to what a commissioner offers. It binds once it is awarded."""
    held = lock_contract(contract)
    require(by, Permission.CONTRACT_ANSWER, organisation_id=held.provider_id)
    require_state(held, {ContractState.OFFERED}, "Only what is offered is accepted.")
    if held.accepted_at is not None:
        return held
    _accept(held, by, on)
    save(held, *ACCEPTED)
    tell_deed("accepted", held, by)
    tell_side(
        held,
        Side.COMMISSIONER,
        f"{held.provider} accepted contract {held}",
        "accepted",
        by=by,
        on=on,
    )
    return held


@transaction.atomic
def send_back(*, contract: Contract, reason: str, by: Actor, on: dt.date) -> Contract:
    """Give an offer back to be written anew, with why. Every yes to it is gone."""
    held = lock_contract(contract)
    require_state(held, {ContractState.OFFERED}, "Only what is offered is sent back.")
    side = other_side(Side(held.proposed_by))
    require_side(by, held, side)
    if not reason.strip():
        raise ContractRefused("Say what is to be written otherwise.")
    held.accepted_on = held.accepted_at = held.accepted_by = None
    move(held, ContractState.DRAFT, *ACCEPTED)
    held.agreements.all().delete()
    tell_deed("sent_back", held, by, reason=reason.strip()[:300])
    tell_side(
        held,
        other_side(side),
        f"Contract {held} was sent back: {reason.strip()}",
        f"back:{held.revision}",
        by=by,
        on=on,
    )
    return held


@transaction.atomic
def withdraw_contract(*, contract: Contract, reason: str, by: Actor, on: dt.date) -> Contract:
    """The side that wrote it takes it back for good."""
    held = lock_contract(contract)
    require_side(by, held, Side(held.proposed_by))
    require_state(held, BEFORE_AWARD, "Only a draft or an offer is withdrawn.")
    if not reason.strip():
        raise ContractRefused("Say why it is withdrawn.")
    was_offered = held.state == ContractState.OFFERED
    move(held, ContractState.WITHDRAWN)
    tell_deed("withdrawn", held, by, reason=reason.strip()[:300])
    if was_offered:
        side = other_side(Side(held.proposed_by))
        said = f"Contract {held} was withdrawn: {reason.strip()}"
        tell_side(held, side, said, "withdrawn", by=by, on=on)
    return held


@transaction.atomic
def approve_waiver(*, contract: Contract, by: User) -> Contract:
    """Agree that standing orders are waived. Not by anybody who wrote of the contract."""
    held = lock_contract(contract)
    require(by, Permission.CONTRACT_AWARD, organisation_id=held.lead_id)
    require_state(held, BEFORE_AWARD, "A waiver is approved before the award.")
    if held.tender_route != TenderRoute.WAIVER:
        raise ContractRefused("The contract asks for no waiver.")
    refuse_writer(held, by, "approves the waiver of")
    held.waiver_by = by
    save(held, "waiver_by")
    tell_deed("waiver_approved", held, by, reason=held.waiver_reason)
    return held


def _refuse_unfinished(contract: Contract) -> None:
    """What an offer has to say at least."""
    if not contract.interventions.exists():
        raise ContractRefused("Say which interventions the contract covers.")
    if contract.kind == ContractKind.BLOCK and (contract.price is None or not contract.places):
        raise ContractRefused("A block contract has places at a price.")
    if contract.kind == ContractKind.FRAMEWORK and contract.ceiling is None:
        raise ContractRefused("A framework has a ceiling.")
    if contract.kind == ContractKind.COST_AND_VOLUME and (
        contract.price is None or not (contract.places or contract.starts)
    ):
        raise ContractRefused("A cost-and-volume contract has a volume at a price.")


def _accept(contract: Contract, by: Actor, on: dt.date) -> None:
    contract.accepted_on, contract.accepted_at = on, technical_now()
    contract.accepted_by = _person(by)


def _person(by: Actor) -> User | None:
    return by if isinstance(by, User) else None
