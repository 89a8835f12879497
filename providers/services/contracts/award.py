"""The award: one transaction in which a contract binds, its money and its beds are taken."""

import datetime as dt

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.kernel.words import pounds
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.services.access import require
from providers.choices import ContractState, Side, TenderRoute
from providers.models import Contract
from providers.selectors.contracts.costs import cost_of, value_of
from providers.services.contracts.guard import (
    ContractRefused,
    lock_contract,
    move,
    refuse_writer,
    require_state,
    tell_deed,
)
from providers.services.contracts.money import (
    commit,
    next_version,
    refuse_beyond_limit,
    refuse_not_agreed,
    refuse_not_funded,
)
from providers.services.contracts.running import begin
from providers.services.contracts.sold_places import sell_places
from providers.services.contracts.telling import tell_side
from providers.services.contracts.versions import freeze


@transaction.atomic
def award_contract(*, contract: Contract, by: User, on: dt.date) -> Contract:
    """Bind both sides: version 1 is frozen, the money committed, a block's places sold.

    The awarder holds CONTRACT_AWARD for the lead, wrote nothing of the contract, and has a limit
    that covers the whole of it, every partnership's part; each other partnership agreed to its
    own. All or nothing: raises `ContractRefused`, or `BeyondTheLine` when a line has too little
    free.
    """
    held = lock_contract(contract)
    require(by, Permission.CONTRACT_AWARD, organisation_id=held.lead_id)
    require_state(held, {ContractState.OFFERED}, "Only what is offered is awarded.")
    _refuse_unready(held, by)
    cost = cost_of(held)
    refuse_beyond_limit(by, held.lead_id, value_of(held, cost), of_all=held.shares.count() > 1)
    refuse_not_agreed(held)
    refuse_not_funded(held, cost)
    number = next_version(held)
    freeze(held, cost, holds_from=held.starts_on, reason="Awarded.", by=by)
    held.awarded_on, held.awarded_at, held.awarded_by = on, technical_now(), by
    move(held, ContractState.AWARDED, "awarded_on", "awarded_at", "awarded_by")
    sold = sell_places(held, number=held.places or 0, from_=held.starts_on, until=held.ends_on)
    committed = commit(held, version=number, by=by, on=on)
    tell_deed(
        "awarded",
        held,
        by,
        cost=pounds(cost.total),
        committed=pounds(committed),
        places_sold=sold or None,
    )
    tell_side(held, Side.PROVIDER, f"Contract {held} is awarded to you", "awarded", by=by, on=on)
    tell_side(held, Side.COMMISSIONER, f"Contract {held} is awarded", "awarded", by=by, on=on)
    begin(held, by=by, on=on)
    return held


def _refuse_unready(contract: Contract, by: User) -> None:
    if contract.accepted_at is None:
        raise ContractRefused(f"{contract.provider} has not accepted the contract yet.")
    refuse_writer(contract, by, "awards")
    if contract.drafted_by_id == by.pk:
        raise ContractRefused("You wrote of this contract: another person awards it.")
    if not contract.tender_route:
        raise ContractRefused("Say by which tender route the provider was found.")
    if contract.tender_route == TenderRoute.WAIVER and contract.waiver_by_id is None:
        raise ContractRefused("The waiver of standing orders is not approved yet.")
